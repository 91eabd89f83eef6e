"""The example of an agency outside the package: installed by pip it takes part, and the gateway knows nothing of it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from msgspec.structs import replace
from support.gateway_process import GatewayProcess, serving
from support.plugged_in import install, python

from onewindow import schemas
from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.codes import DangerClass, DocumentType
from onewindow.codecs.messages.common import AdditionalDocument, DangerousGoods
from onewindow.codecs.messages.declaration import GovernmentAgencyGoodsItem

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "docs" / "examples" / "maritime-safety"
CODE = "maritime-safety"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package was installed."""
    return install(PACKAGE, tmp_path_factory.mktemp("plugged"))


@pytest.fixture(scope="module")
def gateway(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """A gateway that finds the package, in a process of its own."""
    process = GatewayProcess(tmp_path_factory.mktemp("gateway"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(installed))
        with serving(process):
            yield process


def export() -> bytes:
    """An export by sea with lithium batteries and all the papers that maritime safety asks for."""
    declared = DECLARATION.decode_xml(schemas.sample("export"))
    certificate = AdditionalDocument(type_code=DocumentType._856, id="PKG-1")
    documents = (*declared.additional_document, certificate)
    return DECLARATION.encode_xml(replace(declared, additional_document=documents))


def dangerous(item: GovernmentAgencyGoodsItem, undg: str, danger: DangerClass) -> GovernmentAgencyGoodsItem:
    """The item, declared as dangerous goods."""
    goods = DangerousGoods(undgid=undg, hazard_classification_id=danger)
    return replace(item, commodity=replace(item.commodity, dangerous_goods=goods))


async def decided(gateway: GatewayProcess, declaration: bytes) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """The status and the response of a declaration, and the message to maritime safety as it was sent."""
    async with aiohttp.ClientSession(gateway.url) as client:
        headers = {"Content-Type": "application/xml", "Prefer": "wait=30", "Accept": "application/json"}
        async with client.post("/v1/declarations", data=declaration, headers=headers) as answer:
            assert 200 == answer.status, await answer.text()
            response = msgspec.json.decode(await answer.read())
        async with client.get(f"/v1/declarations/{response['ID']}") as answer:
            status = msgspec.json.decode(await answer.read())
        async with client.get(f"/v1/declarations/{response['ID']}/messages/{CODE}") as answer:
            message = await answer.read() if answer.status == 200 else b""
    return status, response, message


async def fetched(gateway: GatewayProcess, path: str) -> str:
    """What the gateway answers to a GET."""
    async with aiohttp.ClientSession(gateway.url) as client, client.get(path) as answer:
        assert 200 == answer.status
        return await answer.text()


def test_its_own_tests_pass(installed: Path) -> None:
    """The package's own tests pass with the package as it was installed."""
    folder = installed.parent / f"{PACKAGE.name}-source" / "tests"
    python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", ".", path=[installed], folder=folder)


def test_it_takes_part(gateway: GatewayProcess) -> None:
    """Dangerous goods by sea go to it as well; its decision is merged, and status, response and metrics show it."""
    status, response, message = asyncio.run(decided(gateway, export()))
    part = next(each for each in status["agencies"] if each["code"] == CODE)
    assert ("answered", "approved", {"en": "Maritime safety", "zh": "海事"}) == (
        part["state"],
        part["outcome"],
        part["name"],
    )
    decision = next(each for each in response["AgencyDecision"] if each["AgencyCode"] == CODE)
    assert "approved" == decision["OutcomeCode"]
    assert b'<MaritimeSafety xmlns="urn:example:maritime-safety:1"' in message
    metrics = asyncio.run(fetched(gateway, "/metrics"))
    assert 'onewindow_agency_seconds_count{agency="maritime-safety"} 1.0' in metrics


def test_what_it_finds_leads_to_the_declaration(gateway: GatewayProcess) -> None:
    """What it has to say points at the element of the trader's declaration, whose other items it never saw."""
    declared = DECLARATION.decode_xml(schemas.sample("export"))
    shipment = declared.goods_shipment
    assert shipment.consignment is not None
    first, second, third = shipment.government_agency_goods_item
    items = (first, dangerous(second, "1170", DangerClass._3), dangerous(third, "1942", DangerClass._5_1))
    equipment = shipment.consignment.transport_equipment[:1]
    together = replace(
        shipment,
        consignment=replace(shipment.consignment, transport_equipment=equipment),
        government_agency_goods_item=items,
    )
    changed = replace(declared, functional_reference_id="HY-EX-TOGETHER", goods_shipment=together)
    _, response, _ = asyncio.run(decided(gateway, DECLARATION.encode_xml(changed)))
    finding = next(each for each in response["Finding"] if each["Code"] == "maritime-safety.segregation")
    item = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]"
    assert f"{item}/Commodity/DangerousGoods/HazardClassificationID" == finding["Pointer"]
    assert "refused" == response["OutcomeCode"]


def test_it_is_not_asked_of_other_goods(gateway: GatewayProcess) -> None:
    """A declaration without dangerous goods is not sent to it, and the response says that it was not asked."""
    status, response, message = asyncio.run(decided(gateway, schemas.sample("import")))
    part = next(each for each in status["agencies"] if each["code"] == CODE)
    decision = next(each for each in response["AgencyDecision"] if each["AgencyCode"] == CODE)
    assert ("not-concerned", b"") == (part["state"], message)
    assert ["No dangerous goods are declared.", "未申报危险货物。"] == [
        each["value"] for each in decision["AbsenceReason"]
    ]


def test_its_schema_is_published(gateway: GatewayProcess) -> None:
    """The window publishes the agency's schema beside its own, with its words in both languages."""
    listed = msgspec.json.decode(asyncio.run(fetched(gateway, "/v1/schemas")))["schemas"]
    entry = next(each for each in listed if each["name"] == CODE)
    assert "urn:example:maritime-safety:1" == entry["namespace"]
    assert "海事" in entry["words"]["zh"]
    published = asyncio.run(fetched(gateway, entry["path"]))
    assert published == (PACKAGE / "maritime_safety" / "maritime-safety.xsd").read_text("utf-8")


def test_it_is_listed(installed: Path) -> None:
    """`onewindow agency list` has it, after the four."""
    rows = msgspec.json.decode(python("-m", "onewindow.gateway.cli", "agency", "list", "--json", path=[installed]))
    assert (CODE, 2700, True) == (rows[4]["code"], rows[4]["time_limit_seconds"], rows[4]["reference_desk"])


def test_the_guide_has_it(gateway: GatewayProcess) -> None:
    """The service guide of exports names it among the agencies, with purpose and time limit."""
    guide = asyncio.run(fetched(gateway, "/v1/guide/export"))
    assert "Maritime safety" in guide
    assert "依据《国际海运危险货物规则》审核" in guide


def test_it_keeps_the_contract(installed: Path) -> None:
    """`onewindow agency check` finds nothing that it breaks."""
    python("-m", "onewindow.gateway.cli", "agency", "check", CODE, path=[installed])


def test_gateway_does_not_know_it() -> None:
    """No line of the package names maritime safety: all that the window knows of it came with its package."""
    floors = [ROOT / name for name in ("gateway", "agencies", "codecs", "schemas")]
    sources = [path for floor in floors for path in floor.rglob("*") if path.suffix in (".py", ".xsd")]
    assert [] == [path for path in sources if CODE in path.read_text("utf-8")]


def test_a_simulation_leaves_it_out(installed: Path) -> None:
    """It has no counter, so a simulation leaves it out and says so."""
    few = ("simulate", "--declarations", "5", "--through", "0")
    shown = python("-m", "onewindow.gateway.cli", *few, path=[installed])
    assert f"no counter 没有对应柜台，未纳入  {CODE}" in shown
