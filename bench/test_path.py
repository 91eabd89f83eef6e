"""Split, merge and the whole codec path of a declaration, with the extension and without."""

import pytest

from onewindow.bench.codec_path import CodecPath
from onewindow.bench.conftest import Measure
from onewindow.bench.documents import SIZES, own, sized
from onewindow.bench.forms import NO_EXTENSION, OURS, OURS_IN_PYTHON, forms, ours, with_walker
from onewindow.codecs.keys import KeyFiles, Signer, load_signer


@pytest.fixture(scope="module")
def signer(keys: KeyFiles) -> Signer:
    """The gateway's."""
    return load_signer(keys.gateway_certificate, keys.gateway_key)


@pytest.mark.parametrize("items", SIZES)
def test_split(measure: Measure, signer: Signer, items: int) -> None:
    measure("split", sized(items), OURS, CodecPath(own(items), ours(), signer).split)


@pytest.mark.parametrize("items", SIZES)
def test_merge(measure: Measure, signer: Signer, items: int) -> None:
    measure("merge", sized(items), OURS, CodecPath(own(items), ours(), signer).merge)


@pytest.mark.parametrize("items", SIZES)
@pytest.mark.parametrize("by", [OURS, OURS_IN_PYTHON])
def test_codec_path(measure: Measure, signer: Signer, items: int, by: str) -> None:
    if by not in forms():
        pytest.skip(NO_EXTENSION)
    measure("codec path", sized(items), by, CodecPath(own(items), with_walker(forms()[by]), signer).run)
