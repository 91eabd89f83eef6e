"""Our codecs in both forms of the walker: the one chosen at import, and beside the extension the one in Python."""

from typing import Any, Final

from onewindow import codecs
from onewindow.codecs import Codec
from onewindow.codecs.walker import CHOSEN, COMPILED, PYTHON, Walker

OURS: Final = "onewindow"
OURS_IN_PYTHON: Final = "onewindow, Python form"

NO_EXTENSION: Final = "only one form of the walker is in use, the one measured as onewindow"

Codecs = dict[str, Codec[Any]]

_ALL: Final[tuple[Codec[Any], ...]] = (
    codecs.DECLARATION,
    codecs.CUSTOMS,
    codecs.TAX,
    codecs.MARKET_SUPERVISION,
    codecs.QUALITY_INSPECTION,
    codecs.REPLY,
    codecs.RECEIPT,
    codecs.RESPONSE,
)


def forms() -> dict[str, Walker]:
    """The walkers to compare, by the name under which they stand in the results."""
    both = {OURS: CHOSEN, OURS_IN_PYTHON: PYTHON}
    return both if CHOSEN is COMPILED else {OURS: CHOSEN}


def ours() -> Codecs:
    """The codecs as the gateway uses them, by message name."""
    return {each.name: each for each in _ALL}


def with_walker(walker: Walker) -> Codecs:
    """The codecs with this walker, by message name."""
    return {each.name: Codec(each.name, each.type, each.namespace, walker=walker) for each in _ALL}
