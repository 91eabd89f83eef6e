"""An agency whose own code fails on a declaration: that declaration alone is refused, by the agency's name."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs
from support.declarations import declaration
from support.served import DECLARATIONS, XML, Gateway, Held, served

from onewindow.agencies import UnusableAgency, installed
from onewindow.agencies.agency import AnyAgency
from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.declaration import Declaration
from onewindow.gateway import window
from onewindow.gateway.config import Config, StoreConfig
from onewindow.gateway.store import Query
from onewindow.gateway.window import Window

HEAVY = declaration("U-1", 7)


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose tax agency answers nothing."""
    async with served(tmp_path, Held()) as opened:
        yield opened


def break_tax(gateway: Gateway, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """Plant a fault in the tax agency's split or rules, which seven items bring out."""
    agencies: Any = gateway.window.agencies
    sound: AnyAgency = agencies["tax"]

    def split(declared: Declaration) -> Any:
        if len(declared.goods_shipment.government_agency_goods_item) == 7:
            raise KeyError("a secret of the declaration")
        return sound.split(declared)

    def assess(*_: Any) -> Any:
        raise KeyError("a secret of the declaration")

    broken = replace(sound, split=split) if part == "split" else replace(sound, assess=assess)
    monkeypatch.setitem(agencies, "tax", broken)


async def test_window_does_not_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window with an agency whose split fails on the samples does not open, and says which and why."""
    agencies = installed()
    agencies["tax"] = replace(agencies["tax"], split=lambda declared: 1 / 0)
    monkeypatch.setattr(window, "installed", lambda: agencies)
    config = Config(store=StoreConfig(url=f"sqlite:///{tmp_path / 'onewindow.db'}"))
    with pytest.raises(UnusableAgency) as caught:
        await Window.open(config)
    assert ("tax", "agency.split-fails") == (caught.value.entry_point, caught.value.finding.code)
    assert "ZeroDivisionError" in caught.value.finding.message.en


async def test_split_that_fails(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """A declaration on which an agency's split fails is a 503 that names the agency; nothing is stored of it."""
    break_tax(gateway, monkeypatch, "split")
    with capture_logs() as logs:
        answer = await gateway.post(HEAVY)
    assert (503, "agency-unable", "300") == (answer.status, answer.problem, answer.headers["Retry-After"])
    assert "(tax)" in answer.json["detail"]
    assert "（tax）" in answer.json["detail_zh"]
    assert b"secret" not in answer.body
    assert ["tax"] == [entry["agency"] for entry in logs if entry["event"] == "agency unable" and entry["exc_info"]]
    assert () == await gateway.window.find(Query())


async def test_others_are_served(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other declarations are taken as if nothing were; a revision on which the split fails leaves its case as it is."""
    break_tax(gateway, monkeypatch, "split")
    taken = await gateway.post(declaration("U-2", 3))
    assert 202 == taken.status
    revision = declaration("U-2", 7)
    path = taken.headers["Location"]
    answer = await gateway.ask("POST", f"{path}/amendments", {"Content-Type": XML}, revision)
    assert (503, "agency-unable") == (answer.status, answer.problem)
    assert 1 == (await gateway.get(path)).json["revision"]


@pytest.mark.parametrize("part", ["split", "rules"])
async def test_dry_run(gateway: Gateway, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    """A dry run says of which agency nothing can be said, and of the others what it says otherwise."""
    before = (await gateway.ask("POST", f"{DECLARATIONS}?dry_run=true", {"Content-Type": XML}, HEAVY)).json
    break_tax(gateway, monkeypatch, part)
    answer = await gateway.ask("POST", f"{DECLARATIONS}?dry_run=true", {"Content-Type": XML}, HEAVY)
    assert (200, False) == (answer.status, answer.json["complete"])
    tax = next(each for each in answer.json["agencies"] if each["code"] == "tax")
    assert (True, False, None) == (tax["unable"], tax["assessed"], tax["outcome"])
    assert (part == "rules") == tax["asked"]
    assert ("503" in tax["words"]["en"], "503" in tax["words"]["zh"]) == (part == "split", part == "split")
    others = [[each for each in found["agencies"] if each["code"] != "tax"] for found in (before, answer.json)]
    assert others[0] == others[1]
    assert DECLARATION.decode_xml(HEAVY).functional_reference_id == answer.json["reference"]
