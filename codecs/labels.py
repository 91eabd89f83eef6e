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


_TITLES: Final = ("Name", "WCOName")
_EXPLANATIONS: Final = ("Definition", "Description", "WCODescription")


def documentation(element: Element) -> Text:
    """The `xs:documentation` in the annotation of `element`, with blanks collapsed; empty where there is none.

    Data models write elements into it (WCO's `WCOName`, CCTS's `Definition`): of these the name and what explains it.
    """
    words = {"en": "", "zh": ""}
    structured: dict[str, str] = {}
    for each in element.iterfind(f"{XSD}annotation/{XSD}documentation"):
        language = each.get(_LANGUAGE, "en").lower().partition("-")[0]
        for part in each:
            if isinstance(part.tag, str):
                structured.setdefault(part.tag.rpartition("}")[2], " ".join("".join(part.itertext()).split()))
        if language in words and not words[language] and not len(each):
            words[language] = " ".join("".join(each.itertext()).split())
    if not words["en"]:
        title = next((structured[each] for each in _TITLES if each in structured), "")
        explanation = next((structured[each] for each in _EXPLANATIONS if each in structured), "")
        words["en"] = ". ".join(each.removesuffix(".") for each in (title, explanation) if each)
    return Text(words["en"], words["zh"])


@cache
def label(component: XsdComponent) -> Text:
    """What people call an element or attribute: its own documentation, else its type's, else its name."""
    name = component.local_name or ""
    own = documentation(component.elem)
    if isinstance(component, XsdElement) and not (own.en and own.zh):
        type_ = of_type(component.type)
        own = Text(own.en or type_.en, own.zh or type_.zh)
    return Text(_short(own.en, ". ") or name, _short(own.zh, "。") or _short(own.en, ". ") or name)


def of_type(type_: XsdType) -> Text:
    """A named type's own documentation: xmlschema keeps a simple type's restriction, not the type's element."""
    for element in type_.schema.root:
        if type_.local_name is not None and element.get("name") == type_.local_name and element.tag in _TYPES:
            return documentation(element)
    return Text("", "")


def _short(words: str, stop: str) -> str:
    """The first sentence, without its full stop."""
    return words.split(stop, 1)[0].rstrip(".。")
