"""The XSDs and code lists in force, as they are read when a declaration is checked."""

from functools import cache

import msgspec
from aiohttp import web
from lxml import etree

from ... import schemas
from ...codecs.code_lists import code_lists, words
from ...codecs.finding import Text
from .negotiation import JSON, XML
from .problem import Refusal


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


async def list_schemas(request: web.Request) -> web.Response:
    """Every schema and the names of the code lists."""
    entries = tuple(_entry(name) for name in schemas.names())
    return _json(SchemaList(entries, tuple(code_lists())))


async def schema(request: web.Request) -> web.Response:
    """One XSD, as it is in force."""
    name = request.match_info["name"]
    if name not in schemas.names():
        raise Refusal("not-found")
    return web.Response(body=schemas.text(name), content_type=XML)


async def codes(request: web.Request) -> web.Response:
    """One code list."""
    found = code_lists().get(request.match_info["list"])
    if found is None:
        raise Refusal("not-found")
    return _json(found)


@cache
def _entry(name: str) -> SchemaEntry:
    root = etree.parse(schemas.path(name)).getroot()
    return SchemaEntry(name, words(root), root.get("targetNamespace"), f"/v1/schemas/{name}.xsd")


def _json(value: msgspec.Struct) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), content_type=JSON)
