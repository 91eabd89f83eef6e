"""Whether a tree keeps its XSD: libxml2's answer, and its log where the answer is no."""

from __future__ import annotations

from functools import cache
from itertools import islice
from pathlib import Path
from threading import Lock, local
from typing import Any

from lxml import etree
from msgspec import Struct

from .limits import COMPLAINT_COUNT_MAX
from .name_dictionary import apart

_compiling = Lock()
"""Of two schemas that are compiled at the same moment libxml2 finds one not valid, now and then."""


class Complaint(Struct, frozen=True):
    """One entry of libxml2's log: its name for the kind, where (a path to the element, its line), in which words."""

    kind: str
    path: str
    line: int
    words: str


class Validator:
    """One message's XSD, compiled by libxml2 when it is first asked.

    lxml keeps the log of the last run on the schema object itself, so each thread compiles its own.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._compiled = local()

    def is_valid(self, root: etree._Element) -> bool:
        """Whether the tree keeps the schema. Nothing but the tree is read, whatever its xsi:schemaLocation says."""
        schema = self._schema()
        is_valid = bool(schema.validate(root))
        if not is_valid:
            schema._clear_error_log()  # of a document with many mistakes it is larger than the document
        return is_valid

    def complaints(self, root: etree._Element) -> list[Complaint]:
        """What libxml2 says first about a tree, in the order of the document; empty for a valid one."""
        schema = self._schema()
        schema.validate(root)
        log: Any = schema.error_log
        schema._clear_error_log()
        return [
            Complaint(each.type_name, _path(each), each.line, each.message) for each in islice(log, COMPLAINT_COUNT_MAX)
        ]

    def prepare(self) -> None:
        """Compile the schema for this thread now."""
        self._schema()

    def _schema(self) -> Any:  # the published stubs do not know that its log can be emptied
        schema: Any = getattr(self._compiled, "schema", None)
        if schema is None:
            with _compiling, apart():
                schema = self._compiled.schema = etree.XMLSchema(etree.parse(str(self._path)))
        return schema


def _path(entry: Any) -> str:
    try:
        return str(entry.path)
    except UnicodeDecodeError:  # libxml2 cuts long names off, in the middle of a character too
        return ""


@cache
def validator(path: Path) -> Validator:
    """The validator for the XSD at `path`, one for each file."""
    return Validator(path)
