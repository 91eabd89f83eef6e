"""The XSDs and code lists in force, as they are read when a declaration is checked."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec
from aiohttp import web
from lxml import etree

from ... import schemas
from ...agencies.agency import AnyAgency
from ...codecs.code_lists import CodeList, code_lists, words
from ...codecs.finding import Text
from .context import WINDOW
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


class CodeListEntry(msgspec.Struct, frozen=True):
    """A code list: its name, its words, how many codes it has, its path."""

    name: str
    words: Text
    count: int
    path: str


class CodeListIndex(msgspec.Struct, frozen=True):
    """The code lists in force."""

    codes: tuple[CodeListEntry, ...]


async def list_schemas(request: web.Request) -> web.Response:
    """Every schema, those of agencies outside the package last, and the names of the code lists."""
    entries = tuple(_entry(path) for path in _paths(request.app[WINDOW].agencies.values()).values())
    return _json(SchemaList(entries, tuple(code_lists())))


async def schema(request: web.Request) -> web.Response:
    """One XSD, as it is in force."""
    path = _paths(request.app[WINDOW].agencies.values()).get(request.match_info["name"])
    if path is None:
        raise Refusal("not-found")
    return web.Response(body=path.read_bytes(), content_type=XML)


async def list_codes(request: web.Request) -> web.Response:
    """Every code list, without its codes."""
    lists = code_lists().values()
    return _json(
        CodeListIndex(tuple(CodeListEntry(each.name, each.words, len(each.codes), _path(each)) for each in lists))
    )


def _path(codes: CodeList) -> str:
    return f"/v1/codes/{codes.name}"


async def codes(request: web.Request) -> web.Response:
    """One code list."""
    found = code_lists().get(request.match_info["list"])
    if found is None:
        raise Refusal("not-found")
    return _json(found)


def _paths(agencies: Iterable[AnyAgency]) -> dict[str, Path]:
    """The schemas' files by name; the window's own names stand."""
    own = {name: schemas.path(name) for name in schemas.names()}
    return {**own, **{each.message.name: each.message.schema for each in agencies if each.message.name not in own}}


@cache
def _entry(path: Path) -> SchemaEntry:
    root = etree.parse(path).getroot()
    return SchemaEntry(path.stem, words(root), root.get("targetNamespace"), f"/v1/schemas/{path.stem}.xsd")


def _json(value: msgspec.Struct) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), content_type=JSON)
