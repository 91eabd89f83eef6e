"""The XSDs and code lists in force, as they are read when a declaration is checked."""

from functools import cache

import msgspec
from aiohttp import web
from lxml import etree

from ... import schemas
from ...codecs.finding import Text
from .negotiation import JSON, XML
from .problem import Refusal

_XS = "{http://www.w3.org/2001/XMLSchema}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class SchemaEntry(msgspec.Struct, frozen=True):
    """A schema: its name, its words, the namespace of its documents (None where others include it), its path."""

    name: str
    words: Text
    namespace: str | None
    path: str


class SchemaList(msgspec.Struct, frozen=True):
    """The schemas in force and the names of the code lists."""

    schemas: tuple[SchemaEntry, ...]
    codes: tuple[str, ...]


class Code(msgspec.Struct, frozen=True):
    """One code and what it stands for."""

    code: str
    words: Text


class CodeList(msgspec.Struct, frozen=True):
    """A code list; `name` is the type's name in codes.xsd."""

    name: str
    words: Text
    codes: tuple[Code, ...]


async def list_schemas(request: web.Request) -> web.Response:
    """Every schema and the names of the code lists."""
    entries = tuple(_entry(name) for name in schemas.names())
    return _json(SchemaList(entries, tuple(_code_lists())))


async def schema(request: web.Request) -> web.Response:
    """One XSD, as it is in force."""
    name = request.match_info["name"]
    if name not in schemas.names():
        raise Refusal("not-found")
    return web.Response(body=schemas.text(name), content_type=XML)


async def codes(request: web.Request) -> web.Response:
    """One code list."""
    found = _code_lists().get(request.match_info["list"])
    if found is None:
        raise Refusal("not-found")
    return _json(found)


@cache
def _entry(name: str) -> SchemaEntry:
    root = etree.parse(schemas.path(name)).getroot()
    return SchemaEntry(name, _words(root), root.get("targetNamespace"), f"/v1/schemas/{name}.xsd")


def code_list(name: str) -> CodeList:
    """One code list of codes.xsd. Raises KeyError where there is none of this name."""
    return _code_lists()[name]


@cache
def _code_lists() -> dict[str, CodeList]:
    root = etree.parse(schemas.path("codes")).getroot()
    lists = {}
    for simple_type in root.iterfind(f"{_XS}simpleType"):
        values = tuple(Code(str(value.get("value")), _words(value)) for value in simple_type.iter(f"{_XS}enumeration"))
        if values:
            name = str(simple_type.get("name"))
            lists[name] = CodeList(name, _words(simple_type), values)
    return lists


def _words(element: etree._Element) -> Text:
    """The element's annotation in both languages."""
    words = {
        str(each.get(_LANG)): " ".join((each.text or "").split())
        for each in element.iterfind(f"{_XS}annotation/{_XS}documentation")
    }
    return Text(en=words.get("en", ""), zh=words.get("zh", ""))


def _json(value: msgspec.Struct) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), content_type=JSON)
