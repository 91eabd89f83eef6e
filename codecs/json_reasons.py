"""Why a text is not JSON, in words: what stands where it goes wrong, and how it would be right."""

from __future__ import annotations

import re
from collections.abc import Callable
from json import JSONDecodeError
from typing import Final

from .finding import Text
from .xml_reasons import quoted

_CONSTANT: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|(-?Infinity|NaN)')
"""A text, or what Python's reader takes for a number and JSON has not."""

_WORDS: Final = {"True": "true", "False": "false", "None": "null", "undefined": "null", "nil": "null"}
_ESCAPES: Final = {
    "\t": ("a tab", "制表符", "\\t"),
    "\n": ("a line break", "换行", "\\n"),
    "\r": ("a line break", "换行", "\\r"),
}
_CURLED: Final = "“”‘’„«»＂"


def constant_place(text: str) -> tuple[int, int] | None:
    """Line and column of the first NaN or infinity."""
    found = next((match for match in _CONSTANT.finditer(text) if match[1]), None)
    if found is None:
        return None
    return text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())


def reason(error: JSONDecodeError) -> Text:
    """Why the text is not JSON."""
    text, at = error.doc, error.pos
    if not text.strip():
        return Text("the document is empty", "文档为空")
    if text.startswith("\ufeff"):
        return Text("it begins with two byte order marks; one is enough", "开头有两个字节顺序标记（BOM），只需一个")
    if error.msg.startswith(("Expecting", "Illegal")) and not text[at:].strip():
        return Text(
            "the document breaks off here, before its objects and lists are closed", "文档到此中断，对象或列表尚未关闭"
        )
    for start, explain in _BY_START.items():
        if error.msg.startswith(start):
            return explain(text, at)
    return Text("it breaks the syntax of JSON", "不符合 JSON 语法")


def _shown(text: str, at: int) -> str:
    return quoted(text[at : at + 200].partition("\n")[0].encode("utf-8", "replace"))


def _before(text: str, at: int) -> str:
    return text[max(at - 200, 0) : at].rstrip()[-1:]


def _common(text: str, at: int) -> Text | None:
    """What goes wrong wherever something else is expected."""
    char = text[at : at + 1]
    if text.startswith(("//", "/*", "#"), at):
        return Text("a comment, which JSON does not have", "JSON 不支持注释")
    if char == "'":
        return Text("single quotes; JSON has double quotes", "使用了单引号，JSON 应使用双引号")
    if char in _CURLED:
        return Text(
            'typographic quotes; JSON has straight ones (")', '使用了弯引号或全角引号，JSON 应使用半角双引号（"）'
        )
    if char in "，：｛｝［］":
        return Text(
            f"the full-width sign {char} where JSON has the half-width one",
            f"使用了全角符号“{char}”，JSON 应使用半角符号",
        )
    if char and (char.isspace() and char not in " \t\r\n"):
        return Text(
            f"a space that JSON does not know (U+{ord(char):04X})", f"JSON 不允许的空白字符（U+{ord(char):04X}）"
        )
    return None


def _name(text: str, at: int) -> Text:
    if text[at : at + 1] == "}" and _before(text, at) == ",":
        return Text("a comma before the closing brace", "右花括号之前多了逗号")
    shown = _shown(text, at)
    return _common(text, at) or Text(
        f"a member's name in double quotes belongs here, and not {shown}", f"此处应为双引号括起的成员名，而不是 {shown}"
    )


def _value(text: str, at: int) -> Text:
    char = text[at : at + 1]
    if char == "]" and _before(text, at) == ",":
        return Text("a comma before the closing bracket", "右方括号之前多了逗号")
    word = re.compile(r"[A-Za-z]+").match(text, at)
    if word is not None and word[0] in _WORDS:
        right = _WORDS[word[0]]
        return Text(f"{word[0]} is written {right} in JSON", f"{word[0]} 在 JSON 中应写作 {right}")
    if re.compile(r"\+[0-9]|\.[0-9]").match(text, at):
        return Text("a number begins with a digit or a minus in JSON", "JSON 中的数值须以数字或负号开头")
    shown = _shown(text, at)
    if not text[:at].strip():
        return Text(f"JSON begins with '{{', and this with {shown}", f"JSON 以“{{”开头，而该文档以 {shown} 开头")
    return _common(text, at) or Text(f"a value belongs here, and not {shown}", f"此处应为一个值，而不是 {shown}")


def _comma(text: str, at: int) -> Text:
    char = text[at : at + 1]
    before = text[at - 1 : at]
    if before == "0" and char.isdigit():
        return Text("a number with a zero in front; it belongs in quotes if it is a code",
                    "数值以 0 开头；如为代码，应加双引号")  # fmt: skip
    if before.isdigit() and char == ".":
        return Text("a number that ends with its decimal point", "数值以小数点结尾")
    if char and char in "]}":
        return Text(f"'{char}' closes what another bracket has opened", f"括号不匹配：此处不应为“{char}”")
    shown = _shown(text, at)
    return _common(text, at) or Text(f"a comma is missing before {shown}", f"{shown} 之前缺少逗号")


def _colon(text: str, at: int) -> Text:
    shown = _shown(text, at)
    return _common(text, at) or Text(
        f"a colon belongs between a member's name and its value, and not {shown}",
        f"成员名与值之间应为冒号，而不是 {shown}",
    )


def _control(text: str, at: int) -> Text:
    char = text[at]
    if char in _ESCAPES:
        en, zh, written = _ESCAPES[char]
        return Text(f"{en} inside a text, where it is written {written}", f"文字中含有{zh}，应写作 {written}")
    code = f"{ord(char):04X}"
    return Text(
        f"the control character U+{code} inside a text, where it is written \\u{code.lower()}",
        f"文字中含有控制字符 U+{code}，应写作 \\u{code.lower()}",
    )


def _extra(text: str, at: int) -> Text:
    char = text[at]
    if char in "{[":
        return Text(
            "a second document begins here; more than one go in as a batch, a line each",
            "此处出现第二份文档；多份文档请按批量方式提交，每行一份",
        )
    if char in "}]":
        return Text("a closing bracket too many", "多了一个右括号")
    if char == "\x00":
        return Text("a NUL character after the end of the document", "文档结束之后含有空字符（U+0000）")
    shown = _shown(text, at)
    return Text(f"there is something after the end of the document: {shown}", f"文档结束之后还有内容：{shown}")


def _said(en: str, zh: str) -> Callable[[str, int], Text]:
    return lambda text, at: Text(en, zh)


_BY_START: Final[dict[str, Callable[[str, int], Text]]] = {
    "Expecting property name": _name,
    "Expecting value": _value,
    "Expecting ','": _comma,
    "Expecting ':'": _colon,
    "Invalid control character": _control,
    "Extra data": _extra,
    "Illegal trailing comma before end of object": _said("a comma before the closing brace", "右花括号之前多了逗号"),
    "Illegal trailing comma before end of array": _said("a comma before the closing bracket", "右方括号之前多了逗号"),
    "Invalid \\escape": _said(
        "a backslash before a character that needs none; a backslash itself is written \\\\",
        "反斜杠之后的字符无效；反斜杠本身应写作 \\\\",
    ),
    "Invalid \\uXXXX": _said("\\u without four hexadecimal digits after it", "\\u 之后应为四位十六进制数"),
    "Unterminated string": _said(
        "the text that begins here has no closing quotation mark", "此处开始的文字缺少结束的双引号"
    ),
}
"""By how the words of Python's reader begin."""
