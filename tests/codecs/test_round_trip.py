"""What is encoded decodes to the same value, in XML and in JSON, for every message."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from support.forms import each_codec
from support.strategies import messages

import onewindow.codecs as codecs
from onewindow import schemas
from onewindow.codecs import Codec

SLOW_TO_DRAW = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@each_codec
@given(data=st.data())
@SLOW_TO_DRAW
def test_xml_round_trip(codec: Codec[Any], data: st.DataObject) -> None:
    """A message written as XML is valid and reads as the same message."""
    message = data.draw(messages(codec.type))
    assert message == codec.decode_xml(codec.encode_xml(message))


@each_codec
@given(data=st.data())
@SLOW_TO_DRAW
def test_json_round_trip(codec: Codec[Any], data: st.DataObject) -> None:
    """A message written as JSON is valid and reads as the same message."""
    message = data.draw(messages(codec.type))
    assert message == codec.decode_json(codec.encode_json(message))


@each_codec
@given(data=st.data())
@SLOW_TO_DRAW
def test_same_value_same_bytes(codec: Codec[Any], data: st.DataObject) -> None:
    """Reading and writing again changes no byte, so a message written once is the message for good."""
    written = codec.encode_xml(data.draw(messages(codec.type)))
    assert written == codec.encode_xml(codec.decode_xml(written))


@pytest.mark.parametrize("kind", ["import", "export"])
def test_sample_round_trip(kind: Any) -> None:
    """A sample declaration reads the same after being written as XML and as JSON."""
    declaration = codecs.DECLARATION.decode_xml(schemas.sample(kind))
    as_xml = codecs.DECLARATION.encode_xml(declaration)
    as_json = codecs.DECLARATION.encode_json(declaration)
    assert [declaration] * 2 == [codecs.DECLARATION.decode_xml(as_xml), codecs.DECLARATION.decode_json(as_json)]


def test_elements_survive() -> None:
    """Written again, a sample has the very elements, attributes and texts that it had."""

    def content(data: bytes) -> list[tuple[str, dict[str, str], str]]:
        elements: Any = etree.fromstring(data).iter("{*}*")
        return [(str(each.tag), dict(each.attrib), (each.text or "").strip()) for each in elements]

    sample = schemas.sample("import")
    assert content(sample) == content(codecs.DECLARATION.encode_xml(codecs.DECLARATION.decode_xml(sample)))


def test_json_numbers_stay_exact() -> None:
    """A decimal in JSON is never a float on its way: more digits than a float has arrive as they were sent."""
    document = codecs.DECLARATION.encode_json(codecs.DECLARATION.decode_xml(schemas.sample("import")))
    before, _, after = document.partition(b'"InvoiceAmount":{"value":"')
    changed = before + b'"InvoiceAmount":{"value":90071992547409.93' + after[after.index(b'"') + 1 :]
    assert Decimal("90071992547409.93") == codecs.DECLARATION.decode_json(changed).invoice_amount.value
