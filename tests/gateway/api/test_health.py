"""Probes and metrics."""

import asyncio
import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families
from support.declarations import declaration
from support.served import served, unserved
from support.windows import HeldClock

from onewindow.codecs import DECLARATION
from onewindow.gateway.api import Limits, application
from onewindow.gateway.api.negotiation import NDJSON
from onewindow.gateway.seal import WARN_DAYS
from onewindow.gateway.store.store import StoreUnavailable

STAGES = ["receive", "decode", "verify", "accept", "split", "dispatch", "reply", "merge", "sign", "commit", "total"]


async def test_live_and_ready(tmp_path: Path) -> None:
    """A gateway that takes declarations is live and ready."""
    async with served(tmp_path) as gateway:
        live, ready = await gateway.get("/health/live"), await gateway.get("/health/ready")
    assert (200, {"status": "live"}) == (live.status, live.json)
    assert (200, {"status": "ready"}) == (ready.status, ready.json)


async def test_not_ready_before_it_runs_and_while_it_stops(tmp_path: Path) -> None:
    """A window that does not run yet, or stops, is live but not ready; while it stops it ends connections."""
    window = await unserved(tmp_path)
    async with TestClient(TestServer(application(window))) as client:
        before = await client.get("/health/ready")
        window.close_intake()
        stopping = await client.get("/health/ready")
        refused = await client.post(
            "/v1/declarations", data=declaration("H-1"), headers={"Content-Type": "application/xml"}
        )
        live = await client.get("/health/live")
        problems = [(await answer.json(content_type=None))["type"] for answer in (before, stopping, refused)]
    await window.stop()
    assert [503, 503, 503, 200] == [answer.status for answer in (before, stopping, refused, live)]
    assert ["not-ready", "stopping", "stopping"] == [problem.rpartition(":")[2] for problem in problems]
    assert all(answer.headers["Retry-After"] for answer in (before, stopping, refused))
    assert [None, "close", "close", "close"] == [
        answer.headers.get("Connection") for answer in (before, stopping, refused, live)
    ]


async def test_a_certificate_that_runs_out(tmp_path: Path) -> None:
    """Weeks before, the probe and the metrics tell; then the gateway is not ready, and says why to whoever declares."""
    async with served(tmp_path) as gateway:
        window = gateway.window
        sound = (await gateway.get("/health/ready")).json
        end = window.seal.not_after
        window.clock = HeldClock(end - timedelta(days=WARN_DAYS))
        warned = await gateway.get("/health/ready")
        window.clock = HeldClock(end + timedelta(seconds=1))
        ready, refused = await gateway.get("/health/ready"), await gateway.post(declaration("H-8"))
        twin = DECLARATION.encode_json(DECLARATION.decode_xml(declaration("H-9")))
        batch = await gateway.ask("POST", "/v1/declarations:batch", {"Content-Type": NDJSON}, twin + b"\n" + twin)
        metrics = (await gateway.get("/metrics")).body.decode()
    assert {"status": "ready"} == sound
    assert (200, ["signing-key-expiring"]) == (warned.status, [each["code"] for each in warned.json["notices"]])
    assert [(503, "signing-key-expired", "300")] * 2 == [
        (answer.status, answer.problem, answer.headers["Retry-After"]) for answer in (ready, refused)
    ]
    (line,) = batch.body.splitlines()
    last = json.loads(line)
    assert (503, True) == (last["status"], last["last"])
    assert "urn:onewindow:problem:signing-key-expired" == last["problem"]["type"]
    (left,) = [line for line in metrics.splitlines() if line.startswith("onewindow_certificate_expires_seconds ")]
    assert 729 * 86_400 < float(left.split()[1]) < 731 * 86_400


async def _unavailable(*_: object) -> None:
    raise StoreUnavailable("gone")


async def _silent(*_: object) -> None:
    await asyncio.get_running_loop().create_future()


@pytest.mark.parametrize("probe", [_unavailable, _silent])
async def test_not_ready_without_its_store(probe: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that fails, or does not answer in time, makes the gateway not ready."""
    async with served(tmp_path, limits=Limits(drain_seconds=0.01, probe_seconds_max=0.05)) as gateway:
        monkeypatch.setattr(gateway.window, "probe", probe)
        answer = await gateway.get("/health/ready")
    assert (503, "store-unavailable") == (answer.status, answer.problem)


async def test_not_ready_while_the_store_is_locked(tmp_path: Path) -> None:
    """A gateway whose store somebody else holds is not ready, and is again once it is let go."""
    async with served(tmp_path) as gateway:
        with closing(sqlite3.connect(tmp_path / "onewindow.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            locked = await gateway.get("/health/ready")
            other.execute("ROLLBACK")
        free = await gateway.get("/health/ready")
    assert (503, "store-unavailable", 200) == (locked.status, locked.problem, free.status)
    assert locked.headers["Retry-After"]


def remove_store(folder: Path) -> None:
    """Delete the store in a folder and its log."""
    for file in folder.glob("onewindow.db*"):
        file.unlink()


async def test_not_ready_once_the_store_is_gone(tmp_path: Path) -> None:
    """A gateway whose store was deleted is not ready, and takes no declaration any more."""
    async with served(tmp_path) as gateway:
        remove_store(tmp_path)
        ready = await gateway.get("/health/ready")
        refused = await gateway.post(declaration("H-3"))
    assert [(503, "store-unavailable")] * 2 == [(answer.status, answer.problem) for answer in (ready, refused)]


async def test_ready_whatever_a_case_is_like(tmp_path: Path) -> None:
    """A damaged case, the newest one too, keeps nobody from declaring: the gateway is ready and lists the others."""
    async with served(tmp_path) as gateway:
        await gateway.post(declaration("H-4"), Prefer="wait=30")
        await gateway.post(declaration("H-5"), Prefer="wait=30")
        with closing(sqlite3.connect(tmp_path / "onewindow.db", isolation_level=None)) as other:
            other.execute("UPDATE cases SET snapshot = 5 WHERE reference = 'H-5'")
        ready, found = await gateway.get("/health/ready"), await gateway.get("/v1/declarations")
    assert (200, 200) == (ready.status, found.status)
    assert ["H-4"] == [case["reference"] for case in found.json["declarations"]]


async def test_metrics(tmp_path: Path) -> None:
    """/metrics is Prometheus' text format with every name of the contract, and counts what happened."""
    async with served(tmp_path) as gateway:
        await gateway.post(declaration("H-2"), Prefer="wait=30")
        answer = await gateway.get("/metrics")
    families = {family.name: family for family in text_string_to_metric_families(answer.body.decode())}
    assert {
        "onewindow_agency_breaker",
        "onewindow_agency_failures",
        "onewindow_agency_inflight",
        "onewindow_agency_waiting",
        "onewindow_declarations",
        "onewindow_decisions",
        "onewindow_webhooks_off",
        "onewindow_stage_seconds",
        "onewindow_agency_seconds",
        "onewindow_agency_overdue",
        "onewindow_documents_overdue",
        "onewindow_replies_refused",
        "onewindow_dead_letters",
        "onewindow_dead_letters_lost",
        "onewindow_webhook_deliveries",
        "onewindow_inflight",
        "onewindow_open_cases",
        "onewindow_store_commit_seconds",
        "onewindow_store_batch_size",
        "onewindow_certificate_expires_seconds",
        "onewindow_build_info",
    } == set(families)
    stages = {
        sample.labels["stage"]: sample.value
        for sample in families["onewindow_stage_seconds"].samples
        if sample.name.endswith("_count")
    }
    assert set(STAGES) == set(stages)
    assert all(stages[stage] >= 1 for stage in stages if stage != "verify")
