"""Writing XML: well-formed whatever the values are, compact, the same bytes every time."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree
from msgspec.structs import replace

from onewindow import schemas
from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.codes import CurrencyCode
from onewindow.codecs.messages.common import Amount
from onewindow.codecs.messages.declaration import Declaration


@pytest.fixture(scope="module")
def declaration() -> Declaration:
    """The sample declaration."""
    return DECLARATION.decode_xml(schemas.sample("import"))


def named(declaration: Declaration, name: str) -> Declaration:
    """The declaration with its declarant under another name."""
    return replace(declaration, declarant=replace(declaration.declarant, name=name))


@pytest.mark.parametrize(
    "name",
    ["A & B", "<b>", "a > b", "]]>", "\"'", "&amp;", "<!-- -->", "<![CDATA[", "海\U0001f6a2", "a\u00a0b", "\x7f\x85"],
)
def test_escaping(declaration: Declaration, name: str) -> None:
    """Whatever XML gives a meaning to is text in a value, and reads as that text."""
    changed = named(declaration, name)
    written = DECLARATION.encode_xml(changed)
    root: Any = etree.fromstring(written)
    assert name == root.findtext("{*}Declarant/{*}Name")
    assert changed == DECLARATION.decode_xml(written)


def test_line_ends(declaration: Declaration) -> None:
    """A carriage return is written so that a parser does not turn it into a line feed."""
    root: Any = etree.fromstring(DECLARATION.encode_xml(named(declaration, "a\rb\r\nc")))
    assert "a\rb\r\nc" == root.findtext("{*}Declarant/{*}Name")


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_characters_refused(declaration: Declaration, character: str) -> None:
    """A character that XML cannot carry is an error at once, never a document that nobody can read."""
    with pytest.raises(ValueError):  # noqa: PT011 - Python's own for a surrogate, the encoder's for the others
        DECLARATION.encode_xml(named(declaration, f"a{character}b"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("1.5E+4"), "15000"),
        (Decimal("1E-2"), "0.01"),
        (Decimal("0E-7"), "0.0000000"),
        (Decimal("12.50"), "12.50"),
        (Decimal("99999999999999.99"), "99999999999999.99"),
    ],
)
def test_decimals(declaration: Declaration, value: Decimal, text: str) -> None:
    """A decimal is written without an exponent, in XML and in JSON, with the digits that it has."""
    changed = replace(declaration, invoice_amount=Amount(value=value, currency_id=CurrencyCode.CNY))
    root: Any = etree.fromstring(DECLARATION.encode_xml(changed))
    assert text == root.findtext("{*}InvoiceAmount")
    assert f'"InvoiceAmount":{{"value":"{text}"'.encode() in DECLARATION.encode_json(changed)


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_decimals_refused(declaration: Declaration, value: str) -> None:
    """A decimal that is no number is an error, in XML and in JSON."""
    changed = replace(declaration, invoice_amount=Amount(value=Decimal(value), currency_id=CurrencyCode.CNY))
    with pytest.raises(ValueError, match="finite"):
        DECLARATION.encode_xml(changed)
    with pytest.raises(ValueError, match="finite"):
        DECLARATION.encode_json(changed)


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        (dt.UTC, "2026-01-31T08:00:00Z"),
        (dt.timezone(dt.timedelta(0)), "2026-01-31T08:00:00Z"),
        (dt.timezone(dt.timedelta(hours=8)), "2026-01-31T08:00:00+08:00"),
        (dt.timezone(dt.timedelta(hours=-3, minutes=-30)), "2026-01-31T08:00:00-03:30"),
    ],
)
def test_times(declaration: Declaration, zone: dt.tzinfo, text: str) -> None:
    """A time is written by RFC 3339 with its zone, UTC as Z."""
    changed = replace(declaration, issue_date_time=dt.datetime(2026, 1, 31, 8, tzinfo=zone))
    assert f"<IssueDateTime>{text}</IssueDateTime>".encode() in DECLARATION.encode_xml(changed)


def test_form(declaration: Declaration) -> None:
    """A document begins with its XML declaration, has one namespace declaration and no blank between elements."""
    written = DECLARATION.encode_xml(declaration)
    start = b'<?xml version="1.0" encoding="UTF-8"?>\n<Declaration xmlns="urn:onewindow:declaration:1"><FunctionCode>'
    assert start == written[: len(start)]
    assert 1 == written.count(b"xmlns")
    assert [] == [each.tag for each in etree.fromstring(written).iter() if each.tail or (len(each) and each.text)]


def test_equal_values_equal_bytes(declaration: Declaration) -> None:
    """Two values that are built apart and equal give the same bytes."""
    again = DECLARATION.decode_json(DECLARATION.encode_json(declaration))
    assert DECLARATION.encode_xml(declaration) == DECLARATION.encode_xml(again)
    assert DECLARATION.encode_json(declaration) == DECLARATION.encode_json(again)


def test_absent_left_out(declaration: Declaration) -> None:
    """What a declaration does not have is not written, neither as an empty element nor as null."""
    bare = replace(declaration, agent=None, additional_document=(), signature=None)
    for written in (DECLARATION.encode_xml(bare), DECLARATION.encode_json(bare)):
        assert b"Agent" not in written.replace(b"GovernmentAgency", b"")
        assert b"Signature" not in written
        assert b"null" not in written
