"""Admission: prohibited goods, required documents, and documents that may not follow later."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from support.amending import amended, item
from support.declarations import ISSUED, declaration, incomplete
from support.declared import EXPORT, IMPORT
from support.following import Logged, awaited
from support.windows import window

from onewindow.agencies.prohibition import Prohibition
from onewindow.agencies.registry import installed
from onewindow.codecs import DECLARATION
from onewindow.codecs.finding import Finding, Rejected, Text
from onewindow.codecs.messages.codes import CountryCode, DeclarationType, DocumentType
from onewindow.codecs.messages.common import Classification
from onewindow.codecs.messages.declaration import Declaration
from onewindow.gateway import intake
from onewindow.gateway.admission import admission_rules
from onewindow.gateway.config import Config, ProcedureConfig
from onewindow.gateway.papers import JSON, XML
from onewindow.gateway.sample import sample
from onewindow.gateway.store.store import Query

HS = item("commodity.classification.0.id")
ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"
SAMPLE = sample(2, DeclarationType.IM, "ADMISSION-1", ISSUED)


def found(declared: Declaration, procedure: ProcedureConfig | None = None) -> list[Finding]:
    """What a window that is configured like this finds wrong with a declaration."""
    config = Config(procedures={} if procedure is None else {"import": procedure, "export": procedure})
    return list(intake.check(declared, admission_rules(config, installed())))


def prohibited(reference: str) -> bytes:
    """The sample declaration of one item, with waste plastics in it."""
    return DECLARATION.encode_xml(amended(DECLARATION.decode_xml(declaration(reference)), HS, "3915100000"))


@pytest.mark.parametrize("declared", [IMPORT, EXPORT, SAMPLE, sample(20, DeclarationType.EX, "ADMISSION-2", ISSUED)])
def test_without_configuration_samples_are_admitted(declared: Declaration) -> None:
    """By default no document is required, all may follow later, and the samples have no prohibited goods."""
    assert [] == found(declared)


def test_prohibited_goods_are_named_with_rule_and_law() -> None:
    """Prohibited goods are found at their HS code, with rule, words and legal basis in both languages."""
    (finding,) = found(amended(SAMPLE, HS.replace(".0.", ".1.", 1), "3915100000"))
    assert ("goods-prohibited", f"{ITEM}[2]/Commodity/Classification[1]/ID", "3915100000") == (
        finding.code,
        finding.pointer,
        finding.value,
    )
    assert "It is forbidden to import waste plastics (rule customs.import.waste-plastics; Law on" in finding.message.en
    assert "Announcement 53 of 2020" in finding.message.en
    assert "禁止进口废塑料（规则 customs.import.waste-plastics；依据：《中华人民共和国固体废物" in finding.message.zh


@pytest.mark.parametrize(
    ("country", "words"),
    [
        (CountryCode.KP, ["seafood originating in Korea, Democratic People's Republic of", "进口原产于朝鲜的煤炭"]),
        (CountryCode.AU, []),
    ],
)
def test_a_prohibition_by_origin_names_it(country: CountryCode, words: list[str]) -> None:
    """Goods that are forbidden from one origin only are found from there, with the origin's name."""
    findings = found(amended(amended(SAMPLE, HS, "2701121000"), item("origin.country_code"), country))
    assert len(findings) == (1 if words else 0)
    assert all(word in finding.message.en + finding.message.zh for finding in findings for word in words)


@pytest.mark.parametrize(
    ("country", "words"), [(CountryCode.JP, ["natural sand to Japan", "向日本出口天然砂"]), (CountryCode.HK, [])]
)
def test_a_prohibition_of_exports_looks_at_the_destination(country: CountryCode, words: list[str]) -> None:
    """What may be exported to some places only is found on the way to another."""
    exported = amended(EXPORT, "goods_shipment.destination.country_code", country)
    findings = found(amended(exported, HS, "2505100000"))
    assert len(findings) == (1 if words else 0)
    assert all(word in finding.message.en + finding.message.zh for finding in findings for word in words)


def test_a_second_code_does_not_hide_prohibited_goods() -> None:
    """Goods that are classified more than once are found by each of their codes."""
    codes = SAMPLE.goods_shipment.government_agency_goods_item[0].commodity.classification
    second = Classification(id="391510", identification_type_code=codes[0].identification_type_code)
    findings = found(amended(SAMPLE, item("commodity.classification"), (*codes, second)))
    assert [f"{ITEM}[1]/Commodity/Classification[2]/ID"] == [finding.pointer for finding in findings]


def test_a_fifth_agency_brings_its_own_prohibitions() -> None:
    """What any installed agency forbids is refused, without a word of it in the window."""
    words = Text("toys", "玩具")
    toys = Prohibition(
        rule="toys.none", type_code=DeclarationType.IM, hs=("84",), goods=words, legal_basis=Text("By-law 5", "细则五")
    )
    agencies = installed()
    agencies["toys"] = replace(agencies["tax"], code="toys", prohibitions=(toys,))
    rules = admission_rules(Config(), agencies)
    assert ["It is forbidden to import toys (rule toys.none; By-law 5)."] == [
        finding.message.en for finding in intake.check(SAMPLE, rules)
    ]


def test_a_required_document_is_missing() -> None:
    """Each required document that is nowhere in the declaration is named in words; others are not."""
    required = ProcedureConfig(documents=(DocumentType._380, DocumentType.CCC, DocumentType._861))
    declared = amended(SAMPLE, item("additional_document"), ())
    findings = found(declared, required)
    assert [
        (
            "document-missing",
            "/Declaration/AdditionalDocument",
            "Compulsory product certification (CCC) is missing: an import declaration has to have it.",
            "缺少强制性产品认证证书（CCC）：进口申报单必须随附。",
        ),
        (
            "document-missing",
            "/Declaration/AdditionalDocument",
            "Certificate of origin (861) is missing: an import declaration has to have it.",
            "缺少原产地证书（861）：进口申报单必须随附。",
        ),
    ] == [(each.code, each.pointer, each.message.en, each.message.zh) for each in findings]


@pytest.mark.parametrize(
    "kind",
    [DocumentType._380, DocumentType._271, DocumentType._705, DocumentType.GACC],
    ids=["header", "header too", "transport", "item, deferred or not"],
)
def test_a_required_document_may_stand_anywhere(kind: DocumentType) -> None:
    """A document counts with the declaration, with an item and with the transport contract."""
    assert [] == found(SAMPLE, ProcedureConfig(documents=(kind,)))


def test_without_transport_there_is_no_bill_of_lading() -> None:
    """A bill of lading that is required and in no transport contract is missing."""
    declared = amended(SAMPLE, "goods_shipment.consignment", None)
    findings = found(declared, ProcedureConfig(documents=(DocumentType._705,)))
    assert ["AdditionalDocument with TypeCode 705"] == [finding.expected for finding in findings]


def deferring(*kinds: DocumentType) -> ProcedureConfig:
    """Only these may follow later."""
    return ProcedureConfig(deferrable=kinds)


@pytest.mark.parametrize(
    ("allowed", "pointers"),
    [
        (None, []),
        (deferring(DocumentType._852, DocumentType._380), []),
        (
            deferring(DocumentType._861),
            ["/Declaration/AdditionalDocument[1]/DeferredIndicator", f"{ITEM}[2]/AdditionalDocument[3]"],
        ),
        (deferring(), ["/Declaration/AdditionalDocument[1]/DeferredIndicator", f"{ITEM}[2]/AdditionalDocument[3]"]),
    ],
)
def test_only_some_documents_may_follow_later(allowed: ProcedureConfig | None, pointers: list[str]) -> None:
    """A document that is put off and may not be is found where it stands; without a list all may be put off."""
    first = SAMPLE.additional_document[0]
    invoice = replace(first, deferred_indicator=True, due_date=ISSUED.date())
    declared = replace(SAMPLE, additional_document=(invoice, *SAMPLE.additional_document[1:]))
    findings = found(declared, allowed)
    assert pointers == [finding.pointer.replace("[3]/DeferredIndicator", "[3]") for finding in findings]
    assert {"document-not-deferrable"} >= {finding.code for finding in findings}


def test_what_may_follow_later_is_said() -> None:
    """The finding names the document and those that may be put off, in both languages."""
    (finding,) = found(SAMPLE, deferring(DocumentType._861, DocumentType._380))
    allowed = "Certificate of origin (861), Commercial invoice (380)."
    assert f"Sanitary certificate (852) may not follow later; what may: {allowed}" == finding.message.en
    assert "卫生证书（852）不得容缺受理；可容缺：原产地证书（861）、商业发票（380）。" == finding.message.zh
    (finding,) = found(SAMPLE, deferring())
    assert finding.message.en.endswith("what may: nothing.")


async def test_the_window_stores_nothing_that_is_not_admitted(tmp_path: Path) -> None:
    """Prohibited goods, in XML or JSON, are refused before anything is stored and before anybody is asked."""
    logged = Logged()
    twin = DECLARATION.encode_json(DECLARATION.decode_xml(prohibited("ADMISSION-3")))
    async with window(tmp_path, logged) as opened:
        for body, media_type in ((prohibited("ADMISSION-3"), XML), (twin, JSON)):
            with pytest.raises(Rejected) as rejected:
                await opened.submit(body, media_type)
            with pytest.raises(Rejected):
                await opened.validate(body, media_type)
            assert ["goods-prohibited"] == [finding.code for finding in rejected.value.findings]
        assert () == await opened.find(Query())
    assert [] == logged.sent


async def test_a_revision_is_admitted_by_the_same_rules(tmp_path: Path) -> None:
    """Neither a supplement nor an amendment brings prohibited goods in, or puts off what has to be there."""
    config = Config(procedures={"import": ProcedureConfig(documents=(DocumentType._380,))})
    without = replace(DECLARATION.decode_xml(incomplete("ADMISSION-4")), additional_document=())
    async with window(tmp_path, config=config) as opened:
        case = await awaited(opened, "ADMISSION-4")
        for body, code in (
            (prohibited("ADMISSION-4"), "goods-prohibited"),
            (DECLARATION.encode_xml(without), "document-missing"),
        ):
            for revise in (opened.supplement, opened.amend):
                with pytest.raises(Rejected) as rejected:
                    await revise(case.id, body, XML)
                assert [code] == [finding.code for finding in rejected.value.findings]
        record = await opened.load(case.id)
        assert record is not None
    assert 1 == record.case.revision
