"""The design's budgets, each ratio from two sides measured in turn; `make bench` shows which hold.

A budget that is missed fails nothing here: noise would. `make bench STRICT=--strict` ends with an error for one.
pytest-benchmark writes its JSON, and these figures in it, only where at least one benchmark of the other files ran.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from onewindow.bench.budgets import Measured, faster, slower
from onewindow.bench.codec_path import CodecPath
from onewindow.bench.conftest import Record
from onewindow.bench.documents import AT, SIZES, Uk, own, sized
from onewindow.bench.forms import OURS, forms, ours, with_walker
from onewindow.bench.growth import bend, flatness
from onewindow.bench.growth import measured as growth
from onewindow.bench.pairs import Work, alternate, rounds
from onewindow.bench.peers import Peers, SignXml
from onewindow.bench.uk import codec, through
from onewindow.codecs.keys import KeyFiles, Signer, load_signer
from onewindow.codecs.walker import COMPILED, PYTHON

PATH_ITEMS = 10
"""Items of the declaration whose codec path has a budget."""

PATH_RUNS = 1_000
"""Runs in which its stages are timed."""

LXML_SECONDS = 3.0
"""How long decoding is measured against lxml, in each form: what else the machine does comes in waves of a second."""

GROWTH_SECONDS = 15
"""How long the growth is looked at, once everything is ready."""


@pytest.fixture(scope="module")
def signer(keys: KeyFiles) -> Signer:
    """The gateway's."""
    return load_signer(keys.gateway_certificate, keys.gateway_key)


def decodes(
    record: Record, document: str, decode: Callable[[str], Work], peers: Peers, data: tuple[bytes, ...]
) -> None:
    """Measures one document's decoding against all peers; `decode` gives the work by form."""
    lxml = through(peers.lxml.read, data)
    if forms()[OURS] is COMPILED:
        record.add(slower("decode-lxml", document, alternate(decode(OURS), lxml, seconds=LXML_SECONDS)))
    record.add(slower("decode-lxml-python", document, alternate(decode(PYTHON.name), lxml, seconds=LXML_SECONDS)))
    for key, peer in (("decode-xmlschema", peers.xmlschema.read), ("decode-xsdata", peers.xsdata.read)):
        record.add(faster(key, document, alternate(decode(OURS), through(peer, data), rounds_min=5)))


@pytest.mark.parametrize("items", SIZES)
def test_decode(record: Record, peers: Peers, items: int) -> None:
    data = own(items).data
    codecs = {OURS: ours()["declaration"], PYTHON.name: with_walker(PYTHON)["declaration"]}
    decodes(record, sized(items), lambda form: lambda: codecs[form].decode_xml(data), peers, (data,))


def test_decode_uk(record: Record, uk: Uk, uk_type: type[Any], uk_peers: Peers) -> None:
    codecs = {OURS: codec(uk.schema, uk_type, forms()[OURS]), PYTHON.name: codec(uk.schema, uk_type, PYTHON)}
    decodes(record, uk.name, lambda form: through(codecs[form].decode_xml, uk.documents), uk_peers, uk.documents)


@pytest.mark.parametrize("items", SIZES)
def test_encode(record: Record, peers: Peers, items: int) -> None:
    document = own(items)
    encode, value = ours()["declaration"].encode_xml, peers.xsdata.read(document.data)
    pair = alternate(lambda: encode(document.value), lambda: peers.xsdata.written(value), rounds_min=5)
    record.add(faster("encode-xsdata", document.name, pair))


def test_encode_uk(record: Record, uk: Uk, uk_type: type[Any], uk_peers: Peers) -> None:
    own_codec = codec(uk.schema, uk_type, forms()[OURS])
    ours_, theirs = ([read(each) for each in uk.documents] for read in (own_codec.decode_xml, uk_peers.xsdata.read))
    pair = alternate(through(own_codec.encode_xml, ours_), through(uk_peers.xsdata.written, theirs), rounds_min=5)
    record.add(faster("encode-xsdata", uk.name, pair))


@pytest.mark.parametrize("items", SIZES)
def test_sign(record: Record, keys: KeyFiles, signer: Signer, items: int) -> None:
    path, signxml = CodecPath(own(items), ours(), signer), SignXml(keys, AT)
    pair = alternate(path.sign_response, lambda: signxml.signed(path.unsigned))
    record.add(faster("sign-signxml", f"response to {sized(items)}", pair))


def test_codec_path(record: Record, signer: Signer) -> None:
    path = CodecPath(own(PATH_ITEMS), ours(), signer)
    low, middle, high = (each * 1000 for each in rounds({"path": path.run})["path"])
    record.add(Measured(budget="codec-path", document=sized(PATH_ITEMS), value=middle, low=low, high=high))
    runs = [path.timed(perf_counter) for _ in range(PATH_RUNS)]
    record.stages = {name: median(run[name] for run in runs) for name in path.stages}


def test_growth(record: Record, signer: Signer, peers: Peers) -> None:
    declaration = ours()["declaration"]
    alone = "lxml's parse + validation"

    def works(items: int) -> dict[str, Work]:
        document = own(items)
        return {
            "decode": lambda: declaration.decode_xml(document.data),
            "encode": lambda: declaration.encode_xml(document.value),
            "codec path": CodecPath(document, ours(), signer).run,
            alone: lambda: peers.lxml.read(document.data),
        }

    points = growth(works, GROWTH_SECONDS)
    record.points = [point for point in points if point.operation != alone]
    for operation in dict.fromkeys(point.operation for point in record.points):
        detail = f"an item of 999 costs {flatness(points, operation):.2f} of one of 10"
        if operation == "decode":
            detail = f"{alone} {bend(points, alone):.2f}x; {detail}"
        record.add(Measured(budget="linear", document=operation, value=bend(points, operation), detail=detail))
