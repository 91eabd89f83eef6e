"""What an XSD says and structs cannot, with the place where it says so."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree
from xmlschema import XMLSchemaBase
from xmlschema.validators import XsdComponent


class UnsupportedConstruct(Exception):
    """A construct of XSD that the generated structs cannot express; `file` and `line` say where it stands."""

    def __init__(self, construct: str, file: str, line: int | None) -> None:
        super().__init__(f"{file}:{line}: {construct}")
        self.construct = construct
        self.file = file
        self.line = line


def unsupported(construct: str, component: XsdComponent) -> UnsupportedConstruct:
    """The refusal of a schema's component."""
    return unsupported_at(construct, component.schema, component.elem)


def unsupported_at(construct: str, schema: XMLSchemaBase, element: object) -> UnsupportedConstruct:
    """The refusal of an element of a schema's document."""
    return UnsupportedConstruct(construct, file_of(schema), _line(schema, element))


def file_of(schema: XMLSchemaBase) -> str:
    """The name of the file that a schema was read from."""
    return _path(schema).name


def _path(schema: XMLSchemaBase) -> Path:
    return Path(unquote(urlsplit(schema.url or "").path))


def _line(schema: XMLSchemaBase, element: object) -> int | None:
    """The line of a schema's element: xmlschema keeps none, so lxml reads the file and the same place is looked up."""
    lines = etree.parse(str(_path(schema))).getroot().iter(etree.Element)
    for counterpart, twin in zip(schema.root.iter(), lines, strict=False):
        if counterpart is element:
            return int(twin.sourceline)
    return None
