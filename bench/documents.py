"""What is measured: our own declarations of four sizes, and the UK's as they are in the corpus."""

import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from msgspec import Struct

from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.codes import DeclarationType
from onewindow.codecs.messages.declaration import Declaration
from onewindow.gateway.sample import sample

SIZES: Final = (1, 10, 100, 999)
"""Goods items of our own declarations."""

AT: Final = datetime(2026, 3, 2, 8, 30, 15, tzinfo=UTC)

NO_CORPUS: Final = "the UK documents are not at ../shared/corpus/cds (nor where ONEWINDOW_CORPUS says)"


class Own(Struct, frozen=True):
    """A sample import declaration: its items, its bytes and its struct."""

    items: int
    data: bytes
    value: Declaration

    @property
    def name(self) -> str:
        """Its size in words."""
        return sized(self.items)


class Uk(Struct, frozen=True):
    """The UK's documents that are valid against its schema, and where that is."""

    schema: Path
    documents: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """What they are, in words."""
        return f"{len(self.documents)} UK documents"


def sized(items: int) -> str:
    """A number of goods items in words."""
    return f"{items} item{'' if items == 1 else 's'}"


@cache
def own(items: int) -> Own:
    """The sample of so many goods items, as the codec writes it: no white space between elements, no signature."""
    value = sample(items, DeclarationType.IM, f"BENCH-{items}", AT)
    return Own(items, DECLARATION.encode_xml(value), value)


@cache
def uk() -> Uk | None:
    """The UK's declarations, in the order of their names; None where the corpus isn't there."""
    beside = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus" / "cds"
    folder = Path(os.environ.get("ONEWINDOW_CORPUS", beside))
    files = sorted((folder / "declarations").glob("*.xml"))
    if not files:
        return None
    return Uk(folder / "schemas" / "customs" / "wrapper_submit.xsd", tuple(file.read_bytes() for file in files))
