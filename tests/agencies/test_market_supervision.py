"""The market-supervision reference rules, each where it has nothing to say and where it has."""

import pytest
from msgspec.structs import replace
from support.amending import amended, item
from support.answering import NOW, answer, remarks

from onewindow.codecs.messages.codes import DocumentType, ReplyOutcome
from onewindow.codecs.messages.common import AdditionalDocument
from onewindow.codecs.messages.declaration import Declaration
from onewindow.codecs.messages.reply import Reply

ITEM = "/MarketSupervision/GoodsShipment/GovernmentAgencyGoodsItem[1]"
HS = item("commodity.classification.0.id")
BRAND = item("commodity.brand_name")
MAKER = item("manufacturer.name")
DOCUMENTS = item("additional_document")


def market_supervision(declaration: Declaration) -> Reply:
    """What market supervision answers."""
    return answer("market-supervision", declaration)


def document(kind: DocumentType) -> AdditionalDocument:
    """A document of a type."""
    return AdditionalDocument(type_code=kind, id="DOC-1")


# --- companies ---


@pytest.mark.parametrize(
    "identifier",
    ["91310115MA1K7Q2H8D", "91310115MA1K7Q2H8", "IT04718260153", "91310115MA1K7Q2H8C0"],
)
def test_credit_code(imported: Declaration, identifier: str) -> None:
    """A wrong check character, a missing one, a foreign number and one character too many are all asked about."""
    reply = market_supervision(amended(imported, "importer.id", identifier))
    assert ReplyOutcome.SUPPLEMENT_REQUIRED is reply.outcome_code
    assert [("market-supervision.credit-code", "/MarketSupervision/Importer/ID")] == remarks(reply)


def test_credit_code_of_the_agent(imported: Declaration) -> None:
    """The agent's credit code is checked as well."""
    reply = market_supervision(amended(imported, "agent.id", "91310115MA1H84CN3X"))
    assert [("market-supervision.credit-code", "/MarketSupervision/Agent/ID")] == remarks(reply)


def test_credit_code_of_an_exporter(exported: Declaration) -> None:
    """Of an export the exporter needs a credit code, the foreign importer none."""
    reply = market_supervision(amended(exported, "exporter.id", "DE8154207"))
    assert [("market-supervision.credit-code", "/MarketSupervision/Exporter/ID")] == remarks(reply)
    assert [] == remarks(market_supervision(amended(exported, "importer.id", "DE0000000")))


def test_revoked_licence(imported: Declaration) -> None:
    """A company whose business licence was revoked is refused."""
    reply = market_supervision(amended(imported, "importer.id", "91120116MA0500005D"))
    assert ReplyOutcome.REFUSED is reply.outcome_code
    assert [("market-supervision.licence-revoked", "/MarketSupervision/Importer/ID")] == remarks(reply)


def test_abnormal_company(imported: Declaration) -> None:
    """A company on the list of abnormal operations may trade on the condition that it gets itself removed."""
    reply = market_supervision(amended(imported, "importer.id", "91350200MA3000006Y"))
    assert (ReplyOutcome.APPROVED_WITH_CONDITIONS, ()) == (reply.outcome_code, reply.finding)
    assert [("market-supervision.abnormal", "/MarketSupervision/Importer/ID")] == remarks(reply)


def test_business_scope(imported: Declaration) -> None:
    """A textile company may import shirts; wine, machines and coffee machines are outside its scope."""
    textile = amended(imported, "importer.id", "91370200MA3C000079")
    outside = [(code, pointer) for code, pointer in remarks(market_supervision(textile))]
    assert 3 == len(outside)
    assert ("market-supervision.scope", f"{ITEM}/Commodity/Classification[1]/ID") == outside[0]
    for position in range(3):
        textile = amended(textile, item("commodity.classification.0.id", position), "6109100000")
    assert [] == remarks(market_supervision(textile))


# --- certificates ---


@pytest.mark.parametrize(
    ("code", "kinds", "missing"),
    [
        ("8703234110", [DocumentType.CCC], ["ccc"]),
        ("8415101000", [DocumentType.CCC, DocumentType.ENERGY], ["ccc", "energy-label"]),
        ("8517130000", [DocumentType.CCC, DocumentType.SRRC], ["ccc", "radio-type-approval"]),
        ("9018193010", [DocumentType.MEDDEV], ["medical-device"]),
        ("6109100000", [], []),
    ],
)
def test_certificates(imported: Declaration, code: str, kinds: list[DocumentType], missing: list[str]) -> None:
    """An imported product passes with the certificates that its heading needs, and is asked for those it lacks."""
    declaration = amended(imported, HS, code)
    needed_at = f"{ITEM}/Commodity/Classification[1]/ID"
    assert [(f"market-supervision.{word}-missing", needed_at) for word in missing] == remarks(
        market_supervision(declaration)
    )
    certified = amended(declaration, DOCUMENTS, tuple(document(kind) for kind in kinds))
    assert [] == remarks(market_supervision(certified))


def test_certificate_in_the_header(imported: Declaration) -> None:
    """A certificate that goes with the whole declaration counts for its items."""
    declaration = replace(amended(imported, HS, "8703234110"), additional_document=(document(DocumentType.CCC),))
    assert [] == remarks(market_supervision(declaration))


def test_expired_certificate(imported: Declaration) -> None:
    """An expired certificate is pointed at and asked for anew."""
    expired = replace(document(DocumentType.CCC), expiration_date_time=NOW)
    declaration = amended(amended(imported, HS, "8703234110"), DOCUMENTS, (expired,))
    assert [("market-supervision.ccc-expired", f"{ITEM}/AdditionalDocument[1]")] == remarks(
        market_supervision(declaration)
    )


def test_products_for_export(exported: Declaration) -> None:
    """A product for export needs no certificate of the home market."""
    assert [] == remarks(market_supervision(amended(exported, HS, "8703234110")))


# --- brands ---


@pytest.mark.parametrize("kind", ["imported", "exported"])
@pytest.mark.parametrize("brand", ["Polarlark", "POLARLARK"])
def test_watched_brand(kind: str, brand: str, request: pytest.FixtureRequest) -> None:
    """Goods under a recorded brand that someone else made are inspected, at import and at export, within four weeks."""
    reply = market_supervision(amended(request.getfixturevalue(kind), BRAND, brand))
    assert [("market-supervision.brand", f"{ITEM}/Commodity/BrandName")] == remarks(reply)
    assert reply.inspection is not None
    assert ((1,), 20) == (reply.inspection.item_sequence_numeric, len(reply.inspection.slot))


def test_brand_by_its_own_maker(imported: Declaration) -> None:
    """Goods under a recorded brand that its own maker made pass."""
    declaration = amended(amended(imported, BRAND, "Polarlark"), MAKER, "Polarlark Outdoor Ltd.")
    assert [] == remarks(market_supervision(declaration))


def test_brand_without_a_maker(imported: Declaration) -> None:
    """Goods under a recorded brand are inspected where nobody says who made them."""
    declaration = amended(amended(imported, BRAND, "Polarlark"), item("manufacturer"), None)
    assert [("market-supervision.brand", f"{ITEM}/Commodity/BrandName")] == remarks(market_supervision(declaration))
