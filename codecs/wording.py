"""The sentences of findings, in English and Chinese: each names the element by its label and says what was expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .finding import Finding, Text
from .limits import VALUE_CHARS_MAX

_NAMES_MAX: Final = 8


def named(label: Text, name: str) -> Text:
    """An element as people and as documents call it: `HS code (ID)`."""
    return Text(
        name if label.en == name else f"{label.en} ({name})",
        name if label.zh == name else f"{label.zh}（{name}）",
    )


def shortened(value: str) -> str:
    """`value` as a finding repeats it."""
    return value if len(value) <= VALUE_CHARS_MAX else f"{value[: VALUE_CHARS_MAX - 3]}..."


def missing(pointer: str, line: int | None, what: Text, where: Text, name: str, least: int) -> Finding:
    """An element that has to be there and is not, or not often enough."""
    times = Text("", "") if least == 1 else Text(f" {least} times", f" {least} 次")
    message = Text(
        f"{what.en} is missing: {where.en} must have it{times.en}.",
        f"{where.zh}缺少{what.zh}，该元素必须出现{times.zh}。",
    )
    return Finding("element-missing", pointer, message, line=line, expected=f"{name}{times.en}")


def unexpected(pointer: str, line: int | None, name: str, where: Text, allowed: list[str]) -> Finding:
    """An element that has no place in its parent."""
    expected = one_of(allowed)
    message = Text(
        f"{where.en} has no element {shortened(name)}; expected {expected.en}.",
        f"{where.zh}中没有元素 {shortened(name)}；应为 {expected.zh}。",
    )
    return Finding("element-unexpected", pointer, message, line=line, value=shortened(name), expected=expected.en)


def renamed(pointer: str, line: int | None, name: str, what: Text, where: Text, expected: str) -> Finding:
    """An element whose name is nearly that of one that is missing."""
    message = Text(
        f"{where.en} has no element {name}; {what.en} is missing, and seems to be meant.",
        f"{where.zh}中没有元素 {name}；缺少{what.zh}，可能即为该元素。",
    )
    return Finding("element-unexpected", pointer, message, line=line, value=shortened(name), expected=expected)


def misplaced(pointer: str, line: int | None, what: Text, where: Text, after: str | None) -> Finding:
    """An element that belongs elsewhere in its parent."""
    english, chinese = (f"after {after}", f"{after} 之后") if after else ("first", "最前")
    message = Text(
        f"{what.en} is out of order: in {where.en} it comes {english}.",
        f"{what.zh}顺序有误：在{where.zh}中应位于{chinese}。",
    )
    return Finding("element-misplaced", pointer, message, line=line, expected=english)


def repeated(pointer: str, line: int | None, what: Text, where: Text, most: int | None) -> Finding:
    """An element that occurs more often than allowed."""
    message = Text(
        f"{what.en} occurs too often: {where.en} has it at most {most} time{'' if most == 1 else 's'}.",
        f"{what.zh}出现次数过多：在{where.zh}中最多 {most} 次。",
    )
    return Finding("element-repeated", pointer, message, line=line, expected=f"at most {most}")


def given_twice(pointer: str, name: str) -> Finding:
    """A member that a JSON object gives more than once."""
    message = Text(
        f'The member "{name}" is given more than once: which one is meant is not known.',
        f"成员“{name}”重复出现，无法确定以哪个为准。",
    )
    return Finding("element-repeated", pointer, message, value=name, expected="at most 1")


def text_unexpected(pointer: str, line: int | None, what: Text, text: str) -> Finding:
    """Text where only elements belong."""
    message = Text(f"{what.en} holds elements only, no text.", f"{what.zh}只能包含元素，不能包含文字。")
    return Finding("text-unexpected", pointer, message, line=line, value=shortened(text), expected="elements only")


def value_wrong(code: str, pointer: str, line: int | None, what: Text, value: str, expected: Text) -> Finding:
    """A text that is not a value of its type."""
    shown = shortened(value)
    message = Text(f'{what.en} is "{shown}"; expected {expected.en}.', f"{what.zh}为“{shown}”；应为 {expected.zh}。")
    return Finding(code, pointer, message, line=line, value=shown, expected=expected.en)


def described(documentation: Text, pattern: Text) -> Text:
    """A pattern in words for people, where its type's documentation explains it; the pattern comes after them."""
    (_, dot, en), (_, stop, zh) = documentation.en.partition(". "), documentation.zh.partition("。")
    if not (dot and stop and en and zh):
        return pattern
    return Text(f"{en.rstrip('.')} ({pattern.en})", f"{zh.rstrip('。')}（{pattern.zh}）")


def attribute_missing(pointer: str, line: int | None, what: Text, where: Text, name: str) -> Finding:
    """An attribute that has to be there and is not."""
    message = Text(f"{where.en} lacks its attribute {what.en}.", f"{where.zh}缺少属性{what.zh}。")
    return Finding("attribute-missing", pointer, message, line=line, expected=name)


def attribute_unexpected(pointer: str, line: int | None, name: str, where: Text, allowed: list[str]) -> Finding:
    """An attribute that its element does not have."""
    expected = one_of(allowed) if allowed else Text("no attribute", "无属性")
    message = Text(
        f"{where.en} has no attribute {shortened(name)}; expected {expected.en}.",
        f"{where.zh}没有属性 {shortened(name)}；应为 {expected.zh}。",
    )
    return Finding("attribute-unexpected", pointer, message, line=line, value=shortened(name), expected=expected.en)


def root_unexpected(found: str, line: int | None, local: str, expected: str) -> Finding:
    """A root element that is not the message's."""
    message = Text(f"The root element is {found}; expected {expected}.", f"根元素为 {found}；应为 {expected}。")
    return Finding("root-unexpected", f"/{local}", message, line=line, value=shortened(found), expected=expected)


def by_schema(pointer: str, line: int | None, what: Text, words: str) -> Finding:
    """A mistake in the validator's own words, where nothing better is known."""
    words = shortened(words.strip().rstrip("."))
    message = Text(
        f"{what.en} is not as the schema has it: {words}.", f"{what.zh}不符合模式，校验程序的说明为：“{words}”。"
    )
    return Finding("schema", pointer, message, line=line)


def more(count: int) -> Finding:
    """The last finding of a document that has more mistakes than are listed."""
    message = Text(f"There are more mistakes than the {count} listed here.", f"错误不止此处列出的 {count} 处。")
    return Finding("findings-too-many", "/", message)


def one_of(names: Sequence[str], most: int = _NAMES_MAX) -> Text:
    """A choice of names or codes, of which the first `most` are listed."""
    if len(names) == 1:
        return Text(names[0], names[0])
    if len(names) <= most:
        return Text(f"one of {', '.join(names)}", f"{'、'.join(names)} 之一")
    first, count = names[:most], len(names)
    return Text(f"one of {', '.join(first)}, ... ({count} in all)", f"{'、'.join(first)} 等 {count} 项之一")
