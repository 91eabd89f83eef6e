"""Which form walks trees and writes documents: compiled, where the extension was built and fits, or Python.

Both give the same structs, the same bytes and the same refusals. `ONEWINDOW_WALKER=python` in the environment chooses
the Python form where both are there.
"""

from __future__ import annotations

import os
from typing import Any, Final, Protocol, TypeVar

from lxml import etree
from msgspec import Struct

from . import decoder, encoder, survey
from .binding import Record

T = TypeVar("T", bound=Struct)
T_co = TypeVar("T_co", bound=Struct, covariant=True)

VARIABLE: Final = "ONEWINDOW_WALKER"


class Reader(Protocol[T_co]):
    """What reads trees of one root element into structs of one type."""

    def decode(self, root: etree._Element, is_bare: bool = False) -> T_co:
        """The struct for a tree that the schema has found valid. Raises Rejected (`invalid`); see `decoder.Decoder`."""


class Walker(Protocol):
    """What goes over every element of a document, in either direction."""

    name: str
    """`compiled` or `python`."""

    def decoder(self, record: Record, type_: type[T]) -> Reader[T]:
        """What reads trees whose root is described by `record`."""

    def encoder(self, record: Record, root: str, namespace: str) -> encoder.Encoder:
        """What writes structs of `record` as documents with the root element `root`."""

    def is_deeper(self, root: etree._Element, levels: int) -> bool:
        """Whether elements are nested in more than `levels` levels; see `survey`."""

    def long_text(self, root: etree._Element, most: int) -> int:
        """The bytes of the first text that has more than `most`, or 0; see `survey`."""

    def is_crowded(self, data: bytes, elements: int, attributes: int) -> bool:
        """Whether a document may have more elements or attributes than these; see `survey`."""

    def may_cut_texts(self, data: bytes) -> bool:
        """Whether something may stand in the text of an element beside characters; see `survey`."""

    def marks(self, data: bytes) -> tuple[int, int, int, int]:
        """How often `<`, `</`, `=` and quotes occur; see `survey`."""


class _Python:
    """The form that is always there."""

    name = "python"
    is_deeper = staticmethod(survey.is_deeper)
    long_text = staticmethod(survey.long_text)
    marks = staticmethod(survey.marks)
    is_crowded = staticmethod(survey.is_crowded)
    may_cut_texts = staticmethod(survey.may_cut_texts)

    def decoder(self, record: Record, type_: type[T]) -> Reader[T]:
        return decoder.Decoder(record, type_)

    def encoder(self, record: Record, root: str, namespace: str) -> encoder.Encoder:
        return encoder.encoder(record, root, namespace)


class _Compiled:
    """The form on lxml's C interface; it leaves to the Python form what is out of the ordinary."""

    name = "compiled"

    def __init__(self, extension: Any) -> None:
        self.is_deeper = extension.is_deeper
        self.long_text = extension.long_text
        self.marks = extension.marks
        self.may_cut_texts = extension.may_cut_texts
        self._extension = extension

    def is_crowded(self, data: bytes, elements: int, attributes: int) -> bool:
        starts, _, equals, _ = self.marks(data)  # all four take it less time than one of them takes Python
        return bool(starts > elements or equals > attributes)

    def decoder(self, record: Record, type_: type[T]) -> Reader[T]:
        made: Reader[T] = self._extension.Decoder(record, decoder.Decoder(record, type_).decode)
        return made

    def encoder(self, record: Record, root: str, namespace: str) -> encoder.Encoder:
        made: encoder.Encoder = self._extension.Encoder(
            record, root, namespace, encoder.encoder(record, root, namespace)
        )
        return made


def _built() -> Walker | None:
    try:
        from . import _walk
    except (ImportError, TypeError, ValueError):  # not built here, or built for another release of lxml or libxml2
        return None
    return _Compiled(_walk)


PYTHON: Final[Walker] = _Python()
COMPILED: Final[Walker | None] = _built()
CHOSEN: Final[Walker] = COMPILED if COMPILED and os.environ.get(VARIABLE) != PYTHON.name else PYTHON
