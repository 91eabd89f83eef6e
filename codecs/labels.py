"""What elements and types are called: the English and Chinese documentation of an XSD."""

from __future__ import annotations

from functools import cache
from typing import Final
from xml.etree.ElementTree import Element

from xmlschema.validators import XsdComponent, XsdElement, XsdType

from .finding import Text

XSD: Final = "{http://www.w3.org/2001/XMLSchema}"
_TYPES: Final = (f"{XSD}simpleType", f"{XSD}complexType")
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def documentation(element: Element) -> Text:
    """The `xs:documentation` in the annotation of `element`, with blanks collapsed; empty where there is none."""
    words = {"en": "", "zh": ""}
    for each in element.iterfind(f"{XSD}annotation/{XSD}documentation"):
        language = each.get(_LANGUAGE, "en")
        if language in words and not words[language]:
            words[language] = " ".join("".join(each.itertext()).split())
    return Text(words["en"], words["zh"])


@cache
def label(component: XsdComponent) -> Text:
    """What people call an element or attribute: its own documentation, else its type's, else its name."""
    name = component.local_name or ""
    own = documentation(component.elem)
    if isinstance(component, XsdElement) and not (own.en and own.zh):
        type_ = _of_type(component.type)
        own = Text(own.en or type_.en, own.zh or type_.zh)
    return Text(_short(own.en, ". ") or name, _short(own.zh, "。") or _short(own.en, ". ") or name)


def _of_type(type_: XsdType) -> Text:
    """A named type's own documentation: xmlschema keeps a simple type's restriction, not the type's element."""
    for element in type_.schema.root:
        if type_.local_name is not None and element.get("name") == type_.local_name and element.tag in _TYPES:
            return documentation(element)
    return Text("", "")


def _short(words: str, stop: str) -> str:
    """The first sentence, without its full stop."""
    return words.split(stop, 1)[0].rstrip(".。")
