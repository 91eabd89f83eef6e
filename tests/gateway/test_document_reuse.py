"""Document reuse: who may refer to a document on file, as what and until when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.declared import declarations

from onewindow import schemas
from onewindow.codecs import DECLARATION
from onewindow.codecs.digest import digest
from onewindow.codecs.finding import Finding
from onewindow.codecs.limits import FINDING_COUNT_MAX
from onewindow.codecs.messages.codes import DocumentType
from onewindow.codecs.messages.common import AdditionalDocument, Party
from onewindow.codecs.messages.declaration import Declaration
from onewindow.gateway.document_reuse import DocumentStatus, delivery, findings, parties, references, standing
from onewindow.gateway.store import OnFile

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
SCAN = digest(b"a scan")
BILL = AdditionalDocument(type_code=DocumentType._705, id="BL-1", digest=SCAN)
IMPORT = DECLARATION.decode_xml(schemas.sample("import"))
EXPORT = DECLARATION.decode_xml(schemas.sample("export"))
STRANGER = "STRANGER1"
ENTRY = OnFile(
    number=1,
    digest=SCAN,
    owner=STRANGER,
    type_code=DocumentType._705,
    id="BL-1",
    media_type="application/pdf",
    bytes=6,
    received_at=NOW,
)


def naming(declaration: Declaration, *documents: AdditionalDocument) -> Declaration:
    """The declaration with these documents and no other that has a digest."""
    items = tuple(
        replace(item, additional_document=()) for item in declaration.goods_shipment.government_agency_goods_item
    )
    shipment = replace(declaration.goods_shipment, government_agency_goods_item=items)
    return replace(declaration, additional_document=documents, goods_shipment=shipment)


def judged(declaration: Declaration, *entries: OnFile, required: bool = False) -> tuple[Finding, ...]:
    """What is wrong with the declaration's references."""
    return findings(references(declaration), parties(declaration), entries, NOW, required=required)


def shown(declaration: Declaration, *entries: OnFile) -> tuple[DocumentStatus, ...]:
    """Which of the declaration's documents are on file."""
    return standing(references(declaration), parties(declaration), entries)


def codes(declaration: Declaration, *entries: OnFile, required: bool = False) -> list[str]:
    """The codes of what is wrong with the declaration's references."""
    return [finding.code for finding in judged(declaration, *entries, required=required)]


def named(party: Party | None) -> str:
    """A party's identifier."""
    assert party is not None
    return party.id


def agent(declaration: Declaration) -> str:
    """The agent's identifier."""
    assert declaration.agent is not None
    return declaration.agent.id


SOMEBODY_ELSE = Party(id="91310000TRADER", name="Somebody else")
BROKERED_IMPORT = replace(IMPORT, importer=SOMEBODY_ELSE)
BROKERED_EXPORT = replace(EXPORT, exporter=SOMEBODY_ELSE)


@pytest.mark.parametrize(
    ("declaration", "party", "may"),
    [
        (IMPORT, IMPORT.declarant.id, True),
        (IMPORT, agent(IMPORT), True),
        (BROKERED_IMPORT, SOMEBODY_ELSE.id, True),
        (IMPORT, named(IMPORT.exporter), False),
        (IMPORT, STRANGER, False),
        (EXPORT, EXPORT.declarant.id, True),
        (BROKERED_EXPORT, SOMEBODY_ELSE.id, True),
        (EXPORT, named(EXPORT.importer), False),
    ],
)
@pytest.mark.parametrize("shared", [False, True])
def test_who_may_refer(declaration: Declaration, party: str, may: bool, shared: bool) -> None:
    """Those who own a document or share it may refer to it as declarant, agent or principal; the other side may not."""
    entry = replace(ENTRY, shared_with=("AAAAA", party)) if shared else replace(ENTRY, owner=party)
    found = judged(naming(declaration, BILL), entry)
    expected = [] if may else [("document-not-shared", "/Declaration/AdditionalDocument[1]/Digest")]
    assert expected == [(finding.code, finding.pointer) for finding in found]


MINE = replace(ENTRY, number=2, owner=IMPORT.declarant.id)


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ((), None),
        ((MINE,), None),
        ((replace(MINE, id="another number"),), None),
        ((ENTRY,), "document-not-shared"),
        ((ENTRY, MINE), None),
        ((replace(MINE, type_code=DocumentType._380),), "document-type-differs"),
        ((replace(MINE, type_code=DocumentType._380), MINE), None),
        ((replace(MINE, type_code=DocumentType._380), ENTRY), "document-type-differs"),
        ((replace(MINE, expires_at=NOW),), "document-expired"),
        ((replace(MINE, expires_at=NOW + timedelta(seconds=1)),), None),
        ((replace(MINE, expires_at=NOW), MINE), None),
        ((replace(MINE, expires_at=NOW), ENTRY), "document-expired"),
    ],
)
def test_one_entry_that_fits(entries: tuple[OnFile, ...], code: str | None) -> None:
    """Of all entries of a file one that fits in every way is enough; where none does the nearest miss is told."""
    assert ([] if code is None else [code]) == codes(naming(IMPORT, BILL), *entries)


def test_required() -> None:
    """Where files have to be on file one that is not is refused; a document without a digest is left alone."""
    without = replace(BILL, digest=None)
    assert ["document-not-on-file"] == codes(naming(IMPORT, without, BILL), required=True)[1:]
    assert [] == codes(replace(naming(IMPORT, without, BILL), agent=None), MINE, required=True)


def item_document(declaration: Declaration) -> Declaration:
    """The bill as a document of the second item."""
    first, second, *others = declaration.goods_shipment.government_agency_goods_item
    items = (first, replace(second, additional_document=(replace(BILL, digest=None), BILL)), *others)
    shipment = replace(declaration.goods_shipment, government_agency_goods_item=items)
    return replace(declaration, goods_shipment=shipment)


def mandate(declaration: Declaration) -> Declaration:
    """The bill as the agent's mandate."""
    assert declaration.agent is not None
    return replace(declaration, agent=replace(declaration.agent, mandate=BILL))


@pytest.mark.parametrize(
    ("place", "pointer"),
    [
        (lambda whole: naming(whole, BILL), "/Declaration/AdditionalDocument[1]"),
        (item_document, "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/AdditionalDocument[2]"),
        (mandate, "/Declaration/Agent/Mandate"),
    ],
)
def test_every_place(place: Callable[[Declaration], Declaration], pointer: str) -> None:
    """A document is found wherever one can stand in a declaration, and pointed at there."""
    declaration = place(naming(IMPORT))
    (finding,) = judged(declaration, ENTRY)
    (status,) = [each for each in shown(declaration, ENTRY) if each.digest == SCAN]
    assert (f"{pointer}/Digest", pointer, False) == (finding.pointer, status.pointer, status.on_file)
    (status,) = [each for each in shown(declaration, MINE) if each.digest == SCAN]
    assert status.on_file


@pytest.mark.parametrize("entry", [ENTRY, replace(MINE, type_code=DocumentType._380)])
def test_not_on_file_for_this_declaration(entry: OnFile) -> None:
    """What is on file for others, or as another type, is not on file for this declaration."""
    (status,) = [each for each in shown(naming(IMPORT, BILL), entry) if each.digest == SCAN]
    assert ("705", "BL-1", False) == (status.type_code, status.id, status.on_file)


def test_findings_at_once() -> None:
    """All findings come at once, up to the limit."""
    assert ["document-not-shared"] * 3 == codes(naming(IMPORT, BILL, BILL, BILL), ENTRY)
    item = naming(IMPORT).goods_shipment.government_agency_goods_item[0]
    shipment = replace(
        IMPORT.goods_shipment, government_agency_goods_item=(replace(item, additional_document=(BILL,) * 99),) * 2
    )
    assert FINDING_COUNT_MAX == len(codes(replace(IMPORT, goods_shipment=shipment), ENTRY))


@given(declaration=declarations(), scans=st.lists(st.sampled_from([SCAN, None]), min_size=4))
@settings(max_examples=25)
def test_any_declaration(declaration: Declaration, scans: list[str | None]) -> None:
    """Of any declaration every document with a digest has a status, and none is wrong where nothing is on file."""
    documents = tuple(replace(BILL, digest=scan) for scan in scans[:4])
    whole = replace(declaration, additional_document=documents)
    assert [each.digest for each in references(whole)] == [each.digest for each in shown(whole, ENTRY)]
    assert () == judged(whole)


def test_what_came_later() -> None:
    """A document that was to follow and has come goes by the digest of what came; others by their own."""
    follows = replace(BILL, digest=None, deferred_indicator=True)
    other = replace(BILL, id="BL-2", digest=digest(b"other"))
    declaration = replace(naming(IMPORT, follows, other), agent=None)
    referred = references(declaration, {("705", "BL-1"): SCAN})
    assert [("BL-1", True), ("BL-2", False)] == [
        (each.id, each.on_file) for each in standing(referred, parties(declaration), (MINE,))
    ]
    came = delivery(follows, SCAN)
    (finding,) = findings([came], parties(declaration), (ENTRY,), NOW, required=False)
    assert ("document-not-shared", "/digest") == (finding.code, finding.pointer)
    assert () == findings([came], parties(declaration), (MINE,), NOW, required=True)
