"""Numbers and codes of a declaration: what is refused at the door, and what must not be."""

from datetime import UTC, datetime
from typing import Literal

import pytest
from support.amending import amended, item

from onewindow import schemas
from onewindow.agencies.registry import installed
from onewindow.codecs import DECLARATION, Finding
from onewindow.codecs.code_lists import code_list
from onewindow.codecs.harmonized_system import subheadings
from onewindow.codecs.messages.codes import DangerClass, DeclarationType
from onewindow.codecs.messages.common import DangerousGoods
from onewindow.codecs.messages.declaration import Declaration
from onewindow.gateway import intake
from onewindow.gateway.admission import admission_rules
from onewindow.gateway.config import Config
from onewindow.gateway.sample import sample

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
RULES = admission_rules(Config(), installed())
IMPORT = sample(1, DeclarationType.IM, "ID-1", NOW)
EXPORT = sample(1, DeclarationType.EX, "ID-2", NOW)
ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]"
CONSIGNMENT = "/Declaration/GoodsShipment/Consignment"
HS = item("commodity.classification.0.id")
REGIME = item("government_procedure.current_code")
PREVIOUS = item("government_procedure.previous_code")
UN = item("commodity.dangerous_goods")
CONTAINER = "goods_shipment.consignment.transport_equipment.0.id"
PORT = "goods_shipment.consignment.loading_location.id"
OFFICE = "declaration_office_id"


def found(declared: Declaration) -> list[Finding]:
    """What the door says of a declaration."""
    return list(intake.check(declared, RULES))


def at_office(code: str) -> Declaration:
    """The import at an office."""
    return amended(IMPORT, OFFICE, code)


WRONG = [
    ("declarant.id", "91310000MA1FL4QK76", "check-digit-wrong", "/Declaration/Declarant/ID"),
    ("declarant.id", "91310000MA1FL4QI75", "check-digit-wrong", "/Declaration/Declarant/ID"),
    ("declarant.id", "91310000MA1FL4QK7", "credit-code-missing", "/Declaration/Declarant/ID"),
    ("declarant.id", "11010519491231002X", "credit-code-missing", "/Declaration/Declarant/ID"),
    ("importer.id", "91310000MA1FL4QK57", "check-digit-wrong", "/Declaration/Importer/ID"),
    ("importer.id", "DE271828182845904", "credit-code-missing", "/Declaration/Importer/ID"),
    ("exporter.id", "IT00743110158", "check-digit-wrong", "/Declaration/Exporter/ID"),
    ("exporter.id", "FR73282932000075", "check-digit-wrong", "/Declaration/Exporter/ID"),
    ("exporter.id", "BE0403019262", "check-digit-wrong", "/Declaration/Exporter/ID"),
    ("exporter.id", "ATU13585628", "check-digit-wrong", "/Declaration/Exporter/ID"),
    ("exporter.id", "91310000MA1FL4QK76", "check-digit-wrong", "/Declaration/Exporter/ID"),
    (item("manufacturer.id"), "DE136695977", "check-digit-wrong", f"{ITEM}/Manufacturer/ID"),
    (CONTAINER, "CSQU3054384", "check-digit-wrong", f"{CONSIGNMENT}/TransportEquipment[1]/ID"),
    (HS, "99999999", "commodity-code-unknown", f"{ITEM}/Commodity/Classification[1]/ID"),
    (HS, "00000000", "commodity-code-unknown", f"{ITEM}/Commodity/Classification[1]/ID"),
    (HS, "77010000", "commodity-code-unknown", f"{ITEM}/Commodity/Classification[1]/ID"),
    (HS, "8413999999", "commodity-code-unknown", f"{ITEM}/Commodity/Classification[1]/ID"),
    (HS, "849999", "commodity-code-unknown", f"{ITEM}/Commodity/Classification[1]/ID"),
    (HS, "853950", "commodity-code-unknown", f"{ITEM}/Commodity/Classification[1]/ID"),
    (REGIME, "9999", "procedure-unknown", f"{ITEM}/GovernmentProcedure/CurrentCode"),
    (REGIME, "4000", "procedure-unknown", f"{ITEM}/GovernmentProcedure/CurrentCode"),
    (PREVIOUS, "0000", "procedure-unknown", f"{ITEM}/GovernmentProcedure/PreviousCode"),
    (OFFICE, "0000", "office-unknown", "/Declaration/DeclarationOfficeID"),
    (OFFICE, "9900", "office-unknown", "/Declaration/DeclarationOfficeID"),
    (OFFICE, "22AB", "office-unknown", "/Declaration/DeclarationOfficeID"),
    (OFFICE, "22480", "office-unknown", "/Declaration/DeclarationOfficeID"),
    (OFFICE, "XX004851", "office-unknown", "/Declaration/DeclarationOfficeID"),
    (PORT, "XXHAM", "place-unknown", f"{CONSIGNMENT}/LoadingLocation/ID"),
    (PORT, "UKLON", "place-unknown", f"{CONSIGNMENT}/LoadingLocation/ID"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "code", "pointer"), WRONG)
def test_what_can_not_be_right(path: str, value: str, code: str, pointer: str) -> None:
    """A wrong check digit and a code of no list are one finding each, with the value, in both languages."""
    (one,) = found(amended(IMPORT, path, value))
    assert (code, pointer, value) == (one.code, one.pointer, one.value)
    assert value in one.message.en
    assert value in one.message.zh
    assert one.expected


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("declarant.id", "91350100M000100Y43"),
        ("importer.id", "N2430102MA4Q00011A"),
        ("exporter.id", "DE271828182845904"),
        ("exporter.id", "DE8154207"),
        ("exporter.id", "GB123456789000"),
        ("exporter.id", "US987654321"),
        ("exporter.id", "IT00743110157"),
        ("exporter.id", "FR73282932000074"),
        ("exporter.id", "PL856734621500000"),
        (CONTAINER, "CSQU3054383"),
        (CONTAINER, "TASU1170000"),
        (HS, "841370"),
        (HS, "8413709990"),
        (HS, "98030010"),
        (REGIME, "9610"),
        (REGIME, "1039"),
        (PREVIOUS, "0615"),
        (OFFICE, "2200"),
        (OFFICE, "9701"),
        (PORT, "XZZZZ"),
        (PORT, "HKHKG"),
    ],
)
def test_what_may_be_right(path: str, value: object) -> None:
    """Numbers of registers without a check digit, codes of every list and what nations add to them are taken."""
    assert [] == found(amended(IMPORT, path, value))


def test_who_has_to_have_a_credit_code() -> None:
    """At a Chinese office those at home need one, the importer or the exporter; elsewhere nobody does."""
    abroad = amended(amended(EXPORT, "importer.id", "DE8154207"), "exporter.id", "DE8154207")
    assert ["/Declaration/Exporter/ID"] == [finding.pointer for finding in found(abroad)]
    union = amended(amended(IMPORT, OFFICE, "DE004851"), REGIME, "4000")
    assert [] == found(amended(amended(union, "importer.id", "DE8154207"), "declarant.id", "DE8154207"))


@pytest.mark.parametrize(
    ("code", "taken"), [("4000", True), ("4071", True), ("0615", False), ("0040", False), ("9999", False)]
)
def test_procedures_of_the_union(code: str, taken: bool) -> None:
    """At an office of the European Union a procedure code is two of the Union's; at those of the world it is any."""
    assert taken is ([] == found(amended(at_office("DE004851"), REGIME, code)))
    assert [] == found(amended(at_office("SG000001"), REGIME, code))


@pytest.mark.parametrize(
    ("number", "taken"),
    [
        *(("0003", False), ("0004", True), ("0514", True), ("0515", False)),
        *(("1000", False), ("1001", True), ("3560", True), ("3561", False)),
    ],
)
def test_un_numbers(number: str, taken: bool) -> None:
    """UN numbers are among those given out, to the first and last of them."""
    goods = DangerousGoods(undgid=number, hazard_classification_id=DangerClass._9)
    assert ([] if taken else ["un-number-unknown"]) == [finding.code for finding in found(amended(IMPORT, UN, goods))]


def test_the_lists() -> None:
    """The Harmonized System of 2022 has 1,228 headings and 5,612 subheadings; other lists say of what date they are."""
    assert (1228, 5612) == (len({code[:4] for code in subheadings()}), len(subheadings()))
    assert all(len(code) == 6 and code.isdigit() for code in subheadings())
    assert 42 == len(code_list("CustomsDistrict").codes)
    for name in ("SupervisionMode", "CustomsDistrict", "UnionProcedure"):
        assert "as of" in code_list(name).words.en
        assert "截至" in code_list(name).words.zh
        assert all(each.words.en and each.words.zh for each in code_list(name).codes)


@pytest.mark.parametrize("kind", ["import", "export"])
def test_the_samples_are_right(kind: Literal["import", "export"]) -> None:
    """The shipped samples and those of every size break none of this."""
    assert [] == found(DECLARATION.decode_xml(schemas.sample(kind)))
    assert [] == found(sample(40, DeclarationType.IM if kind == "import" else DeclarationType.EX, "ID-3", NOW))
