"""All at once: what can be checked of a declaration is checked, whatever else in it can't be read."""

import json
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from onewindow import schemas
from onewindow.agencies.registry import installed
from onewindow.codecs import DECLARATION, Finding, Rejected
from onewindow.codecs.limits import FINDING_COUNT_MAX
from onewindow.codecs.messages.codes import DocumentType
from onewindow.codecs.messages.declaration import Declaration
from onewindow.gateway import intake
from onewindow.gateway.admission import admission_rules
from onewindow.gateway.config import Config, ProcedureConfig
from onewindow.gateway.dry_run import objections

SAMPLE = schemas.sample("import").decode()
ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"

Change = tuple[str, str]
"""A pattern and what its first match becomes."""

THIRTEEN: tuple[tuple[Change, str, str], ...] = (
    (("(<Importer>.*</Importer>)", ""), "party-missing", "/Declaration/Importer"),
    (("<FunctionCode>9", "<FunctionCode>7"), "value-enumeration", "/Declaration/FunctionCode"),
    (("(<DeclarationOfficeID>)2248", r"\1#"), "value-pattern", "/Declaration/DeclarationOfficeID"),
    (("<GoodsItemQuantity>3", "<GoodsItemQuantity>4"), "item-count", "/Declaration/GoodsItemQuantity"),
    (("(<InvoiceAmount [^>]*>)[0-9.]+", r"\g<1>12.00"), "invoice-total", "/Declaration/InvoiceAmount"),
    (("<RateNumeric>7.85", "<RateNumeric>7.1234567"), "value-digits", "/Declaration/CurrencyExchange[1]/RateNumeric"),
    (
        ("(<ModeCode>1</ModeCode>)", r"\1<ModeCode>1</ModeCode>"),
        "element-repeated",
        "/Declaration/BorderTransportMeans/ModeCode[2]",
    ),
    (("(<JourneyID>)026E", r"\1" + "x" * 36), "value-length", "/Declaration/BorderTransportMeans/JourneyID"),
    (("(<CustomsValueAmount [^>]*>)[0-9.]+", r"\1many"), "value-type", f"{ITEM}[1]/CustomsValueAmount"),
    (
        ("(<NetNetWeightMeasure [^>]*>)[0-9.]+", r"\g<1>9000"),
        "mass-order",
        f"{ITEM}[1]/Commodity/GoodsMeasure/NetNetWeightMeasure",
    ),
    (("(<CurrentCode>)", r"\1x"), "value-pattern", f"{ITEM}[1]/GovernmentProcedure/CurrentCode"),
    (("(<SequenceNumeric>)3(</SequenceNumeric>\\s*<Cus)", r"\g<1>7\2"), "item-sequence", f"{ITEM}[3]/SequenceNumeric"),
    (("(</GoodsShipment>)", r"<Zebra/>\1"), "element-unexpected", "/Declaration/GoodsShipment/Zebra"),
)
"""Mistakes against the schema and against rules, in the order of the document."""


def changed(*changes: Change) -> bytes:
    """The sample declaration with each change made once."""
    document = SAMPLE
    for pattern, replacement in changes:
        document, count = re.subn(pattern, replacement, document, count=1, flags=re.DOTALL)
        assert 1 == count, pattern
    return document.encode()


def findings(document: bytes, media_type: str = intake.XML) -> tuple[Finding, ...]:
    """The findings for which a declaration is refused."""
    with pytest.raises(Rejected) as caught:
        intake.read(document, media_type, admission_rules(Config(), {}))
    assert "invalid" == caught.value.problem
    return caught.value.findings


def shown(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Codes and pointers."""
    return [(finding.code, finding.pointer) for finding in found]


def test_thirteen_mistakes() -> None:
    """A file with thirteen mistakes gives thirteen findings in one round, in the order of the document."""
    found = findings(changed(*(change for change, *_ in THIRTEEN)))
    assert [(code, pointer) for _, code, pointer in THIRTEEN] == shown(found)
    lines = [finding.line or 0 for finding in found]
    assert sorted(lines) == lines
    assert lines[0] > 0


@pytest.mark.parametrize("seed", range(12))
def test_any_of_them(seed: int) -> None:
    """Whichever of the mistakes are there, their findings are, each once, also where all stands on one line."""
    chance = random.Random(seed)
    chosen = [each for each in THIRTEEN if chance.random() < 0.5 or each is THIRTEEN[seed]]
    document = re.sub(rb">\s+<", b"><", changed(*(change for change, *_ in chosen)))
    assert [(code, pointer) for _, code, pointer in chosen] == shown(findings(document))


def twin() -> Any:
    """The sample as plain data of its JSON form."""
    return json.loads(DECLARATION.encode_json(DECLARATION.decode_xml(SAMPLE.encode())))


def test_in_json() -> None:
    """JSON is told all at once as well, with JSON Pointers, in the order of its own members."""
    document = twin()
    item = document["GoodsShipment"]["GovernmentAgencyGoodsItem"]
    item[2]["SequenceNumeric"] = 7
    item[0]["CustomsValueAmount"]["value"] = "many"
    document["GoodsItemQuantity"] = 4
    document["BorderTransportMeans"]["ModeCode"] = ["1"]
    document["FunctionCode"] = "7"
    document["InvoiceAmount"]["value"] = "12.00"
    document["a/b~c"] = 1
    del document["Importer"]
    document = {"GoodsShipment": document.pop("GoodsShipment"), **document}
    found = findings(json.dumps(document).encode(), intake.JSON)
    assert [
        ("party-missing", "/Importer"),
        ("value-type", "/GoodsShipment/GovernmentAgencyGoodsItem/0/CustomsValueAmount/value"),
        ("item-sequence", "/GoodsShipment/GovernmentAgencyGoodsItem/2/SequenceNumeric"),
        ("value-enumeration", "/FunctionCode"),
        ("item-count", "/GoodsItemQuantity"),
        ("invoice-total", "/InvoiceAmount"),
        ("value-shape", "/BorderTransportMeans/ModeCode"),
        ("element-unexpected", "/a~1b~0c"),
    ] == [(finding.code, finding.json_pointer) for finding in found]
    assert all(finding.line is None for finding in found)


SILENT: tuple[tuple[str, tuple[Change, ...], list[tuple[str, str]]], ...] = (
    (
        "a party misspelled",
        (("<Importer>", "<Importr>"), ("</Importer>", "</Importr>")),
        [("element-unexpected", "/Declaration/Importr")],
    ),
    (
        "a currency misspelled",
        (("<CurrencyTypeCode>EUR", "<CurrencyTypeCode>EURO"),),
        [("value-enumeration", "/Declaration/CurrencyExchange[1]/CurrencyTypeCode")],
    ),
    (
        "an invoice currency misspelled",
        (('(<InvoiceAmount currencyID=")EUR', r"\1EURO"), (">100000.00<", ">1.00<")),
        [("value-enumeration", "/Declaration/InvoiceAmount/@currencyID")],
    ),
    (
        "a type that is missing",
        (("<TypeCode>IM</TypeCode>", ""), ("<Importer>.*</Importer>", "")),
        [("element-missing", "/Declaration/TypeCode")],
    ),
    (
        "no items",
        (("<GovernmentAgencyGoodsItem>.*</GovernmentAgencyGoodsItem>", ""),),
        [("element-missing", f"{ITEM}[1]")],
    ),
    (
        "an item misspelled",
        (("<GovernmentAgencyGoodsItem>", "<GovernmentAgencyGoodsItm>"), ("(</GovernmentAgencyGoodsIt)e", r"\1")),
        [("element-unexpected", "/Declaration/GoodsShipment/GovernmentAgencyGoodsItm")],
    ),
    (
        "a count given twice",
        (("(<GoodsItemQuantity>)3(</GoodsItemQuantity>)", r"\g<1>3\2\g<1>4\2"),),
        [("element-repeated", "/Declaration/GoodsItemQuantity[2]")],
    ),
    (
        "a number that is none",
        (("(<GoodsItemQuantity>)3", r"\1three"),),
        [("value-type", "/Declaration/GoodsItemQuantity")],
    ),
    (
        "a price that is none",
        (("(<ItemChargeAmount [^>]*>)[0-9.]+", r"\1dear"), ("(<InvoiceAmount [^>]*>)[0-9.]+", r"\g<1>1.00")),
        [("value-type", f"{ITEM}[1]/Commodity/InvoiceLine/ItemChargeAmount")],
    ),
    (
        "a mass without its unit",
        (
            ('<GrossMassMeasure unitCode="KGM">', "<GrossMassMeasure>"),
            ("(<NetNetWeightMeasure [^>]*>)[0-9.]+", r"\g<1>9000"),
        ),
        [("attribute-missing", f"{ITEM}[1]/Commodity/GoodsMeasure/GrossMassMeasure/@unitCode")],
    ),
)


@pytest.mark.parametrize(("changes", "expected"), [row[1:] for row in SILENT], ids=[row[0] for row in SILENT])
def test_a_rule_without_its_inputs_is_silent(changes: tuple[Change, ...], expected: list[tuple[str, str]]) -> None:
    """Of what follows from a mistake that has its finding, or may do so, nothing is said."""
    assert expected == shown(findings(changed(*changes)))


def test_a_document_that_may_be_the_required_one() -> None:
    """A document whose type can't be read may be one that is required; without such a one what is missing is said."""
    rules = admission_rules(Config(procedures={"import": ProcedureConfig(documents=(DocumentType._271,))}), {})
    wrong = ("<FunctionCode>9", "<FunctionCode>7")
    expected = {
        "<TypeCode>27l<": ["value-enumeration"] * 2,
        "<TypeCode>325<": ["document-missing", "value-enumeration"],
    }
    for planted, codes in expected.items():
        with pytest.raises(Rejected) as caught:
            intake.read(changed(wrong, ("<TypeCode>271<", planted)), intake.XML, rules)
        assert codes == sorted(each.code for each in caught.value.findings)


def test_an_agency_may_have_what_it_wants() -> None:
    """No agency asks for a document that may be there under a type that can't be read; it does for one that is not."""
    agencies = installed()
    procedure = Config().procedure("import", tuple(agencies))

    def objecting(declaration: Declaration) -> Iterator[Finding]:
        return objections(declaration, procedure, agencies, datetime(2026, 9, 20, tzinfo=UTC), test=False)

    expected = {"<TypeCode>LABELS<": ["value-enumeration"], "": ["quality-inspection.label-missing"]}
    for planted, codes in expected.items():
        label = r"<AdditionalDocument>\s*<TypeCode>LABEL<.*?</AdditionalDocument>"
        change = ("<TypeCode>LABEL<", planted) if planted else (label, "")
        with pytest.raises(Rejected) as caught:
            intake.read(changed(change, ("<FunctionCode>9", "<FunctionCode>7")), intake.XML, (objecting,))
        found = [each.code for each in caught.value.findings]
        assert sorted(["value-enumeration", *codes]) == sorted(found)


def without_item_list(document: Any) -> None:
    """An object where a list belongs."""
    shipment = document["GoodsShipment"]
    shipment["GovernmentAgencyGoodsItem"] = shipment["GovernmentAgencyGoodsItem"][0]


def with_null_item(document: Any) -> None:
    """Null in place of the second item."""
    document["GoodsShipment"]["GovernmentAgencyGoodsItem"][1] = None


def with_text_for_party(document: Any) -> None:
    """A name where a party belongs."""
    document["Importer"] = "Shanghai Ltd"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (without_item_list, "/GoodsShipment/GovernmentAgencyGoodsItem"),
        (with_null_item, "/GoodsShipment/GovernmentAgencyGoodsItem/1"),
        (with_text_for_party, "/Importer"),
    ],
)
def test_wrong_shapes_are_one_finding(change: Callable[[Any], None], pointer: str) -> None:
    """A JSON value of the wrong shape is one finding, at its own index, and no rule speaks of what it hides."""
    document = twin()
    change(document)
    found = findings(json.dumps(document).encode(), intake.JSON)
    assert [("value-shape", pointer)] == [(finding.code, finding.json_pointer) for finding in found]


def test_at_most_a_hundred() -> None:
    """Of more than a hundred mistakes of both kinds ninety-nine are listed; the last finding says so."""
    lines = re.compile("(<GovernmentAgencyGoodsItem>.*</GovernmentAgencyGoodsItem>)", re.DOTALL)
    many = lines.sub(r"\1" * 40, changed(("<FunctionCode>9", "<FunctionCode>7")).decode()).encode()
    found = findings(many)
    assert (FINDING_COUNT_MAX, "findings-too-many") == (len(found), found[-1].code)
    assert {"value-enumeration", "item-count", "item-sequence"} == {finding.code for finding in found[:-1]}
