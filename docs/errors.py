"""Writes docs/errors.md: what is said of documents that can't be read, and of some that can, in both languages.

`python -m onewindow.docs.errors` runs it. Each row is what reading the document says; a test holds the page to it.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from ..codecs.finding import Finding, Rejected
from ..gateway import intake
from .imports import ROOT

PAGE: Final = ROOT / "docs" / "errors.md"

_XML: Final = intake.XML
_JSON: Final = intake.JSON
_DECLARED: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_ROOT: Final = b'<Declaration xmlns="urn:onewindow:declaration:1">\n<TypeCode>IM</TypeCode>\n</Declaration>'


class Provoked(Struct, frozen=True):
    """A document that can't be read; `what` is wrong with it, `says` is what the English reason has to hold."""

    what: str
    body: bytes
    says: str
    media_type: str = _XML


def _json(what: str, body: bytes, says: str) -> Provoked:
    return Provoked(what, body, says, _JSON)


XML_ERRORS: Final = (
    Provoked("no XML at all", b"not xml", "line 1, column 1: XML begins with '<', and this with `not xml`"),
    Provoked("a table in CSV", b"item,value\n1,2\n", "this with `item,value`"),
    Provoked("text before the root", b"see <a/>", "this with `see <a/>`"),
    Provoked("nothing", b"", "the document is empty"),
    Provoked("blank lines only", b" \n\n", "the document is empty"),
    Provoked("a blank line first", b"\n" + _DECLARED + _ROOT, "a blank line or space stands before"),
    Provoked("a space first", b" " + _DECLARED + _ROOT, "a blank line or space stands before"),
    Provoked("no version", b'<?xml encoding="UTF-8"?>' + _ROOT, 'does not begin with version="1.0"'),
    Provoked("another version", b'<?xml version="2.0"?>' + _ROOT, "a version of XML other than 1.0"),
    Provoked("a declaration that is not closed", b'<?xml version="1.0"' + _ROOT, "is not closed with ?>"),
    Provoked("a declaration without quotes", b"<?xml version=1.0?>" + _ROOT, "a value without quotes"),
    Provoked("two documents in one file", _ROOT + b"\n" + _DECLARED + _ROOT, "perhaps these are two documents"),
    Provoked("two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbf" + _ROOT, "two byte order marks"),
    Provoked("a NUL character", b"<a>\n<b>x\x00y</b></a>", "line 2, column 5: a NUL character (U+0000)"),
    Provoked("UTF-16", "<a/>".encode("utf-16"), "encoded in UTF-16; it must be UTF-8"),
    Provoked("UTF-16 without a mark", "<a/>".encode("utf-16-be"), "encoded in UTF-16; it must be UTF-8"),
    Provoked("UTF-32", "<a/>".encode("utf-32"), "encoded in UTF-32; it must be UTF-8"),
    Provoked("GBK that says so", b'<?xml version="1.0" encoding="GBK"?><a/>', "encoded in GBK; it must be UTF-8"),
    Provoked("GBK that does not", "<a>\n海关</a>".encode("gbk"), "line 2, column 1: bytes that are not UTF-8"),
    Provoked("a PDF", b"%PDF-1.7\n", "is a PDF"),
    Provoked("an Excel file", b"PK\x03\x04\x14\x00\x06\x00", "a ZIP archive, as files of Excel and Word are"),
    Provoked("a web page", b"<!doctype html><html><br></html>", "a web page (HTML)"),
    Provoked("a DOCTYPE", b"<!DOCTYPE a><a/>", "document type declaration (DOCTYPE)"),
    Provoked("cut off inside a tag", _ROOT[:56], "breaks off here, inside a tag"),
    Provoked("cut off inside a text", _ROOT[:62], "<TypeCode> of line 2 is not closed: a part is missing"),
    Provoked("cut off inside a value", b'<a b="x', "whose closing quote is missing"),
    Provoked("cut off inside a comment", b"<a><!-- x", "a comment that is not closed"),
    Provoked("an end tag that does not match", b"<a>\n<b></a>", "<b> of line 2 is closed by </a>"),
    Provoked("a second root element", b"<a/>\n<b/>", "line 2, column 1: a second root element"),
    Provoked("text after the root", b"<a/>and", "after the end of the root element: `and`"),
    Provoked("a bare &", b"<a>A & B</a>", "a bare '&'; it is written &amp;"),
    Provoked("a bare <", b"<a>1 < 2</a>", "a bare '<'"),
    Provoked("&nbsp;", b"<a>&nbsp;</a>", "no character by the name &nbsp;"),
    Provoked("a reference without ;", b"<a>&amp</a>", "a reference without its semicolon"),
    Provoked("a control character", b"<a>\x0b</a>", "the character U+000B, which XML cannot carry"),
    Provoked("a reference to one", b"<a>&#x1;</a>", "the character U+0001, which XML cannot carry"),
    Provoked("]]> in a text", b"<a>]]></a>", "']]>' in a text"),
    Provoked("-- in a comment", b"<a><!-- a -- b --></a>", "'--' inside a comment"),
    Provoked("an attribute twice", b"<a x='1' x='2'/>", "the attribute x is given twice"),
    Provoked("an attribute without quotes", b"<a b=1/>", "without quotes"),
    Provoked("an attribute without a value", b"<a b/>", "an attribute without a value"),
    Provoked("attributes without a space", b"<a b='1'c='2'/>", "a space is missing between two attributes"),
    Provoked("a prefix not declared", b"<x:a/>", "the prefix x is not declared"),
    Provoked("JSON sent as XML", b'{"a": 1}', "send it with Content-Type: application/json"),
)

JSON_ERRORS: Final = (
    _json("no JSON at all", b"not json", "JSON begins with '{', and this with `not json`"),
    _json("nothing", b" ", "the document is empty"),
    _json("a tab in a text", b'{"a": "x\ty"}', "line 1, column 9: a tab inside a text, where it is written \\t"),
    _json("a line break in a text", b'{"a":\n"x\ny"}', "line 2, column 3: a line break inside a text"),
    _json("a control character in a text", b'{"a": "\x1b"}', "the control character U+001B inside a text"),
    _json("a NUL character", b'{"a": 1}\x00', "a NUL character (U+0000)"),
    _json("UTF-16", '{"a": 1}'.encode("utf-16"), "encoded in UTF-16 and has to be in UTF-8"),
    _json("UTF-32 without a mark", '{"a": 1}'.encode("utf-32-le"), "encoded in UTF-32 and has to be in UTF-8"),
    _json("GBK", '{"a":\n"海关"}'.encode("gbk"), "line 2, column 2: bytes that are not UTF-8"),
    _json("two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbf{}", "two byte order marks"),
    _json("cut off", b'{"a": [1, 2', "the document breaks off here"),
    _json("cut off inside a text", b'{"a": "x', "has no closing quotation mark"),
    _json("a comma before a brace", b'{"a": 1,}', "a comma before the closing brace"),
    _json("a comma before a bracket", b'{"a": [1,]}', "a comma before the closing bracket"),
    _json("a comma missing", b'{"a": 1\n "b": 2}', 'line 2, column 2: a comma is missing before `"b": 2}`'),
    _json("a colon missing", b'{"a" 1}', "a colon belongs between"),
    _json("single quotes", b"{'a': 1}", "single quotes; JSON has double quotes"),
    _json("typographic quotes", "{“a”: 1}".encode(), "typographic quotes"),
    _json("a full-width colon", '{"a"：1}'.encode(), "the full-width sign ："),
    _json("a name without quotes", b"{a: 1}", "a member's name in double quotes belongs here"),
    _json("a comment", b'{"a": 1 // one\n}', "a comment, which JSON does not have"),
    _json("True", b'{"a": True}', "True is written true in JSON"),
    _json("NaN", b'{"a": NaN}', "line 1, column 7: NaN is not a JSON number"),
    _json("a zero in front", b'{"a": 01}', "a number with a zero in front"),
    _json("a plus in front", b'{"a": +1}', "a number begins with a digit or a minus"),
    _json("a number that ends with its point", b'{"a": 1.}', "ends with its decimal point"),
    _json("a backslash", b'{"a": "C:\\x"}', "a backslash itself is written \\\\"),
    _json("\\u without digits", b'{"a": "\\u12"}', "\\u without four hexadecimal digits"),
    _json("the wrong bracket", b'{"a": [1}', "'}' closes what another bracket has opened"),
    _json("a bracket too many", b'{"a": 1}}', "a closing bracket too many"),
    _json("two documents", b'{"a": 1}\n{"a": 2}', "line 2, column 1: a second document begins here"),
    _json("XML sent as JSON", b"<a/>", "send it with Content-Type: application/xml"),
)


def said(provoked: Provoked) -> Finding:
    """What is said of a document. Raises ValueError where it is taken after all."""
    try:
        intake.read(provoked.body, provoked.media_type)
    except Rejected as refusal:
        return refusal.findings[0]
    raise ValueError(f"{provoked.what}: it is read")


def page() -> str:
    """The page, as Markdown."""
    return "\n".join((*_HEAD, *_table("XML", XML_ERRORS), "", *_table("JSON", JSON_ERRORS), ""))


_HEAD: Final = (
    "# What is said of documents that can't be read",
    "",
    "Made by `python -m onewindow.docs.errors` from the documents in [errors.py](errors.py). The same words are in the"
    " problem document of the gateway (400)",
    "and in what `onewindow validate` prints. 网关的问题文档（400）与 `onewindow validate` 使用相同的文字。",
    "",
)


def _table(form: str, errors: tuple[Provoked, ...]) -> Iterator[str]:
    yield f"## {form}"
    yield ""
    yield "| the document | English | 中文 |"
    yield "| --- | --- | --- |"
    for provoked in errors:
        words = said(provoked).message
        yield f"| {_cell(provoked.what)} | {_cell(words.en)} | {_cell(words.zh)} |"


def _cell(text: str) -> str:
    """Text as it is in Markdown: marks that would be read as such are escaped, and what stands in backticks is not."""
    parts = text.split("`")
    shown = [part if place % 2 else _escaped(part) for place, part in enumerate(parts)]
    return "`".join(shown).replace("|", "\\|")


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\<>&*_[]{}" else char for char in text)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
