"""The codecs as a whole: cheap to import, safe in threads, linear in the size of a declaration."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import onewindow.codecs as codecs
from onewindow import schemas
from onewindow.codecs import DECLARATION, Codec, Rejected

SAMPLE = schemas.sample("import")

CODECS: dict[str, Codec[Any]] = {
    "declaration": codecs.DECLARATION,
    "customs": codecs.CUSTOMS,
    "tax": codecs.TAX,
    "market-supervision": codecs.MARKET_SUPERVISION,
    "quality-inspection": codecs.QUALITY_INSPECTION,
    "reply": codecs.REPLY,
    "receipt": codecs.RECEIPT,
    "response": codecs.RESPONSE,
}


@pytest.mark.parametrize("name", CODECS)
def test_each_message(name: str) -> None:
    """Every message has a codec that is named as its schema and refuses a document of another kind."""
    codec = CODECS[name]
    assert (name, f"urn:onewindow:{name}:1") == (codec.name, codec.namespace)
    assert schemas.path(name) == codec.schema
    with pytest.raises(Rejected) as caught:
        codec.decode_xml(f'<{codec.root} xmlns="urn:onewindow:none:1"/>'.encode())
    assert "root-unexpected" == caught.value.findings[0].code


def test_cheap_import() -> None:
    """Importing the codecs loads neither xmlschema nor a schema, and taking a valid declaration still does not."""
    code = (
        "import sys; from onewindow.codecs import DECLARATION; from onewindow import schemas;"
        "DECLARATION.decode_json(DECLARATION.encode_json(DECLARATION.decode_xml(schemas.sample('import'))));"
        "print('xmlschema' in sys.modules)"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert "False" == output.strip()


def test_prepare() -> None:
    """`prepare` changes nothing that a codec says."""
    codec = Codec("declaration", DECLARATION.type, DECLARATION.namespace)
    codec.prepare()
    assert DECLARATION.decode_xml(SAMPLE) == codec.decode_xml(SAMPLE)


def test_threads() -> None:
    """Threads that decode at the same time get their own document's findings, each the very same as alone."""
    documents = [
        re.sub(rb"<GoodsItemQuantity>3", b"<GoodsItemQuantity>%d" % (number % 2 * 1000 + number), SAMPLE)
        for number in range(1, 41)
    ]

    def said(document: bytes) -> Any:
        try:
            return DECLARATION.decode_xml(document)
        except Rejected as rejected:
            return rejected.findings

    alone = [said(document) for document in documents]
    with ThreadPoolExecutor(8) as pool:
        assert alone * 5 == list(pool.map(said, documents * 5))
    assert 20 == sum(isinstance(each, tuple) for each in alone)


@pytest.fixture(scope="module")
def largest() -> bytes:
    """The sample with as many items as a declaration may have."""
    item = re.search(rb"<GovernmentAgencyGoodsItem>.*?</GovernmentAgencyGoodsItem>", SAMPLE, re.DOTALL)
    assert item is not None
    return SAMPLE.replace(item[0], item[0] * 997, 1)


def test_largest(largest: bytes) -> None:
    """A declaration of 999 items is taken within the limits, in XML and in JSON."""
    declaration = DECLARATION.decode_xml(largest)
    assert 999 == len(declaration.goods_shipment.government_agency_goods_item)
    assert declaration == DECLARATION.decode_json(DECLARATION.encode_json(declaration))


def test_past_largest(largest: bytes) -> None:
    """A thousandth item is one finding, at that item, however large the document."""
    item = b"<GovernmentAgencyGoodsItem>"
    last = largest.rindex(item)
    end = largest.index(b"</GovernmentAgencyGoodsItem>") + len(b"</GovernmentAgencyGoodsItem>")
    first = largest[largest.index(item) : end]
    with pytest.raises(Rejected) as caught:
        DECLARATION.decode_xml(largest[:last] + first + largest[last:])
    pointer = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1000]"
    assert [("element-repeated", pointer)] == [(each.code, each.pointer) for each in caught.value.findings]


def test_rejection_in_words() -> None:
    """A rejection that reaches a log says its problem, its place and its words."""
    with pytest.raises(Rejected, match=r"^invalid: /Declaration/GoodsItemQuantity: Number of items"):
        DECLARATION.decode_xml(SAMPLE.replace(b"<GoodsItemQuantity>3", b"<GoodsItemQuantity>0"))
