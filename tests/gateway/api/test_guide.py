"""The service guide over HTTP, and what the window does not admit."""

from pathlib import Path

import msgspec
from support.amending import amended, item
from support.declarations import declaration
from support.served import served

from onewindow.agencies.registry import installed
from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.codes import DocumentType
from onewindow.gateway.config import PROCEDURES, ProcedureConfig
from onewindow.gateway.service_guide import GuideList, ServiceGuide, guide_list, service_guide
from onewindow.gateway.store.store import Query


async def test_the_guide_is_that_of_the_window(tmp_path: Path) -> None:
    """The list and each procedure's guide are what the window's own configuration and agencies make."""
    own = ProcedureConfig(agencies=("tax", "customs"), after={"customs": ("tax",)}, documents=(DocumentType._380,))
    async with served(tmp_path, procedures={"import": own}) as gateway:
        listed = await gateway.get("/v1/guide")
        config = gateway.window.config
        guides = {name: await gateway.get(f"/v1/guide/{name}") for name in PROCEDURES}
        followed = [(await gateway.get(entry["path"])).status for entry in listed.json["procedures"]]
    assert guide_list(config, installed()) == msgspec.json.decode(listed.body, type=GuideList)
    assert [200, 200] == followed
    assert ["tax", "customs"] == [agency["code"] for agency in guides["import"].json["agencies"]]
    assert ["380"] == [each["type_code"] for each in guides["import"].json["documents"]["required"]]
    for name, answer in guides.items():
        assert service_guide(name, config, installed()) == msgspec.json.decode(answer.body, type=ServiceGuide)


async def test_a_procedure_that_does_not_exist(tmp_path: Path) -> None:
    """Another procedure is not found; the guide is read, not written, and only in JSON."""
    async with served(tmp_path) as gateway:
        missing = await gateway.get("/v1/guide/transit")
        written = await gateway.ask("POST", "/v1/guide/import")
        other = await gateway.get("/v1/guide/import", Accept="text/html")
    assert ["not-found", "method-not-allowed", "not-acceptable"] == [
        answer.problem for answer in (missing, written, other)
    ]


async def test_what_the_window_does_not_admit_is_told_over_http(tmp_path: Path) -> None:
    """Prohibited goods and missing documents are findings of a 422 with their lines, and nothing is stored."""
    own = ProcedureConfig(documents=(DocumentType.CCC,))
    path = item("commodity.classification.0.id")
    waste = DECLARATION.encode_xml(amended(DECLARATION.decode_xml(declaration("GUIDE-1")), path, "39151000"))
    async with served(tmp_path, procedures={"import": own}) as gateway:
        answer = await gateway.post(waste)
        stored = await gateway.window.find(Query())
    assert ((), 422, "invalid") == (stored, answer.status, answer.problem)
    missing, goods = sorted(answer.json["findings"], key=lambda each: each["code"])
    assert ("goods-prohibited", 2, "39151000") == (goods["code"], goods["line"], goods["value"])
    assert goods["pointer"].endswith("/GovernmentAgencyGoodsItem[1]/Commodity/Classification[1]/ID")
    assert "customs.import.waste-plastics" in goods["message"]["en"]
    assert "《中华人民共和国固体废物污染环境防治法》" in goods["message"]["zh"]
    assert ("document-missing", "/Declaration/AdditionalDocument") == (missing["code"], missing["pointer"])
