"""What is in hand and what is open: max_inflight, the metrics and the README say the same of it."""

import asyncio
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from support.declarations import declaration
from support.served import Gateway, Held, served

from onewindow.agencies.transport import Outgoing
from onewindow.gateway.config import GatewayConfig
from onewindow.gateway.store.store import StoreUnavailable

MOST = 3


class Officers:
    """A transport to agencies that take every message, for a person to answer."""

    async def deliver(self, outgoing: Outgoing) -> bytes | None:
        """It is taken."""
        return None


async def shown(gateway: Gateway) -> dict[str, float]:
    """The gauges of cases: in hand, and open by status."""
    text = (await gateway.get("/metrics")).body.decode()
    found = {}
    for family in text_string_to_metric_families(text):
        if family.name in ("onewindow_inflight", "onewindow_open_cases"):
            found.update({sample.labels.get("status", "in hand"): sample.value for sample in family.samples})
    return found


async def come_to(gateway: Gateway, in_hand: int) -> dict[str, float]:
    """The gauges once so many cases are in hand."""
    async with asyncio.timeout(60):
        while (found := await shown(gateway))["in hand"] != in_hand:
            await asyncio.sleep(0)
    return found


async def test_cases_at_an_officer_are_open_and_not_in_hand(tmp_path: Path) -> None:
    """However many cases wait for people, they are open, none is in hand, and the next declaration is taken."""
    async with served(tmp_path, Officers(), gateway=GatewayConfig(max_inflight=MOST)) as gateway:
        assert {0.0} == set((await shown(gateway)).values())
        for place in range(MOST + 2):
            answer = await gateway.post(declaration(f"OPEN-{place}"))
            assert 202 == answer.status
            found = await come_to(gateway, 0)
            assert place + 1 == found["processing"]
    others = {"accepted", "awaiting-trader", "awaiting-inspection"}
    assert {0.0} == {found[status] for status in others}
    assert {*others, "processing", "in hand"} == set(found)


async def test_cases_on_their_way_are_in_hand(tmp_path: Path) -> None:
    """As many cases as max_inflight says are worked on at one time; one more is put off until there is room."""
    held = Held()
    async with served(tmp_path, held, gateway=GatewayConfig(max_inflight=MOST)) as gateway:
        statuses = [(await gateway.post(declaration(f"OPEN-{place}"))).status for place in range(MOST)]
        full = await come_to(gateway, MOST)
        refused = await gateway.post(declaration("OPEN-more"))
        held.released.set()
        await come_to(gateway, 0)
        taken = await gateway.post(declaration("OPEN-more"))
    assert [202] * MOST == statuses
    assert (429, "overloaded", 202) == (refused.status, refused.problem, taken.status)
    assert MOST == full["in hand"] == full["accepted"] + full["processing"]


async def test_without_its_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the store can't be asked, open cases are no number, and all the rest is told."""

    async def unavailable() -> None:
        raise StoreUnavailable("gone")

    async with served(tmp_path) as gateway:
        monkeypatch.setattr(gateway.window, "count_open", unavailable)
        found = await shown(gateway)
    assert 0 == found.pop("in hand")
    assert found
    assert all(count != count for count in found.values())
