"""Both forms of the walker, to run a test with each; where the extension was not built, its run is skipped."""

from typing import Any

import pytest

from onewindow import codecs
from onewindow.codecs import Codec
from onewindow.codecs.walker import COMPILED, PYTHON, Walker

NOT_BUILT = pytest.mark.skipif(
    COMPILED is None, reason="the compiled walker was not built here: no C compiler or Cython"
)

MESSAGES: tuple[Codec[Any], ...] = (
    codecs.DECLARATION,
    codecs.CUSTOMS,
    codecs.TAX,
    codecs.MARKET_SUPERVISION,
    codecs.QUALITY_INSPECTION,
    codecs.REPLY,
    codecs.RECEIPT,
    codecs.RESPONSE,
)


def in_form(codec: Codec[Any], walker: Walker | None) -> Codec[Any]:
    """The codec with that form of the walker."""
    return Codec(codec.name, codec.type, codec.namespace, walker=walker or PYTHON)


each_form = pytest.mark.parametrize(
    "walker",
    [pytest.param(PYTHON, id="python"), pytest.param(COMPILED or PYTHON, id="compiled", marks=NOT_BUILT)],
)
each_codec = pytest.mark.parametrize(
    "codec",
    [
        *[pytest.param(in_form(codec, PYTHON), id=f"{codec.name}-python") for codec in MESSAGES],
        *[pytest.param(in_form(codec, COMPILED), id=f"{codec.name}-compiled", marks=NOT_BUILT) for codec in MESSAGES],
    ],
)
