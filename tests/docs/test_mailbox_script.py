"""The example of a whole agency in shell and curl, which fetches its messages (docs/agencies.md)."""

import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
import pytest
from msgspec.structs import replace
from support.declarations import originating
from support.gateway_process import gateway
from support.outgoing import message, notice
from support.waiting import said
from support.windows import now

from onewindow.agencies.registry import installed
from onewindow.agencies.transport import MessageKind, Outgoing
from onewindow.codecs import INSPECTION_ORDER, REPLY, RESPONSE
from onewindow.codecs.messages.codes import CountryCode, ReplyOutcome
from onewindow.codecs.messages.common import Visit
from onewindow.codecs.messages.inspection_order import InspectionOrder
from onewindow.gateway.agency_check import Arrivals, Brought, StandIn, hearing
from onewindow.gateway.config import AgencyConfig, Config

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "examples" / "mailbox.sh"
CODE = "market-supervision"
TOKEN = "a-token-of-an-agency-in-a-test"  # noqa: S105 - it opens nothing

pytestmark = pytest.mark.skipif(not shutil.which("curl") or not shutil.which("sh"), reason="needs curl and a shell")


@contextmanager
def running(folder: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    """The script as it runs, with its token; it and what it started are gone afterwards."""
    token = folder / "token"
    token.write_text(f"{TOKEN}\n", "ascii")
    with (folder / "script.log").open("wb") as log:
        process = subprocess.Popen(
            ["sh", str(SCRIPT), url, CODE, str(token)], cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


@asynccontextmanager
async def heard(folder: Path) -> AsyncIterator[StandIn]:
    """The script, and the stand-in of a window from which it fetches."""
    own = AgencyConfig(transport="mailbox")
    stand_in = StandIn(installed()[CODE], Config(agencies={CODE: own}), {CODE: TOKEN}, Arrivals(), now)
    async with hearing(stand_in, "127.0.0.1", 0) as url:
        with running(folder, url):
            yield stand_in


async def settled(stand_in: StandIn, outgoing: Outgoing) -> Brought:
    """What the script makes of a message."""
    stand_in.expect(outgoing)
    await stand_in.box.deliver(outgoing)
    brought = await stand_in.arrivals.settled(outgoing.message_id, 60)
    assert brought is not None
    return brought


def order() -> Outgoing:
    """An order to inspect."""
    told = message(CODE)
    identifier = f"{told.message_id}/inspection"
    body = INSPECTION_ORDER.encode_xml(
        InspectionOrder(
            message_id=identifier,
            referred_message_id=told.message_id,
            agency_code=CODE,
            agency_reference_id="A-1",
            functional_reference_id=told.reference,
            issue_date_time=now(),
            visit=Visit(start_date_time=now(), end_date_time=now(), agency_code=(CODE,)),
        )
    )
    return replace(told, message_id=identifier, body=body, kind=MessageKind.INSPECTION_ORDER)


async def test_everything_that_is_sent(tmp_path: Path) -> None:
    """Messages and orders are answered, notices acknowledged, repeats answered alike, other content refused."""
    foreign = message(CODE, 2)
    foreign = replace(foreign, body=foreign.body.replace(b">IT</CountryCode>", b">KP</CountryCode>"))
    async with heard(tmp_path) as stand_in:
        approved = await settled(stand_in, message(CODE))
        refused = await settled(stand_in, foreign)
        seen = await settled(stand_in, order())
        assert Brought() == await settled(stand_in, notice(CODE))
        assert approved == await settled(stand_in, replace(message(CODE), attempt=2))
        reused = await settled(stand_in, replace(message(CODE), body=foreign.body))
    replies = [REPLY.decode_xml(each.reply or b"") for each in (approved, refused, seen)]
    assert [
        (message(CODE).message_id, ReplyOutcome.APPROVED),
        (foreign.message_id, ReplyOutcome.REFUSED),
        (order().message_id, ReplyOutcome.APPROVED),
    ] == [(reply.message_id, reply.outcome_code) for reply in replies]
    assert "the id was used before for other content" == reused.refused


async def test_there_is_no_message(tmp_path: Path) -> None:
    """Where there is no message the script asks again, and takes the next one."""
    async with heard(tmp_path) as stand_in:
        stand_in.box.close()  # nobody is kept waiting for one
        assert (await settled(stand_in, message(CODE))).reply
    assert "no messages from" not in (tmp_path / "script.log").read_text("utf-8")


@pytest.mark.parametrize(("origin", "outcome"), [(CountryCode.IT, "approved"), (CountryCode.KP, "refused")])
async def test_a_declaration_is_decided(tmp_path: Path, origin: CountryCode, outcome: str) -> None:
    """Started before the gateway is there, the script waits for it, fetches its message, and the case is decided."""
    (tmp_path / "token").write_text(f"{TOKEN}\n", "ascii")
    reached = {CODE: {"transport": "mailbox", "token_file": str(tmp_path / "token")}}
    async with gateway(tmp_path, reached=reached) as process:
        with running(tmp_path, process.url):
            await said(tmp_path / "script.log", "no messages from")
            process.start()
            await process.ready()
            headers = {"Content-Type": "application/xml", "Accept": "application/xml", "Prefer": "wait=60"}
            async with (
                aiohttp.ClientSession(process.url) as client,
                client.post("/v1/declarations", data=originating("SCRIPT-1", origin), headers=headers) as answer,
            ):
                assert 200 == answer.status, await answer.text()
                response = RESPONSE.decode_xml(await answer.read())
    decided = {each.agency_code: each.outcome_code for each in response.agency_decision}
    assert outcome == decided[CODE]
