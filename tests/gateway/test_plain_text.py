"""Text for people: what shows nothing and what hides is refused in declarations and in requests; names are not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.amending import amended, item

from onewindow.codecs import DECLARATION, Finding, Rejected
from onewindow.codecs.messages.codes import DeclarationType, DocumentType
from onewindow.codecs.messages.common import AdditionalDocument
from onewindow.codecs.messages.declaration import Declaration
from onewindow.gateway import intake
from onewindow.gateway.plain_text import all_mistakes, is_plain, mistakes
from onewindow.gateway.sample import sample

SAMPLE = sample(1, DeclarationType.IM, "TEXT-1", datetime(2026, 11, 20, 9, 30, tzinfo=UTC))

BLANKS = [
    "\u3000",
    "\xa0",
    "\u200b",
    "\u2003\u3000",
    "\u200d",
    "\u3164",
    "\u2800",
    "\ufe0f",
    "\xad",
    "\ufeff",
    "\u2060",
]
HIDING = ["\x7f", "\x80", "\x9b31m", "\x85", "\u202e", "\u202a", "\u2066", "\u2069", "\u200b", "\u200e", "\u200f",
          "\u061c", "\u2028", "\ufeff", "\ufff9"]  # fmt: skip
NAMES = [
    "上海浦瀚国际贸易有限公司",
    "Müller & Söhne GmbH",
    "شرکت می‌خواهم",
    "क्‍ष",
    "株式会社　東京",
    "Ltd.\xa0Co",
    "🏴‍☠️ Rum",
    "L’Oréal “x” — y…",
    "𠮷野家",
]
NUMBERS = ["沪食药监(2026)第12号", "沪食药监（2026）第12号", "沪市监许〔2026〕12号", "国食注进TJ20210001",
           "A/12 34.5-7",
           "№ 12/45", "N° 7", "#123", "QB/T 1952.1—2023", "(2026)12", "О-123", "粤妆备字【2026】1 号", "12*34", "A,B",
           "'1"]  # fmt: skip


def refusal(declared: Declaration, media_type: str) -> tuple[Finding, ...]:
    """The findings for which a declaration is refused; none where it is taken."""
    body = DECLARATION.encode_xml(declared) if media_type == intake.XML else DECLARATION.encode_json(declared)
    try:
        assert declared == intake.read(body, media_type)
    except Rejected as rejected:
        return rejected.findings
    return ()


@pytest.mark.parametrize("media_type", [intake.XML, intake.JSON])
@pytest.mark.parametrize("text", BLANKS)
def test_blank_names(text: str, media_type: str) -> None:
    """A name of characters that show nothing is blank, in XML and in JSON."""
    (one,) = refusal(amended(SAMPLE, "declarant.name", text), media_type)
    assert ("text-blank", "/Declaration/Declarant/Name") == (one.code, one.pointer)


@pytest.mark.parametrize("media_type", [intake.XML, intake.JSON])
@pytest.mark.parametrize("text", HIDING)
def test_names_that_hide(text: str, media_type: str) -> None:
    """A control character or a mark of direction in a text is a finding that names it and does not repeat it."""
    place = item("commodity.description")
    (one,) = refusal(amended(SAMPLE, place, f"Pump {text} steel"), media_type)
    pointer = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Description"
    assert ("character-hidden", pointer, f"U+{ord(text[0]):04X}") == (one.code, one.pointer, one.value)
    assert text[0] not in one.message.en + one.message.zh


@pytest.mark.parametrize("written", ["&#x202E;", "&#8238;", "&#x3000;&#160;"])
def test_characters_written_as_references(written: str) -> None:
    """A character is the same one where XML writes it as a reference."""
    body = DECLARATION.encode_xml(SAMPLE).replace(b"Elbhafen Handels GmbH", written.encode())
    with pytest.raises(Rejected) as rejected:
        intake.read(body, intake.XML)
    assert ["/Declaration/Exporter/Name"] == [finding.pointer for finding in rejected.value.findings]


@pytest.mark.parametrize("media_type", [intake.XML, intake.JSON])
@pytest.mark.parametrize("name", NAMES)
def test_names_of_the_world(name: str, media_type: str) -> None:
    """Names in any script are taken: letters that are joined, spaces of other widths within, quotes and pictures."""
    assert () == refusal(amended(SAMPLE, "declarant.name", name), media_type)


@pytest.mark.parametrize("media_type", [intake.XML, intake.JSON])
@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_as_printed(number: str, media_type: str) -> None:
    """A document's number is taken as it is printed on the document."""
    document = AdditionalDocument(type_code=DocumentType._380, id=number)
    declared = amended(amended(SAMPLE, "additional_document", (document,)), item("additional_document"), (document,))
    transport = "goods_shipment.consignment.transport_contract_document.0.id"
    assert () == refusal(amended(declared, transport, number), media_type)


@given(st.text(max_size=20))
def test_no_mistake_in_what_is_plain(text: str) -> None:
    """Where the bytes of a document are found plain, no text of it has a mistake."""
    shown = text.strip("\t\n \r")
    if shown and shown.isprintable() and is_plain(f"<a>{shown}</a>".encode()):
        assert [] == list(mistakes(shown, "/a"))


@pytest.mark.parametrize(
    "point", [*range(0x7F, 0xA1), 0xAD, *range(0x2000, 0x2070), 0x061C, 0x3000, 0xFEFF, 0xFFA0, 0xFFF9]
)
def test_every_character_is_seen(point: int) -> None:
    """A character that alone is a mistake makes the document one to look at."""
    found = list(mistakes(chr(point), "/a"))
    assert not found or not is_plain(f"<a>x{chr(point)}</a>".encode())


def test_where_a_text_is() -> None:
    """Of plain data each text has its own pointer, with places from 1."""
    plain = {"a": ["ok", "o\u202ek"], "b": {"c": "\u3000"}, "d": 7, "e": ""}
    assert [("/a[2]", "character-hidden"), ("/b/c", "text-blank")] == [
        (finding.pointer, finding.code) for finding in all_mistakes(plain)
    ]
