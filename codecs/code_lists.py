"""The code lists of codes.xsd: every code and what it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from lxml import etree
from msgspec import Struct

from .. import schemas
from .finding import Text

_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


class Code(Struct, frozen=True):
    """One code and what it stands for."""

    code: str
    words: Text


class CodeList(Struct, frozen=True):
    """A code list; `name` is the type's name in codes.xsd."""

    name: str
    words: Text
    codes: tuple[Code, ...]


def code_list(name: str) -> CodeList:
    """One code list of codes.xsd. Raises KeyError where there is none of this name."""
    return code_lists()[name]


@cache
def code_lists() -> Mapping[str, CodeList]:
    """Every code list by name, in the order of codes.xsd."""
    root = etree.parse(schemas.path("codes")).getroot()
    lists = {}
    for simple_type in root.iterfind(f"{_XS}simpleType"):
        values = tuple(Code(str(value.get("value")), words(value)) for value in simple_type.iter(f"{_XS}enumeration"))
        if values:
            name = str(simple_type.get("name"))
            lists[name] = CodeList(name, words(simple_type), values)
    return lists


def code_words(name: str, code: str) -> Text:
    """What a code of the list `name` stands for; a code that the list has not stands for itself. Raises KeyError."""
    return _words_of(name).get(code, Text(code, code))


@cache
def _words_of(name: str) -> Mapping[str, Text]:
    return {each.code: each.words for each in code_list(name).codes}


def words(element: etree._Element) -> Text:
    """The annotation of a schema's element in both languages, with blanks collapsed; empty where there is none."""
    found = {
        str(each.get(_LANG)): " ".join((each.text or "").split())
        for each in element.iterfind(f"{_XS}annotation/{_XS}documentation")
    }
    return Text(en=found.get("en", ""), zh=found.get("zh", ""))
