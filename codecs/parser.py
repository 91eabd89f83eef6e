"""Bytes to an XML tree, within limits: the one place where XML from outside is parsed.

What an attack needs is refused before a tree is built, in this order: too many bytes; an encoding other than UTF-8, in
which the next checks would not see what they look for; a document type declaration, and with it every entity; more
elements or attributes than a document has. After parsing: nesting and single texts. Each has its own code.
"""

from __future__ import annotations

import re
from threading import local
from typing import Final

from lxml import etree

from . import survey
from .finding import Finding, Rejected, Text
from .limits import DEFAULT, Limits
from .name_dictionary import REMEMBERED_BYTES_MAX, forget
from .walker import CHOSEN, Walker
from .xml_reasons import NUL, known_file, nul_place, other_encoding, reason

_BOM: Final = b"\xef\xbb\xbf"
_ENCODING: Final = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([^"'>]{0,40})["']""")
_ACCEPTED: Final = frozenset({b"utf-8", b"us-ascii", b"ascii"})
_PROLOG_DOCTYPE: Final = re.compile(
    rb"(?:\s++|<\?(?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!->))*+-->)*+<!DOCTYPE",
)
_XML: Final = ("well-formed XML", "格式良好的 XML")
_RESOURCE_LIMIT: Final = 114
"""libxml2's code for its own limit on nesting (256), met while parsing."""
_SMALLEST_ELEMENT: Final = len(b"<a/>")
_SMALLEST_ATTRIBUTE: Final = len(b" a=''")


class _Parsers(local):
    """The parsers of each thread: lxml would let only one thread at a time use a shared one."""

    def __init__(self) -> None:
        self._renew()

    def parsed(self, size: int) -> None:
        """A document of so many bytes has been parsed: what is kept of it, in names too, goes before it is much."""
        self._bytes += size
        if self._bytes > REMEMBERED_BYTES_MAX:
            forget()
            self._renew()  # the old ones hold on to the dictionary, and to room for the largest document so far

    def _renew(self) -> None:
        self._bytes = 0
        self.whole = self._parser()
        self.bare = self._parser(is_bare=True)
        self.dense = self._parser(is_bare=True, is_dense=True)

    @staticmethod
    def _parser(*, is_bare: bool = False, is_dense: bool = False) -> etree.XMLParser:
        return etree.XMLParser(
            encoding="UTF-8",
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            collect_ids=False,
            remove_comments=is_bare,
            remove_pis=is_bare,
            remove_blank_text=is_dense,
        )


_PARSERS: Final = _Parsers()


def parse(
    data: bytes,
    limits: Limits = DEFAULT,
    walker: Walker = CHOSEN,
    *,
    is_bare: bool = False,
    keeps_blanks: bool = True,
    is_measured: bool = True,
) -> etree._Element:
    """The root element of a document.

    Comments and processing instructions are still in it, unless `is_bare`: texts that they cut in two are then one.
    Without `keeps_blanks` a bare tree may lack white space between elements, never any in an element without children;
    that is not for documents with mixed content. Unless `is_measured`, the nesting is left to `check_depth`; libxml2
    itself stops at 256 levels. `walker` looks over the bytes and the tree. Nothing outside `data` is read. Raises
    Rejected: `too-large` past a limit, `forbidden-construct` for a document type declaration or another encoding than
    UTF-8, `not-well-formed` with the line and the reason.
    """
    _check_bytes(data, limits, walker)
    try:
        if not is_bare:
            parser = _PARSERS.whole
        elif keeps_blanks or walker.may_cut_texts(data):  # libxml2 takes blanks before a comment for idle ones
            parser = _PARSERS.bare
        else:
            parser = _PARSERS.dense
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error, data, limits) from None
    finally:
        _PARSERS.parsed(len(data))
    if is_measured:
        check_depth(root, limits, walker)
    _check_texts(root, data, limits, walker)
    return root


def check_depth(root: etree._Element, limits: Limits, walker: Walker) -> None:
    """Raises Rejected (`too-large`) for a tree that is nested deeper than documents may be."""
    if walker.is_deeper(root, limits.depth_max):
        raise too_large("nesting-too-deep", limits.depth_max, "levels of nesting", "层嵌套")


def _check_bytes(data: bytes, limits: Limits, walker: Walker) -> None:
    size = len(data)
    if size > limits.body_bytes_max:
        raise too_large("body-too-large", limits.body_bytes_max, "bytes", "字节", size)
    if b"\x00" in data or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _not_text(data)
    declared = _ENCODING.match(data.removeprefix(_BOM))
    if declared is not None and declared[1].lower() not in _ACCEPTED:
        raise _encoding(declared[1].decode("ascii", "replace"))
    if _PROLOG_DOCTYPE.match(data.removeprefix(_BOM)):
        raise Rejected("forbidden-construct", (_doctype(data),))
    elements_max, attributes_max = limits.element_count_max, limits.attribute_count_max
    if size <= min(_SMALLEST_ELEMENT * elements_max, _SMALLEST_ATTRIBUTE * attributes_max):
        return
    if not walker.is_crowded(data, elements_max, attributes_max):
        return
    starts, ends, equals, quotes = walker.marks(data)
    elements = starts - ends - data.startswith((b"<?xml", _BOM + b"<?xml"))
    if elements > elements_max:
        raise too_large("elements-too-many", elements_max, "elements", "个元素", elements)
    attributes = min(equals, quotes // 2)
    if attributes > attributes_max:
        raise too_large("attributes-too-many", attributes_max, "attributes", "个属性", attributes)


def _check_texts(root: etree._Element, data: bytes, limits: Limits, walker: Walker) -> None:
    most = limits.text_bytes_max
    if len(data) <= most or (survey.is_without_long_run(data, most) and not survey.may_join_texts(data)):
        return
    length = walker.long_text(root, most)
    if length:
        raise too_large("text-too-long", most, "bytes in one text", "字节（单个文本）", length)


def _not_well_formed(error: etree.XMLSyntaxError, data: bytes, limits: Limits) -> Rejected:
    code: int = getattr(error, "code", 0)
    if code == _RESOURCE_LIMIT:
        return too_large("nesting-too-deep", limits.depth_max, "levels of nesting", "层嵌套")
    line, column = error.position
    known = known_file(data)
    if known is not None:
        return _another_file(known)
    return malformed(
        "well-formed XML", "格式良好的 XML", (line, column), reason(code, str(error.msg), (line, column), data)
    )


def malformed(form: str, form_zh: str, place: tuple[int, int] | None, why: Text) -> Rejected:
    """The refusal of a document that can't be read; `place` is the line and the column, both from 1."""
    where = Text("", "")
    if place is not None:
        where = Text(f", at line {place[0]}, column {place[1]}", f"，第 {place[0]} 行第 {place[1]} 列")
    message = Text(f"The document is not {form}{where.en}: {why.en}.", f"文档不是{form_zh}{where.zh}：{why.zh}。")
    line = None if place is None else place[0]
    return Rejected("not-well-formed", (Finding("not-well-formed", "/", message, line=line),))


def check_readable(data: bytes, form: str, form_zh: str) -> None:
    """Raises Rejected (`not-well-formed`) for no text in UTF-8: another kind of file, another encoding, a NUL."""
    known, encoding = known_file(data), other_encoding(data)
    if known is not None:
        raise _another_file(known)
    if encoding is not None:
        words = Text(f"it is encoded in {encoding} and has to be in UTF-8", f"编码为 {encoding}，须采用 UTF-8 编码")
        raise malformed(form, form_zh, (1, 1), words)
    if b"\x00" in data:
        raise malformed(form, form_zh, nul_place(data), NUL)


def _not_text(data: bytes) -> Rejected:
    """What to say of bytes that no XML in UTF-8 has: a NUL, or a byte order mark of UTF-16."""
    known, encoding = known_file(data), other_encoding(data)
    if known is not None:
        return _another_file(known)
    return malformed(*_XML, nul_place(data), NUL) if encoding is None else _encoding(encoding)


def _another_file(known: Text) -> Rejected:
    message = Text(
        f"The document is {known.en}; it has to be the XML or JSON itself.",
        f"该文件是{known.zh}；请直接提交 XML 或 JSON 文档。",
    )
    return Rejected("not-well-formed", (Finding("not-well-formed", "/", message, line=1),))


def too_large(code: str, most: int, unit: str, unit_zh: str, found: int | None = None) -> Rejected:
    """The refusal of a document past a limit of `most` units, of which it has `found` where that is known."""
    message = Text(f"The document has more than {most} {unit}.", f"文档超过 {most} {unit_zh}的上限。")
    value = None if found is None else str(found)
    return Rejected("too-large", (Finding(code, "/", message, value=value, expected=f"at most {most} {unit}"),))


def _encoding(found: str) -> Rejected:
    message = Text(f"The document is encoded in {found}; it must be UTF-8.", f"文档编码为 {found}，必须使用 UTF-8。")
    finding = Finding("encoding-unsupported", "/", message, line=1, value=found, expected="UTF-8")
    return Rejected("forbidden-construct", (finding,))


def _doctype(data: bytes) -> Finding:
    line = data.count(b"\n", 0, data.index(b"<!DOCTYPE")) + 1
    message = Text(
        "The document has a document type declaration (DOCTYPE), which is not taken.",
        "文档含有文档类型声明（DOCTYPE），不予接受。",
    )
    return Finding("doctype-forbidden", "/", message, line=line, value="<!DOCTYPE")
