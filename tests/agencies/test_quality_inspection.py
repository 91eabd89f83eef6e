"""The quality-inspection reference rules, each where it has nothing to say and where it has."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace
from support.amending import amended, item
from support.answering import NOW, answer, remarks

from onewindow.codecs.messages.codes import (
    BillLineStatus,
    CountryCode,
    DangerClass,
    DocumentType,
    DutyTaxFeeType,
    PackageType,
    ReplyOutcome,
    WoodTreatment,
)
from onewindow.codecs.messages.common import AdditionalDocument, DangerousGoods, Packaging, Product
from onewindow.codecs.messages.declaration import Declaration
from onewindow.codecs.messages.reply import Reply

ITEM = "/QualityInspection/GoodsShipment/GovernmentAgencyGoodsItem[1]"
HS = item("commodity.classification.0.id")
NEEDED_AT = f"{ITEM}/Commodity/Classification[1]/ID"
ORIGIN = item("origin.country_code")
PRODUCT = item("commodity.product")
DANGER = item("commodity.dangerous_goods")
PACKAGING = item("packaging")
DOCUMENTS = item("additional_document")
ARRIVAL = "goods_shipment.arrival_date_time"
ARRIVED = date(2026, 9, 12)
"""The day the sample import arrived."""


def quality_inspection(declaration: Declaration) -> Reply:
    """What quality inspection answers."""
    return answer("quality-inspection", declaration)


def documents(*kinds: DocumentType) -> tuple[AdditionalDocument, ...]:
    """A document of each type."""
    return tuple(AdditionalDocument(type_code=kind, id="DOC-1") for kind in kinds)


# --- bans and certificates ---


@pytest.mark.parametrize(
    ("origin", "outcome"), [(CountryCode.DE, ReplyOutcome.REFUSED), (CountryCode.ES, ReplyOutcome.APPROVED)]
)
def test_banned_origin(imported: Declaration, origin: CountryCode, outcome: ReplyOutcome) -> None:
    """Pork is refused from an origin under a ban, and passes from another."""
    declaration = amended(amended(imported, HS, "0203290000"), ORIGIN, origin)
    papers = documents(DocumentType._853, DocumentType.GACC)
    reply = quality_inspection(amended(declaration, DOCUMENTS, papers))
    assert outcome is reply.outcome_code
    banned = [("quality-inspection.banned-origin", f"{ITEM}/Origin/CountryCode")]
    assert (banned if outcome is ReplyOutcome.REFUSED else []) == remarks(reply)


def test_ban_is_for_imports(exported: Declaration) -> None:
    """A ban on imports says nothing of exports."""
    declaration = amended(amended(exported, HS, "0203290000"), ORIGIN, CountryCode.DE)
    assert [] == remarks(quality_inspection(declaration))


@pytest.mark.parametrize(
    ("code", "kinds", "missing"),
    [
        ("0805100000", [DocumentType._851], ["phytosanitary"]),
        ("0402100000", [DocumentType._853, DocumentType.GACC], ["veterinary", "producer-registration"]),
        (
            "1905310000",
            [DocumentType._852, DocumentType.GACC, DocumentType.LABEL],
            ["sanitary", "producer-registration", "label"],
        ),
        ("4403110000", [DocumentType._851], ["phytosanitary"]),
        ("8413709990", [], []),
    ],
)
def test_certificates(imported: Declaration, code: str, kinds: list[DocumentType], missing: list[str]) -> None:
    """Imports pass with the certificates that their chapter needs, and are asked for those they lack."""
    declaration = amended(amended(imported, HS, code), DOCUMENTS, ())
    assert [(f"quality-inspection.{word}-missing", NEEDED_AT) for word in missing] == remarks(
        quality_inspection(declaration)
    )
    assert [] == remarks(quality_inspection(amended(declaration, DOCUMENTS, documents(*kinds))))


def test_expired_certificate(imported: Declaration) -> None:
    """An expired certificate is pointed at and asked for anew."""
    expired = replace(documents(DocumentType._851)[0], expiration_date_time=NOW)
    declaration = amended(amended(imported, HS, "0805100000"), DOCUMENTS, (expired,))
    assert [("quality-inspection.phytosanitary-expired", f"{ITEM}/AdditionalDocument[1]")] == remarks(
        quality_inspection(declaration)
    )


# --- exports ---


@pytest.mark.parametrize("proof", [DocumentType._3, DocumentType._851, DocumentType._856])
def test_listed_export_with_proof(exported: Declaration, proof: DocumentType) -> None:
    """Tea that was inspected where it grew passes."""
    assert [] == remarks(quality_inspection(amended(exported, DOCUMENTS, documents(proof))))


def test_listed_export_without_proof(exported: Declaration) -> None:
    """Tea that nobody inspected is inspected before it leaves, where it lies."""
    reply = quality_inspection(amended(exported, DOCUMENTS, ()))
    assert [("quality-inspection.export-inspection", NEEDED_AT)] == remarks(reply)
    assert reply.inspection is not None
    assert reply.inspection.goods_location is not None
    assert ("CNNGB3104Y12", (1,)) == (reply.inspection.goods_location.id, reply.inspection.item_sequence_numeric)


@pytest.mark.parametrize("flaw", [{"expiration_date_time": NOW}, {"deferred_indicator": True}])
def test_listed_export_with_flawed_proof(exported: Declaration, flaw: dict[str, object]) -> None:
    """A certificate that has expired or is yet to come does not spare tea its inspection."""
    flawed = replace(documents(DocumentType._851)[0], **flaw)
    assert [("quality-inspection.export-inspection", NEEDED_AT)] == remarks(
        quality_inspection(amended(exported, DOCUMENTS, (flawed,)))
    )


def test_export_off_the_list(exported: Declaration) -> None:
    """Goods that are on no list leave without a certificate."""
    assert [] == remarks(quality_inspection(amended(amended(exported, HS, "9403300090"), DOCUMENTS, ())))


# --- wooden packaging ---


@pytest.mark.parametrize("kind", ["imported", "exported"])
@pytest.mark.parametrize(
    ("package", "wooden", "treatment", "seen"),
    [
        (PackageType.CT, None, None, False),
        (PackageType.CT, True, None, True),
        (PackageType._8A, None, None, True),
        (PackageType._8A, False, None, True),
        (PackageType._8A, True, WoodTreatment.HT, False),
        (PackageType.CT, True, WoodTreatment.MB, False),
        (PackageType._4D, None, None, False),
    ],
)
def test_wooden_packaging(
    kind: str,
    package: PackageType,
    wooden: bool | None,
    treatment: WoodTreatment | None,
    seen: bool,
    request: pytest.FixtureRequest,
) -> None:
    """Wood without ISPM 15 treatment is examined, at import and export, declared as wood or known by package type."""
    packaging = Packaging(
        sequence_numeric=1,
        quantity_quantity=4,
        type_code=package,
        wooden_indicator=wooden,
        treatment_code=treatment,
    )
    reply = quality_inspection(amended(request.getfixturevalue(kind), PACKAGING, (packaging,)))
    untreated = [("quality-inspection.wood-untreated", f"{ITEM}/Packaging[1]")]
    assert (untreated if seen else []) == remarks(reply)
    assert seen == (reply.inspection is not None)


def test_treatment_fee(imported: Declaration) -> None:
    """Treating untreated wood costs 300 yuan an item, provisionally, however many packages there are."""
    pallet = Packaging(sequence_numeric=1, quantity_quantity=4, type_code=PackageType._8A)
    (line,) = quality_inspection(amended(imported, PACKAGING, (pallet, pallet))).duty_tax_fee
    assert (DutyTaxFeeType.OTH, Decimal("300.00")) == (line.type_code, line.payment_amount.value)
    assert (1, BillLineStatus.PROVISIONAL) == (line.item_sequence_numeric, line.status_code)


def test_visit_to_all_that_has_to_be_seen(imported: Declaration) -> None:
    """One visit covers every item with untreated wood, on mornings after the goods arrive."""
    pallet = Packaging(sequence_numeric=1, quantity_quantity=4, type_code=PackageType._8A)
    declaration = amended(imported, ARRIVAL, datetime(2026, 10, 15, 1, 0, tzinfo=UTC))
    for position in (0, 2):
        declaration = amended(declaration, item("packaging", position), (pallet,))
    visit = quality_inspection(declaration).inspection
    assert visit is not None
    assert (1, 3) == visit.item_sequence_numeric
    assert [16, 19, 20] == [slot.start_date_time.day for slot in visit.slot]


def test_slip_of_the_pen(imported: Declaration) -> None:
    """An arrival many years ahead does not put the visit off for ever."""
    pallet = Packaging(sequence_numeric=1, quantity_quantity=4, type_code=PackageType._8A)
    declaration = amended(amended(imported, ARRIVAL, datetime(2199, 12, 31, tzinfo=UTC)), PRODUCT, None)
    visit = quality_inspection(amended(declaration, PACKAGING, (pallet,))).inspection
    assert visit is not None
    assert [2026] * 3 == [slot.start_date_time.year for slot in visit.slot]


# --- shelf life ---


def wine(imported: Declaration, left: int, shelf_life: int = 300) -> Declaration:
    """The sample wine with so many days of its shelf life left on the day it arrives."""
    made = ARRIVED + timedelta(days=left - shelf_life)
    return amended(imported, PRODUCT, Product(production_date=made, shelf_life_days=shelf_life))


@pytest.mark.parametrize(
    ("left", "outcome", "code"),
    [
        (300, ReplyOutcome.APPROVED, None),
        (100, ReplyOutcome.APPROVED, None),
        (99, ReplyOutcome.APPROVED_WITH_CONDITIONS, "short-shelf-life"),
        (0, ReplyOutcome.APPROVED_WITH_CONDITIONS, "short-shelf-life"),
        (-1, ReplyOutcome.REFUSED, "expired"),
    ],
)
def test_shelf_life(imported: Declaration, left: int, outcome: ReplyOutcome, code: str | None) -> None:
    """A third of the shelf life left is enough, less comes with a condition, and none is refused."""
    reply = quality_inspection(wine(imported, left))
    assert outcome is reply.outcome_code
    pointer = f"{ITEM}/Commodity/Product/ShelfLifeDays"
    assert ([(f"quality-inspection.{code}", pointer)] if code else []) == remarks(reply)


def test_arrival_is_counted_in_china(imported: Declaration) -> None:
    """What expires on the 12th has expired on a ship that arrives when it is the 13th in China."""
    expiring = wine(imported, 0)
    evening = amended(expiring, ARRIVAL, datetime(2026, 9, 12, 15, 59, tzinfo=UTC))
    assert ReplyOutcome.APPROVED_WITH_CONDITIONS is quality_inspection(evening).outcome_code
    night = amended(expiring, ARRIVAL, datetime(2026, 9, 12, 16, 0, tzinfo=UTC))
    assert ReplyOutcome.REFUSED is quality_inspection(night).outcome_code


def test_sell_by_date(imported: Declaration) -> None:
    """What has little shelf life left is to be sold by the end of its last day in China."""
    (held,) = quality_inspection(wine(imported, 10)).condition
    assert datetime(2026, 9, 22, 15, 59, 59, tzinfo=UTC) == held.due_date_time


def test_endless_shelf_life(imported: Declaration) -> None:
    """A shelf life beyond the last date that a message can say is taken to end on that date."""
    declaration = amended(imported, ARRIVAL, datetime(2199, 12, 1, tzinfo=UTC))
    product = Product(production_date=date(2199, 11, 1), shelf_life_days=99_999)
    (held,) = quality_inspection(amended(declaration, PRODUCT, product)).condition
    assert datetime(2199, 12, 31, 15, 59, 59, tzinfo=UTC) == held.due_date_time


# --- dangerous goods ---

LITHIUM = DangerousGoods(undgid="3480", hazard_classification_id=DangerClass._9)


@pytest.mark.parametrize("kind", ["imported", "exported"])
def test_undeclared_dangerous_goods(kind: str, request: pytest.FixtureRequest) -> None:
    """Lithium batteries without UN number and safety data are asked for both."""
    declaration = amended(request.getfixturevalue(kind), HS, "8507600090")
    declaration = amended(amended(declaration, DOCUMENTS, ()), DANGER, None)
    assert [
        ("quality-inspection.un-number-missing", NEEDED_AT),
        ("quality-inspection.safety-data-missing", NEEDED_AT),
    ] == remarks(quality_inspection(declaration))


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (LITHIUM, []),
        (DangerousGoods(undgid="1203", hazard_classification_id=DangerClass._3), ["quality-inspection.un-number"]),
        (DangerousGoods(undgid="3480", hazard_classification_id=DangerClass._8), ["quality-inspection.un-number"]),
    ],
)
def test_un_number(imported: Declaration, declared: DangerousGoods, expected: list[str]) -> None:
    """UN number and class have to fit the goods, and each other."""
    declaration = amended(amended(imported, HS, "8507600090"), DANGER, declared)
    reply = quality_inspection(amended(declaration, DOCUMENTS, documents(DocumentType.MSDS)))
    assert [(code, f"{ITEM}/Commodity/DangerousGoods/UNDGID") for code in expected] == remarks(reply)


def test_dangerous_by_declaration(imported: Declaration) -> None:
    """Goods on no list that are declared as dangerous need safety data."""
    declaration = amended(amended(imported, HS, "8413709990"), DANGER, LITHIUM)
    reply = quality_inspection(amended(declaration, DOCUMENTS, ()))
    assert [("quality-inspection.safety-data-missing", f"{ITEM}/Commodity/DangerousGoods")] == remarks(reply)
