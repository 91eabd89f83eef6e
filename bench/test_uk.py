"""The UK's declarations, all of them one after the other: read and written by us and by the peers."""

from collections.abc import Callable
from typing import Any

import pytest

from onewindow.bench.conftest import Measure
from onewindow.bench.documents import Uk
from onewindow.bench.forms import NO_EXTENSION, OURS, OURS_IN_PYTHON, forms
from onewindow.bench.peers import Peers
from onewindow.bench.uk import codec, through


def own(uk: Uk, uk_type: type[Any], by: str) -> Any:
    """Our codec in one form; skips where it isn't there to compare."""
    if by not in forms():
        pytest.skip(NO_EXTENSION)
    return codec(uk.schema, uk_type, forms()[by])


def test_parse(measure: Measure, uk: Uk, uk_peers: Peers) -> None:
    measure("parse", uk.name, "lxml", through(uk_peers.lxml.parsed, uk.documents))


def test_validate(measure: Measure, uk: Uk, uk_peers: Peers) -> None:
    trees = tuple(uk_peers.lxml.parsed(each) for each in uk.documents)
    measure("validate", uk.name, "onewindow and lxml: libxml2", through(uk_peers.lxml.validated, trees))


@pytest.mark.parametrize("by", ["lxml, parse + validation", "xmlschema", "xsdata"])
def test_decode_by_peer(measure: Measure, uk: Uk, uk_peers: Peers, by: str) -> None:
    reads: dict[str, Callable[[], Callable[[bytes], object]]] = {
        "lxml, parse + validation": lambda: uk_peers.lxml.read,
        "xmlschema": lambda: uk_peers.xmlschema.read,
        "xsdata": lambda: uk_peers.xsdata.read,
    }
    measure("decode", uk.name, by, through(reads[by](), uk.documents))


@pytest.mark.parametrize("by", [OURS, OURS_IN_PYTHON])
def test_decode(measure: Measure, uk: Uk, uk_type: type[Any], by: str) -> None:
    measure("decode", uk.name, by, through(own(uk, uk_type, by).decode_xml, uk.documents))


def test_encode_by_peer(measure: Measure, uk: Uk, uk_peers: Peers) -> None:
    values = tuple(uk_peers.xsdata.read(each) for each in uk.documents)
    measure("encode", uk.name, "xsdata", through(uk_peers.xsdata.written, values))


@pytest.mark.parametrize("by", [OURS, OURS_IN_PYTHON])
def test_encode(measure: Measure, uk: Uk, uk_type: type[Any], by: str) -> None:
    codec = own(uk, uk_type, by)
    values = tuple(codec.decode_xml(each) for each in uk.documents)
    measure("encode", uk.name, by, through(codec.encode_xml, values))
