"""Findings: each mistake of an invalid declaration once, with element, line and what was expected."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from lxml import etree

from onewindow import schemas
from onewindow.codecs import DECLARATION, Finding, Rejected, explanation, limits
from onewindow.codecs.validation import Complaint, Validator, validator

SAMPLE = schemas.sample("import").decode()
ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"

Change = tuple[str, str]
"""A pattern and what its first match becomes."""


def changed(*changes: Change) -> bytes:
    """The sample declaration with each change made once."""
    document = SAMPLE
    for pattern, replacement in changes:
        document, count = re.subn(pattern, replacement, document, count=1, flags=re.DOTALL)
        assert 1 == count, pattern
    return document.encode()


def findings(document: bytes) -> tuple[Finding, ...]:
    """The findings for which a document is refused as invalid."""
    with pytest.raises(Rejected) as caught:
        DECLARATION.decode_xml(document)
    assert "invalid" == caught.value.problem
    return caught.value.findings


def line_of(document: bytes, words: str) -> int:
    """The line where the words first occur."""
    return document.decode().split(words, 1)[0].count("\n") + 1


TEN: tuple[tuple[Change, str, str, str, str], ...] = (
    (("<FunctionCode>9", "<FunctionCode>7"), "value-enumeration", "/Declaration/FunctionCode", "<FunctionCode>7", "9"),
    (("\n  <TypeCode>IM</TypeCode>", ""), "element-missing", "/Declaration/TypeCode", "<Declaration ", "TypeCode"),
    (
        ("<DeclarationOfficeID>2248", "<DeclarationOfficeID>22"),
        "value-pattern",
        "/Declaration/DeclarationOfficeID",
        "<DeclarationOfficeID>22",
        "[A-Z0-9]{4,8}",
    ),
    (
        ("<GoodsItemQuantity>3", "<GoodsItemQuantity>0"),
        "value-range",
        "/Declaration/GoodsItemQuantity",
        "<GoodsItemQuantity>",
        "at least 1",
    ),
    (
        ('<InvoiceAmount currencyID="EUR">', "<InvoiceAmount>"),
        "attribute-missing",
        "/Declaration/InvoiceAmount/@currencyID",
        "<InvoiceAmount>",
        "currencyID",
    ),
    (
        ("<RateNumeric>7.85", "<RateNumeric>7.1234567"),
        "value-digits",
        "/Declaration/CurrencyExchange[1]/RateNumeric",
        "7.1234567",
        "6 after the decimal point",
    ),
    (
        ("(<BorderTransportMeans>)", r"<Vessel>x</Vessel>\n  \1"),
        "element-unexpected",
        "/Declaration/Vessel",
        "<Vessel>",
        "BorderTransportMeans",
    ),
    (
        ("<JourneyID>026E", f"<JourneyID>{'x' * 36}"),
        "value-length",
        "/Declaration/BorderTransportMeans/JourneyID",
        "<JourneyID>",
        "1 to 35",
    ),
    (
        ("(<ModeCode>1</ModeCode>)", r"\1<ModeCode>1</ModeCode>"),
        "element-repeated",
        "/Declaration/BorderTransportMeans/ModeCode[2]",
        "<ModeCode>",
        "at most 1",
    ),
    (
        ("(<CustomsValueAmount [^>]*>)[0-9.]+", r"\1many"),
        "value-type",
        f"{ITEM}[1]/CustomsValueAmount",
        ">many<",
        "decimal",
    ),
)


def test_ten_mistakes() -> None:
    """A declaration with ten different mistakes gets exactly ten findings: element, line and what was expected."""
    document = changed(*(change for change, *_ in TEN))
    found = {finding.pointer: finding for finding in findings(document)}
    assert {pointer for _, _, pointer, _, _ in TEN} == set(found)
    assert 10 == len(findings(document))
    for _, code, pointer, words, expected in TEN:
        finding = found[pointer]
        assert (code, line_of(document, words)) == (finding.code, finding.line)
        assert expected in (finding.expected or "")


@pytest.mark.parametrize(("change", "code", "pointer", "words", "expected"), TEN, ids=[code for _, code, *_ in TEN])
def test_one_mistake(change: Change, code: str, pointer: str, words: str, expected: str) -> None:
    """Each kind of mistake on its own makes one finding, which names the element by its label in both languages."""
    (finding,) = findings(changed(change))
    assert (code, pointer) == (finding.code, finding.pointer)
    assert expected in (finding.expected or "")
    name = re.sub(r"\[\d+\]", "", pointer).rsplit("/", 1)[1].removeprefix("@")
    assert name in finding.message.en
    assert name in finding.message.zh
    assert re.search("[\u4e00-\u9fff]", finding.message.zh)


ONE_FINDING: tuple[tuple[str, tuple[Change, ...], str, str], ...] = (
    (
        "misspelled leaf",
        (("<TypeCode>IM</TypeCode>", "<Typecode>IM</Typecode>"),),
        "element-unexpected",
        "/Declaration/Typecode",
    ),
    (
        "misspelled parent",
        (("<Declarant>", "<Declarent>"), ("</Declarant>", "</Declarent>")),
        "element-unexpected",
        "/Declaration/Declarent",
    ),
    ("no namespace", (("<TypeCode>", '<TypeCode xmlns="">'),), "element-unexpected", "/Declaration/TypeCode"),
    (
        "misspelled attribute",
        (("unitCode", "unitcode"),),
        "attribute-unexpected",
        "/Declaration/TotalGrossMassMeasure/@unitcode",
    ),
    (
        "attribute too many",
        (("<TypeCode>", '<TypeCode listID="x">'),),
        "attribute-unexpected",
        "/Declaration/TypeCode/@listID",
    ),
    (
        "attribute value",
        (('currencyID="EUR"', 'currencyID="EURO"'),),
        "value-enumeration",
        "/Declaration/InvoiceAmount/@currencyID",
    ),
    (
        "order",
        (("(<FunctionCode>9</FunctionCode>)(.*?)(<TypeCode>)", r"\2\1\3"),),
        "element-misplaced",
        "/Declaration/FunctionalReferenceID",
    ),
    ("text between", (("<GoodsShipment>", "<GoodsShipment>and"),), "text-unexpected", "/Declaration/GoodsShipment"),
    ("child in text", (("<TypeCode>IM", "<TypeCode><b/>"),), "element-unexpected", "/Declaration/TypeCode/b"),
    ("no items", (("<GovernmentAgencyGoodsItem>.*</GovernmentAgencyGoodsItem>", ""),), "element-missing", f"{ITEM}[1]"),
    (
        "empty",
        (("<FunctionalReferenceID>[^<]*", "<FunctionalReferenceID>"),),
        "value-length",
        "/Declaration/FunctionalReferenceID",
    ),
    ("calendar", (("2026-09-14T", "2026-09-31T"),), "value-type", "/Declaration/IssueDateTime"),
    ("zone", ((r"09:30:00\+08:00", "09:30:00"),), "value-pattern", "/Declaration/IssueDateTime"),
    ("three times", (("(<Importer>.*</Importer>)", r"\1\1\1"),), "element-repeated", "/Declaration/Importer[2]"),
)


@pytest.mark.parametrize(
    ("changes", "code", "pointer"), [row[1:] for row in ONE_FINDING], ids=[row[0] for row in ONE_FINDING]
)
def test_one_finding(changes: tuple[Change, ...], code: str, pointer: str) -> None:
    """One mistake makes one finding, whatever else follows from it."""
    assert [(code, pointer)] == [(finding.code, finding.pointer) for finding in findings(changed(*changes))]


def test_meant_name() -> None:
    """A misspelled name is told the name that is missing."""
    (finding,) = findings(changed(("<Declarant>", "<Declarent>"), ("</Declarant>", "</Declarent>")))
    assert ("Declarent", "Declarant") == (finding.value, finding.expected)


def test_comment_in_value() -> None:
    """A comment or an instruction inside a wrong value does not change what is found."""
    (finding,) = findings(changed(("<TypeCode>IM", "<TypeCode>I<!-- -->M<?p?>X")))
    assert "IMX" == finding.value


@pytest.mark.parametrize(
    ("root", "value"),
    [
        (b'<Declaration xmlns="urn:onewindow:declaration:2"/>', "{urn:onewindow:declaration:2}Declaration"),
        (b"<Declaration/>", "Declaration"),
        (b'<Customs xmlns="urn:onewindow:customs:1"/>', "{urn:onewindow:customs:1}Customs"),
    ],
)
def test_root(root: bytes, value: str) -> None:
    """A document of another kind gets one finding, which names the root element it should have."""
    (finding,) = findings(root)
    assert ("root-unexpected", value) == (finding.code, finding.value)
    assert "{urn:onewindow:declaration:1}Declaration" == finding.expected


def test_long_value_shortened() -> None:
    """A finding repeats a long value only in part."""
    (finding,) = findings(changed(("<JourneyID>026E", f"<JourneyID>{'x' * 10_000}")))
    assert finding.value is not None
    assert limits.VALUE_CHARS_MAX == len(finding.value)


def many(count: int) -> bytes:
    """The sample with so many wrong containers."""
    wrong = "".join(
        f"<TransportEquipment><SequenceNumeric>{n + 1}</SequenceNumeric><ID>x</ID></TransportEquipment>"
        for n in range(count)
    )
    return changed((r"<TransportEquipment>.*</TransportEquipment>", wrong))


@pytest.mark.parametrize(("mistakes", "last"), [(99, "value-pattern"), (98, "value-pattern")])
def test_up_to_a_hundred(mistakes: int, last: str) -> None:
    """Up to a hundred mistakes are all listed."""
    found = findings(many(mistakes))
    assert (mistakes, last) == (len(found), found[-1].code)


def test_more_than_a_hundred() -> None:
    """Of more than a hundred mistakes the first ninety-nine are listed; the last finding says that there are more."""
    document = changed((r"(<GovernmentAgencyGoodsItem>.*</GovernmentAgencyGoodsItem>)", r"\1" * 40))
    document = document.replace(b"<CurrentCode>", b"<CurrentCode>x")
    found = findings(document)
    assert (limits.FINDING_COUNT_MAX, "findings-too-many") == (len(found), found[-1].code)
    assert {"value-pattern"} == {finding.code for finding in found[:-1]}


def test_in_order() -> None:
    """Findings come in the order of the document."""
    lines = [finding.line or 0 for finding in findings(changed(*(change for change, *_ in TEN)))]
    assert sorted(lines) == lines


@pytest.fixture
def as_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document counts as a large one."""
    monkeypatch.setattr(limits, "EXPLAINED_ELEMENT_COUNT_MAX", 1)


@pytest.mark.usefixtures("as_large")
@pytest.mark.parametrize(("change", "code", "pointer", "words", "expected"), TEN, ids=[code for _, code, *_ in TEN])
def test_large_document(change: Change, code: str, pointer: str, words: str, expected: str) -> None:
    """A mistake in a document too large to be searched through makes the same finding."""
    document = changed(change)
    (finding,) = findings(document)
    assert (code, pointer, line_of(document, words)) == (finding.code, finding.pointer, finding.line)


def test_never_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the explanation finds nothing the validator's own words are given, without namespaces."""
    silent: Callable[..., Iterable[Finding]] = lambda *_: ()  # noqa: E731 - one stand-in for a generator function
    monkeypatch.setattr(explanation, "_own_mistakes", silent)
    (finding,) = findings(changed(("<GoodsItemQuantity>3", "<GoodsItemQuantity>0")))
    assert ("schema", 8) == (finding.code, finding.line)
    assert "GoodsItemQuantity" in finding.message.en
    assert "urn:" not in finding.message.en


HINTS: tuple[tuple[str, str, list[tuple[str, str]]], ...] = (
    ("a type that is right", 'xsi:type="GoodsShipment"', []),
    ("a type that there is not", 'xsi:type="Bogus"', [("value-type", "@type")]),
    ("another type", 'xsi:type="Measure"', [("value-type", "@type")]),
    ("no name of a type", 'xsi:type="p:q r"', [("value-type", "@type")]),
    ("a prefix that is not declared", 'xsi:type="p:q"', [("value-type", "@type")]),
    ("nil", 'xsi:nil="true"', [("attribute-unexpected", "@nil")]),
    ("not nil", 'xsi:nil="false"', [("attribute-unexpected", "@nil")]),
    ("nil or not", 'xsi:nil="maybe"', [("attribute-unexpected", "@nil")]),
    ("a schema's place", 'xsi:schemaLocation="urn:x http://127.0.0.1:1/x.xsd"', []),
    ("an odd place", 'xsi:schemaLocation="a b c" xsi:noNamespaceSchemaLocation="%% 1"', []),
    ("another attribute", 'xsi:foo="x"', [("attribute-unexpected", "@foo")]),
    ("two", 'xsi:type="Bogus" xsi:nil="true"', [("value-type", "@type"), ("attribute-unexpected", "@nil")]),
)

BESIDE: tuple[tuple[Change, str, str], ...] = (
    (("<FunctionCode>9", "<FunctionCode>7"), "value-enumeration", "/Declaration/FunctionCode"),
    (("<CurrentCode>", "<CurrentCode>x"), "value-pattern", f"{ITEM}[1]/GovernmentProcedure/CurrentCode"),
    (("(<SequenceNumeric>)2", r"\1two"), "value-type", f"{ITEM}[2]/SequenceNumeric"),
    (("(<CustomsValueAmount) [^>]*", r"\1"), "attribute-missing", f"{ITEM}[1]/CustomsValueAmount/@currencyID"),
)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("prefix", ["", "ow:"])
@pytest.mark.parametrize(("attribute", "own"), [row[1:] for row in HINTS], ids=[row[0] for row in HINTS])
def test_beside_type_hints(
    attribute: str, own: list[tuple[str, str]], prefix: str, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An `xsi:` attribute hides no mistake, inside its element or elsewhere, and is one itself where it is wrong."""
    if large:
        monkeypatch.setattr(limits, "EXPLAINED_ELEMENT_COUNT_MAX", 1)
    xsi = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {attribute}'
    shipment = ("<GoodsShipment>", f"<GoodsShipment {xsi}>")
    document = changed(shipment, *(change for change, *_ in BESIDE))
    if prefix:
        document = re.sub(rb"<(/?)([A-Z])", rb"<\1ow:\2", document).replace(b"xmlns=", b"xmlns:ow=", 1)
        own = [("value-type", "@type"), *own] if "GoodsShipment" in attribute else own
    expected = [("/Declaration/GoodsShipment/" + place, code) for code, place in own]
    expected += [(pointer, code) for _, code, pointer in BESIDE]
    found = findings(document)
    assert sorted(expected) == sorted((each.pointer, each.code) for each in found)
    assert all(each.line and each.message.en and each.message.zh for each in found)


@pytest.mark.parametrize("kind", ["SCHEMAV_CVC_PATTERN_VALID", "SCHEMAV_CVC_IDC", "SCHEMAV_ELEMENT_CONTENT"])
def test_each_complaint_is_told(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the validator alone complains of is said beside what the explanation finds, at its element."""
    known = Validator.complaints
    other = Complaint(kind, "/*/*[19]/*[7]/*[6]", 194, "Element 'Commodity': Something else.")
    monkeypatch.setattr(Validator, "complaints", lambda self, root: [*known(self, root), other])
    found = findings(changed(("<FunctionCode>9", "<FunctionCode>7")))
    assert [("value-enumeration", 3), ("schema", 194)] == [(each.code, each.line) for each in found]
    assert f"{ITEM}[1]/Commodity" == found[1].pointer
    assert "Something else" in found[1].message.en
    assert "Something else" in found[1].message.zh


def test_valid_tree_has_no_mistakes() -> None:
    """In a valid document no element has a mistake by the explanation's own tests."""
    root: Any = etree.fromstring(SAMPLE.encode())
    assert validator(schemas.path("declaration")).is_valid(root)
    component = next(iter(explanation.model(schemas.path("declaration")).elements.values()))
    assert [] == list(explanation._everywhere(explanation.Spot(root, component, "/Declaration")))


FLOODS = {
    "unknown children": ("<FunctionCode>", "<Bogus/>" * 90_000 + "<FunctionCode>"),
    "misspelled children": ("<FunctionCode>9</FunctionCode>", "<FunctionCodd/>" * 90_000),
    "children too many": ("<CurrencyExchange>", "<CurrencyExchange/>" * 90_000 + "<CurrencyExchange>"),
    "children of a text": ("<FunctionCode>9", "<FunctionCode>" + "<a/>" * 90_000),
    "attributes": ("<FunctionCode>", "<FunctionCode" + "".join(f" a{index}=''" for index in range(90_000)) + ">"),
    "a long name": ("<FunctionCode>9</FunctionCode>", f"<{'FunctionCode' * 4000}/>"),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_flood(flood: str) -> None:
    """A document made to be costly to explain is explained all the same, in time that does not grow with its square."""
    found = findings(SAMPLE.replace(*FLOODS[flood], 1).encode())
    assert 1 <= len(found) <= limits.FINDING_COUNT_MAX
    assert all(each.code.startswith(("element-", "attribute-", "findings-")) for each in found)
