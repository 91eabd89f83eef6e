"""Reply, receipt and response: what may come back, at the limit and one past it."""

from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING

import pytest
from lxml import etree

if TYPE_CHECKING:
    from tests.schemas.conftest import Engines

DIGEST = "sha256:" + "0" * 64
TEXTS = '<Text languageID="en">Fee unpaid</Text><Text languageID="zh">费用未缴</Text>'
PLACE = "<GoodsLocation><ID>CNSHA2248W03</ID></GoodsLocation>"
HOURS = "<StartDateTime>2026-09-15T01:00:00Z</StartDateTime><EndDateTime>2026-09-15T03:00:00Z</EndDateTime>"
LINE = (
    "<ItemSequenceNumeric>1</ItemSequenceNumeric><TypeCode>CUD</TypeCode>"
    '<TaxBaseAmount currencyID="CNY">195936</TaxBaseAmount><TaxRateNumeric>14</TaxRateNumeric>'
    '<PaymentAmount currencyID="CNY">27431.04</PaymentAmount><StatusCode>final</StatusCode>'
)

DOCUMENTS = {
    "reply": f"""<Reply xmlns="urn:onewindow:reply:1"><MessageID>C1/customs/1</MessageID>
        <AgencyCode>customs</AgencyCode>
        <AgencyReferenceID>H 2248</AgencyReferenceID><OutcomeCode>approved</OutcomeCode>
        <DecisionDateTime>2026-09-14T02:00:00Z</DecisionDateTime>
        <Finding><Code>customs.fee</Code>{TEXTS}</Finding>
        <Condition><Code>customs.pay</Code>{TEXTS}<DueDateTime>2026-10-14T02:00:00Z</DueDateTime></Condition>
        <DutyTaxFee>{LINE}</DutyTaxFee>
        <Inspection>{PLACE}<Slot>{HOURS}</Slot><ItemSequenceNumeric>1</ItemSequenceNumeric></Inspection>
        <CustomsValuation><ItemSequenceNumeric>1</ItemSequenceNumeric>
        <AssessedAmount currencyID="CNY">195936</AssessedAmount></CustomsValuation></Reply>""",
    "receipt": f"""<Receipt xmlns="urn:onewindow:receipt:1"><ID>C1</ID>
        <FunctionalReferenceID>PH 1</FunctionalReferenceID>
        <DeclarantID>91310115MA1K7Q2H8C</DeclarantID><StatusCode>accepted</StatusCode>
        <AcceptanceDateTime>2026-09-14T01:30:00Z</AcceptanceDateTime><Digest>{DIGEST}</Digest></Receipt>""",
    "response": f"""<Response xmlns="urn:onewindow:response:1"><ID>C1</ID>
        <FunctionalReferenceID>PH 1</FunctionalReferenceID>
        <DeclarantID>91310115MA1K7Q2H8C</DeclarantID><TypeCode>IM</TypeCode><RevisionNumeric>1</RevisionNumeric>
        <AcceptanceDateTime>2026-09-14T01:30:00Z</AcceptanceDateTime><IssueDateTime>2026-09-14T02:00:01Z</IssueDateTime>
        <OutcomeCode>cleared</OutcomeCode><ReleaseIndicator>true</ReleaseIndicator>
        <DeclarationDigest>{DIGEST}</DeclarationDigest>
        <AgencyDecision><AgencyCode>customs</AgencyCode>
        <Name languageID="en">Customs</Name><Name languageID="zh">海关</Name>
        <OutcomeCode>approved</OutcomeCode></AgencyDecision>
        <Finding><AgencyCode>tax</AgencyCode><Code>tax.fee</Code><Pointer>/Declaration</Pointer>{TEXTS}</Finding>
        <Condition><AgencyCode>tax</AgencyCode><Code>tax.pay</Code>{TEXTS}</Condition>
        <Bill><BillLine><AgencyCode>customs</AgencyCode>{LINE}</BillLine>
        <TotalAmount currencyID="CNY">27431.04</TotalAmount></Bill>
        <JointInspection>{PLACE}<Visit>{HOURS}<AgencyCode>customs</AgencyCode></Visit></JointInspection></Response>""",
}

ANSWERS = pytest.mark.parametrize("name", sorted(DOCUMENTS))

OCCURRENCES = [
    ("reply", "{*}Finding", 1000),
    ("reply", "{*}Condition", 100),
    ("reply", "{*}DutyTaxFee", 9999),
    ("reply", "{*}CustomsValuation", 999),
    ("reply", "{*}Inspection/{*}Slot", 20),
    ("reply", "{*}Inspection/{*}ItemSequenceNumeric", 999),
    ("response", "{*}AgencyDecision", 20),
    ("response", "{*}JointInspection/{*}Visit", 20),
    ("response", "{*}JointInspection/{*}Visit/{*}AgencyCode", 20),
]

VALUES = [
    ("reply", "{*}AgencyCode", "forestry-and-grassland", "Forestry"),
    ("reply", "{*}AgencyCode", "a" * 35, "a" * 36),
    ("reply", "{*}Finding/{*}Code", "a" * 64, "a" * 65),
    ("reply", "{*}Finding/{*}Text", "字" * 1024, "字" * 1025),
    ("reply", "{*}OutcomeCode", "refused", "cleared"),
    ("reply", "{*}DutyTaxFee/{*}StatusCode", "provisional", "paid"),
    ("receipt", "{*}ID", "c" * 64, "c" * 65),
    ("receipt", "{*}StatusCode", "accepted", "refused"),
    ("response", "{*}OutcomeCode", "withdrawn", "approved"),
    ("response", "{*}RevisionNumeric", "9999", "10000"),
    ("response", "{*}Finding/{*}Pointer", "/" * 1024, "/" * 1025),
]


def found(root: etree._Element, path: str) -> etree._Element:
    element = root.find(path)
    assert element is not None
    return element


@ANSWERS
def test_a_full_answer_is_accepted(name: str, engines: Callable[[str], "Engines"]) -> None:
    """A document with every part of its message is valid."""
    assert engines(name).accept(etree.fromstring(DOCUMENTS[name]))


@pytest.mark.parametrize(("name", "path", "most"), OCCURRENCES)
def test_a_part_may_occur_so_often_and_no_more(
    name: str, path: str, most: int, engines: Callable[[str], "Engines"]
) -> None:
    """The highest number of a part is accepted, one more is not."""
    root = etree.fromstring(DOCUMENTS[name])
    first = found(root, path)
    for _ in range(most - 1):
        first.addnext(deepcopy(first))
    assert engines(name).accept(root)
    first.addnext(deepcopy(first))
    assert not engines(name).accept(root)


@pytest.mark.parametrize(("name", "path", "within", "beyond"), VALUES)
def test_a_value_of_an_answer_at_its_limit_passes_and_one_past_it_fails(
    name: str, path: str, within: str, beyond: str, engines: Callable[[str], "Engines"]
) -> None:
    """The value at the limit is accepted, the next one is not."""
    root = etree.fromstring(DOCUMENTS[name])
    found(root, path).text = within
    assert engines(name).accept(root)
    found(root, path).text = beyond
    assert not engines(name).accept(root)


def test_a_finding_is_said_in_at_most_two_languages_that_are_named(engines: Callable[[str], "Engines"]) -> None:
    """One text or two are accepted, in English or Chinese; none, three, and a text in French are not."""
    root = etree.fromstring(DOCUMENTS["reply"])
    finding = found(root, "{*}Finding")
    english, chinese = finding.findall("{*}Text")
    chinese.addnext(third := deepcopy(chinese))
    assert not engines("reply").accept(root)
    finding.remove(third)
    finding.remove(chinese)
    assert engines("reply").accept(root)
    english.set("languageID", "fr")
    assert not engines("reply").accept(root)
    finding.remove(english)
    assert not engines("reply").accept(root)


@ANSWERS
def test_only_what_the_gateway_signs_has_room_for_a_signature(name: str, engines: Callable[[str], "Engines"]) -> None:
    """Receipt and response take an XML signature as the last child, a reply does not."""
    root = etree.fromstring(DOCUMENTS[name])
    etree.SubElement(root, "{http://www.w3.org/2000/09/xmldsig#}Signature")
    assert (name != "reply") == engines(name).accept(root)
