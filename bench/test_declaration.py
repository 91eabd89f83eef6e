"""Reading our own declarations: parse, validate, bind, and the three together, beside the peers."""

from collections.abc import Callable

import pytest

from onewindow.bench.conftest import Measure
from onewindow.bench.documents import SIZES, own, sized
from onewindow.bench.forms import NO_EXTENSION, OURS, OURS_IN_PYTHON, forms, with_walker
from onewindow.bench.peers import Peers
from onewindow.codecs import DECLARATION, DEFAULT
from onewindow.codecs.binding import table_of
from onewindow.codecs.parser import parse
from onewindow.codecs.walker import Walker

LXML = "lxml"


def form(by: str) -> Walker:
    """One form of the walker; skips where it isn't there to compare."""
    if by not in forms():
        pytest.skip(NO_EXTENSION)
    return forms()[by]


@pytest.mark.parametrize("items", SIZES)
@pytest.mark.parametrize("by", [OURS, OURS_IN_PYTHON, LXML])
def test_parse(measure: Measure, peers: Peers, items: int, by: str) -> None:
    data = own(items).data
    if by == LXML:
        measure("parse", sized(items), by, lambda: peers.lxml.parsed(data))
        return
    walker = form(by)
    measure("parse", sized(items), by, lambda: parse(data, DEFAULT, walker, is_bare=True))


@pytest.mark.parametrize("items", SIZES)
def test_validate(measure: Measure, peers: Peers, items: int) -> None:
    root = peers.lxml.parsed(own(items).data)
    measure("validate", sized(items), "onewindow and lxml: libxml2", lambda: peers.lxml.validated(root))


@pytest.mark.parametrize("items", SIZES)
@pytest.mark.parametrize("by", [OURS, OURS_IN_PYTHON])
def test_bind(measure: Measure, items: int, by: str) -> None:
    reader = form(by).decoder(table_of(DECLARATION.type, DECLARATION.namespace), DECLARATION.type)
    root = parse(own(items).data)
    measure("bind", sized(items), by, lambda: reader.decode(root))


@pytest.mark.parametrize("items", SIZES)
@pytest.mark.parametrize("by", [OURS, OURS_IN_PYTHON, "lxml, parse + validation", "xmlschema", "xsdata"])
def test_decode(measure: Measure, peers: Peers, items: int, by: str) -> None:
    data = own(items).data
    reads: dict[str, Callable[[], Callable[[bytes], object]]] = {
        "lxml, parse + validation": lambda: peers.lxml.read,
        "xmlschema": lambda: peers.xmlschema.read,
        "xsdata": lambda: peers.xsdata.read,
    }
    read = reads[by]() if by in reads else with_walker(form(by))["declaration"].decode_xml
    measure("decode", sized(items), by, lambda: read(data))


@pytest.mark.parametrize("items", SIZES)
@pytest.mark.parametrize("by", [OURS, OURS_IN_PYTHON, "xsdata"])
def test_encode(measure: Measure, peers: Peers, items: int, by: str) -> None:
    document = own(items)
    if by == "xsdata":
        value = peers.xsdata.read(document.data)
        measure("encode", sized(items), by, lambda: peers.xsdata.written(value))
        return
    encode = with_walker(form(by))["declaration"].encode_xml
    measure("encode", sized(items), by, lambda: encode(document.value))
