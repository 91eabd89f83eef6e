"""Why bytes are not XML, in words: libxml2's reason, and what somebody who made the document can do about it."""

from __future__ import annotations

import re
from typing import Final

from .finding import Text

_BOM: Final = b"\xef\xbb\xbf"
_QUOTED_CHARS_MAX: Final = 40

_SIGNATURES: Final = (
    (b"PK\x03\x04", Text("a ZIP archive, as files of Excel and Word are", " ZIP 压缩包（Excel、Word 文件亦属此类）")),
    (b"%PDF-", Text("a PDF", " PDF 文件")),
    (b"\xd0\xcf\x11\xe0", Text("an old file of Excel or Word", "旧版 Excel 或 Word 文件")),
    (b"\x1f\x8b", Text("packed with gzip", " gzip 压缩数据")),
    (b"\x89PNG", Text("a picture (PNG)", " PNG 图片")),
    (b"\xff\xd8\xff", Text("a picture (JPEG)", " JPEG 图片")),
)
"""What files begin with that are taken for documents."""

_ENCODINGS: Final = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_WIDE: Final = re.compile(rb"(?:(?P<four>[^\x00]\x00{3}|\x00{3}[^\x00])|[^\x00]\x00[^\x00]\x00|\x00[^\x00]\x00[^\x00])")
"""The first four bytes of a document in UTF-16 or UTF-32 without a byte order mark: its first characters are ASCII."""

_REASONS: Final = {
    7: Text("a character reference such as &#48; without a proper number", "字符引用（如 &#48;）的编号无效"),
    9: Text("a character that XML cannot carry", "含有 XML 不允许的字符"),
    23: Text("a reference without its semicolon; a bare & is written &amp;", "引用缺少分号；单独的“&”应写作 &amp;"),
    33: Text("the XML declaration has a value without quotes", "XML 声明中的值缺少引号"),
    38: Text("a '<' inside an attribute's value; it is written &lt;", "属性值中含有“<”，应写作 &lt;"),
    39: Text("an attribute's value without quotes", "属性值缺少引号"),
    40: Text("an attribute's value whose closing quote is missing", "属性值缺少结束的引号"),
    41: Text("an attribute without a value", "属性没有值"),
    42: Text("an attribute given twice", "属性重复"),
    45: Text("a comment that is not closed with -->", "注释未以“-->”结束"),
    47: Text("a processing instruction that is not closed with ?>", "处理指令未以“?>”结束"),
    57: Text("the XML declaration is not closed with ?>", "XML 声明未以“?>”结束"),
    62: Text("']]>' in a text; it is written ]]&gt;", "文字中含有“]]>”，应写作 ]]&gt;"),
    63: Text("a CDATA section that is not closed with ]]>", "CDATA 段未以“]]>”结束"),
    65: Text("a space is missing between two attributes", "两个属性之间缺少空格"),
    68: Text("a tag without a proper name, such as a bare '<'", "标签名无效，例如单独的“<”"),
    73: Text("a tag that is not closed with '>'", "标签未以“>”结束"),
    77: Text("the document ends before all elements are closed", "文档在元素关闭之前结束"),
    78: Text("standalone in the XML declaration is neither yes nor no", "XML 声明中的 standalone 应为 yes 或 no"),
    80: Text("'--' inside a comment", "注释中含有“--”"),
    81: Text("bytes that are not UTF-8, in which it has to be", "含有非 UTF-8 字节，文档须采用 UTF-8 编码"),
    96: Text(
        'the XML declaration does not begin with version="1.0", as in <?xml version="1.0" encoding="UTF-8"?>',
        'XML 声明未以 version="1.0" 开头，正确写法如 <?xml version="1.0" encoding="UTF-8"?>',
    ),
    108: Text("a version of XML other than 1.0", "XML 版本不是 1.0"),
    200: Text("a namespace declaration that XML does not allow", "命名空间声明不符合 XML 规定"),
    202: Text("a name with more than one colon, or one in the wrong place", "名称中的冒号过多或位置有误"),
}  # fmt: skip
"""By libxml2's code."""

_OTHER: Final = Text("it breaks the syntax of XML", "不符合 XML 语法")
_EMPTY: Final = Text("the document is empty", "文档为空")

_NAME: Final = r"([^\s,'\"<>&\x00-\x1f\x7f-\x9f]{1,60})"
_NAMED: Final = {
    26: (
        re.compile(rf"Entity '{_NAME}' not defined"),
        Text(
            "XML knows no character by the name &{0}; so write the character itself",
            "XML 中没有名为 &{0}; 的字符，请直接写该字符",
        ),
    ),
    42: (re.compile(rf"Attribute {_NAME} redefined"), Text("the attribute {0} is given twice", "属性 {0} 重复")),
    76: (
        re.compile(rf"Opening and ending tag mismatch: {_NAME} line ([0-9]+) and {_NAME}"),
        Text(
            "an end tag that does not match: <{0}> of line {1} is closed by </{2}>",
            "结束标签不匹配：第 {1} 行的 <{0}> 以 </{2}> 结束",
        ),
    ),
    77: (
        re.compile(rf"Premature end of data in tag {_NAME} line ([0-9]+)"),
        Text(
            "the document ends here, and <{0}> of line {1} is not closed: a part is missing",
            "文档到此结束，而第 {1} 行的 <{0}> 尚未关闭，内容不完整",
        ),
    ),
    201: (
        re.compile(rf"Namespace prefix {_NAME} "),
        Text("the prefix {0} is not declared (xmlns:{0}=...)", "命名空间前缀 {0} 未声明（xmlns:{0}=…）"),
    ),
}  # fmt: skip
"""Reasons with the names that libxml2's words have."""

_INSIDE_TAG: Final = frozenset({39, 41, 65, 68, 73})
_UNCLOSED: Final = frozenset({40, 45, 47, 57, 63})
"""Reasons that a document has which breaks off there."""

_CHARACTER: Final = re.compile(r"(?:value|Char) (0x[0-9A-Fa-f]+|[0-9]+)")


def other_encoding(data: bytes) -> str | None:
    """`UTF-16` or `UTF-32` where a document is in one of them by its first bytes."""
    for mark, name in _ENCODINGS:
        if data.startswith(mark):
            return name
    wide = _WIDE.match(data)
    return None if wide is None else "UTF-32" if wide["four"] else "UTF-16"


def nul_place(data: bytes) -> tuple[int, int]:
    """Line and column of the first NUL character."""
    at = data.index(b"\x00")
    return data.count(b"\n", 0, at) + 1, at - data.rfind(b"\n", 0, at)


NUL: Final = Text(
    "a NUL character (U+0000), which no document can carry", "含有空字符（U+0000），任何文档均不允许"
)  # fmt: skip


def known_file(data: bytes) -> Text | None:
    """What the document is, where its first bytes are those of another kind of file."""
    return next((words for start, words in _SIGNATURES if data.startswith(start)), None)


def reason(code: int, words: str, place: tuple[int, int], data: bytes) -> Text:
    """Why `data` is not XML; `code` and `words` are libxml2's, `place` is its line and column."""
    before, after = _around(data, place)
    if code == 4:
        return _no_element(data)
    if code == 64:
        return _declaration_late(data)
    if code == 5:
        return _something_after(after)
    broken_off = None if after.strip() else _broken_off(code)
    return broken_off or _seen(code, before, data) or _named(code, words) or _REASONS.get(code, _OTHER)


def _broken_off(code: int) -> Text | None:
    """The reason at the very end of a document."""
    if code in _INSIDE_TAG:
        return Text("the document breaks off here, inside a tag", "文档到此中断，标签尚未写完")
    if code in _UNCLOSED:
        own = _REASONS[code]
        return Text(f"the document breaks off here: {own.en}", f"文档到此中断：{own.zh}")
    return None


def _seen(code: int, before: bytes, data: bytes) -> Text | None:
    """The reason where what stands before the place tells more than libxml2 does."""
    if code == 65 and before.startswith((b"<?xml", _BOM + b"<?xml")) and b"?>" not in before:
        return _REASONS[57]
    if code != 68:
        return None
    if data.removeprefix(_BOM).lstrip()[:9].lower() == b"<!doctype":
        return Text("it is a web page (HTML)", "这是网页（HTML）")
    if before.rstrip(b" \t").endswith(b"&"):
        return Text("a bare '&'; it is written &amp;", "单独的“&”，应写作 &amp;")
    if before.endswith(b"<"):
        return Text(
            "a bare '<', or a tag without a proper name; '<' in a text is written &lt;",
            "单独的“<”或无效的标签名；文字中的“<”应写作 &lt;",
        )
    return None


def _named(code: int, words: str) -> Text | None:
    """The reason with the names, or the number of a character, that libxml2's words have."""
    character = _CHARACTER.search(words) if code == 9 else None
    if character is not None:
        return _forbidden(int(character[1], 0))
    if code in _NAMED:
        pattern, sentence = _NAMED[code]
        named = pattern.search(words)
        if named is not None:
            return Text(sentence.en.format(*named.groups()), sentence.zh.format(*named.groups()))
    return None


def _forbidden(number: int) -> Text:
    en = f"the character U+{number:04X}, which XML cannot carry, not even as a reference"
    return Text(en, f"含有 XML 不允许的字符 U+{number:04X}，写作字符引用也不行")


def _around(data: bytes, place: tuple[int, int]) -> tuple[bytes, bytes]:
    """What stands before and after a place, which libxml2 counts in characters as far as it could read them."""
    line, column = place
    start = 0
    for _ in range(line - 1):
        start = data.find(b"\n", start) + 1
    text = data[start:].decode("utf-8", "replace")
    before = text[: max(column - 1, 0)].encode()
    return before, text[max(column - 1, 0) :].encode()


def _no_element(data: bytes) -> Text:
    data = data.removeprefix(_BOM)
    if not data.strip():
        return _EMPTY
    if data.startswith(_BOM):
        return Text("it begins with two byte order marks; one is enough", "开头有两个字节顺序标记（BOM），只需一个")
    shown = quoted(data.lstrip().partition(b"\n")[0])
    return Text(f"XML begins with '<', and this with {shown}", f"XML 以“<”开头，而该文档以 {shown} 开头")


def quoted(data: bytes) -> str:
    """The first characters of a text between backticks, what can't be printed as a question mark."""
    text = data[: 4 * _QUOTED_CHARS_MAX].decode("utf-8", "replace").strip()
    shown = "".join(char if char.isprintable() else "?" for char in text[:_QUOTED_CHARS_MAX])
    return f"`{shown}{'...' if len(text) > _QUOTED_CHARS_MAX else ''}`"


def _declaration_late(data: bytes) -> Text:
    if data.removeprefix(_BOM).lstrip().startswith(b"<?xml"):
        return Text(
            "a blank line or space stands before the XML declaration, which has to be the very first thing",
            "XML 声明之前有空行或空格；XML 声明必须位于文档最开头",
        )
    return Text(
        "an XML declaration in the middle: it may stand at the very beginning only; perhaps these are two documents",
        "XML 声明出现在文档中间，只能位于最开头；可能误将两份文档合在一起",
    )


def _something_after(after: bytes) -> Text:
    if after.lstrip().startswith(b"<"):
        return Text("a second root element begins here; a document has one", "此处出现第二个根元素，一份文档只能有一个")
    shown = quoted(after)
    return Text(
        f"there is something after the end of the root element: {shown}", f"根元素结束之后还有内容：{shown}"
    )  # fmt: skip
