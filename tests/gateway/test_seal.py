"""The window's seal: a key whose certificate has run out signs nothing, and what it should have signed waits."""

import ast
import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from support.declarations import declaration
from support.served import Held
from support.short_lived import keys_until, renew
from support.windows import HeldClock, now, window

import onewindow.gateway as package
from onewindow.codecs.finding import Rejected
from onewindow.codecs.keys import load_signer, load_trust
from onewindow.codecs.verification import verify
from onewindow.gateway.case import Case, CaseStatus
from onewindow.gateway.config import AgencyConfig, Config, StoreConfig
from onewindow.gateway.events import OnOverdue
from onewindow.gateway.papers import XML
from onewindow.gateway.seal import WARN_DAYS, Seal, Unsealed, watch
from onewindow.gateway.status import Status, documents, status
from onewindow.gateway.store.store import Record
from onewindow.gateway.window import Window

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
TIME = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def seal_until(folder: Path, end: datetime) -> Seal:
    """A seal whose certificate runs out then."""
    files = keys_until(folder / "keys", end)
    return Seal(load_signer(files.gateway_certificate, files.gateway_key), load_trust(files.authority_certificate))


async def shown(opened: Window, case: Case) -> tuple[Record, Status]:
    """A case as its status shows it."""
    record = await opened.load(case.id, *documents(case))
    assert record is not None
    return record, status(record, opened.agencies, opened.clock(), (), opened.seal)


async def has_come_to(opened: Window, case_id: str, wanted: Callable[[Status], bool]) -> Status:
    """The status of a case once it is as wanted."""
    async with asyncio.timeout(60):
        while True:
            record = await opened.load(case_id)
            assert record is not None
            _, found = await shown(opened, record.case)
            if wanted(found):
                return found
            await asyncio.sleep(0)


async def answers(opened: Window, clock: HeldClock, held: Held, case_id: str) -> None:
    """All agencies answer."""
    held.released.set()


async def withdrawal(opened: Window, clock: HeldClock, held: Held, case_id: str) -> None:
    """The trader takes the declaration back."""
    assert await opened.withdraw(case_id, "order cancelled") is not None


async def silence(opened: Window, clock: HeldClock, held: Held, case_id: str) -> None:
    """No agency answers, and all are deemed to have approved."""
    clock.advance(timedelta(days=3))


ENDINGS = [answers, withdrawal, silence]


def configured(folder: Path) -> Config:
    """Agencies whose silence is approval."""
    deemed = AgencyConfig(time_limit=timedelta(days=2), on_overdue=OnOverdue.DEEM_APPROVED)
    codes = ("customs", "tax", "market-supervision", "quality-inspection")
    url = f"sqlite:///{folder / 'onewindow.db'}"
    return Config(store=StoreConfig(url=url), agencies=dict.fromkeys(codes, deemed))


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_decision_waits_for_a_key_in_force(
    ending: Callable[[Window, HeldClock, Held, str], Awaitable[None]], tmp_path: Path
) -> None:
    """However a case ends, its response waits while the certificate is out of force, and is made by the next one."""
    clock, held = HeldClock(now()), Held()
    keys_until(tmp_path / "keys", clock.at + HOUR)
    async with window(tmp_path, held, clock=clock, config=configured(tmp_path)) as opened:
        case_id = (await opened.submit(declaration("SEAL-1"), XML)).case.id
        await has_come_to(opened, case_id, lambda it: all(each.sent_at for each in it.agencies))
        clock.advance(HOUR + SECOND)
        await ending(opened, clock, held, case_id)
        waiting = await has_come_to(opened, case_id, lambda it: it.waiting is not None)
        record = await opened.load(case_id, "response")
    assert waiting.waiting is not None
    assert ("signing-key-expired", None) == (waiting.waiting.code, waiting.outcome)
    assert record is not None
    assert {} == record.documents
    assert record.case.status is not CaseStatus.DECIDED
    renew(tmp_path / "keys", clock.at - SECOND)
    async with window(tmp_path, held, clock=clock, config=configured(tmp_path)) as opened:
        assert await opened.decided(case_id, 60) is not None
        record = await opened.load(case_id, "response")
        assert record is not None
        verify(record.documents["response"].body, opened.trust, clock.at)
        _, decided = await shown(opened, record.case)
    assert decided.waiting is None


async def test_a_seal_that_does_not_look_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: where the seal does not look at the time, a response is made that nobody believes."""
    monkeypatch.setattr(Seal, "check", lambda *_: None)
    clock, held = HeldClock(now()), Held()
    keys_until(tmp_path / "keys", clock.at + HOUR)
    async with window(tmp_path, held, clock=clock) as opened:
        case_id = (await opened.submit(declaration("SEAL-2"), XML)).case.id
        clock.advance(HOUR + SECOND)
        held.released.set()
        assert await opened.decided(case_id, 60) is not None
        record = await opened.load(case_id, "response")
        assert record is not None
        with pytest.raises(Rejected) as rejected:
            verify(record.documents["response"].body, opened.trust, clock.at)
    assert ["signature-key-expired"] == [finding.code for finding in rejected.value.findings]


async def test_a_certificate_that_runs_out_while_the_response_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the certificate runs out between the look at it and the signature, nothing is signed either."""
    clock, held = HeldClock(now()), Held()
    keys_until(tmp_path / "keys", clock.at + HOUR)
    async with window(tmp_path, held, clock=clock) as opened:
        case_id = (await opened.submit(declaration("SEAL-3"), XML)).case.id
        sign = opened.seal.sign

        def late(document: bytes, at: datetime) -> bytes:
            clock.advance(HOUR + SECOND)
            return sign(document, clock())

        monkeypatch.setattr(opened.seal, "sign", late)
        held.released.set()
        waiting = await has_come_to(opened, case_id, lambda it: it.waiting is not None)
    assert waiting.waiting is not None
    assert ("signing-key-expired", None) == (waiting.waiting.code, waiting.outcome)


async def test_no_receipt_but_for_who_has_one(tmp_path: Path) -> None:
    """Nothing new is taken once no receipt can be signed; whoever sends a declaration again gets the receipt it has."""
    clock = HeldClock(now())
    keys_until(tmp_path / "keys", clock.at + HOUR)
    async with window(tmp_path, Held(), clock=clock) as opened:
        body = declaration("SEAL-4")
        first = await opened.submit(body, XML)
        clock.advance(HOUR + SECOND)
        again = await opened.submit(body, XML)
        with pytest.raises(Unsealed) as unsealed:
            await opened.submit(declaration("SEAL-5"), XML)
        assert "signing-key-expired" == unsealed.value.code
    assert (True, first.receipt.body) == (again.replay, again.receipt.body)


@pytest.mark.parametrize(
    ("moved", "code"),
    [
        (timedelta(0), None),
        (SECOND, "signing-key-expired"),
        (-timedelta(days=730), None),
        (-timedelta(days=730, seconds=1), "signing-key-not-yet-valid"),
    ],
)
def test_in_force_to_the_second(moved: timedelta, code: str | None, tmp_path: Path) -> None:
    """A certificate signs from its first second to its last, and not one before or after."""
    seal = seal_until(tmp_path, TIME)
    document = b'<?xml version="1.0" encoding="UTF-8"?>\n<Response><ID>1</ID></Response>'
    if code is None:
        trust = load_trust(tmp_path / "keys" / "authority.crt.pem")
        assert verify(seal.sign(document, TIME + moved), trust, TIME + moved).signed
    else:
        with pytest.raises(Unsealed) as unsealed:
            seal.sign(document, TIME + moved)
        assert code == unsealed.value.code
        assert code == seal.refusal(TIME + moved)


@pytest.mark.parametrize(
    ("left", "code"),
    [
        (timedelta(days=WARN_DAYS, seconds=1), None),
        (timedelta(days=WARN_DAYS), "signing-key-expiring"),
        (timedelta(0), "signing-key-expiring"),
        (-SECOND, "signing-key-expired"),
    ],
)
def test_warned_weeks_before(left: timedelta, code: str | None, tmp_path: Path) -> None:
    """Thirty days before a certificate runs out it is said, in both languages, and no earlier."""
    notice = seal_until(tmp_path, TIME).notice(TIME - left)
    assert code == (notice and notice.code)
    assert notice is None or (notice.message.en and notice.message.zh)


async def test_warned_daily(tmp_path: Path) -> None:
    """The log says once a day that the certificate is about to run out, at once when it has, and daily from then on."""
    clock = HeldClock(TIME)
    seal = seal_until(tmp_path, TIME + timedelta(days=WARN_DAYS + 1))
    changes: list[datetime] = []
    with capture_logs() as lines:
        watching = asyncio.create_task(watch(seal, clock, lambda: changes.append(clock.at)))
        said: list[int] = []
        for _ in range(WARN_DAYS + 3):
            for _ in range(10):
                await asyncio.sleep(0)
            said.append(len(lines))
            clock.advance(timedelta(days=1))
        watching.cancel()
    assert list(range(WARN_DAYS + 2)) == said[: WARN_DAYS + 2]
    assert "signing-key-expiring" == lines[0]["code"]
    assert "signing-key-expired" == lines[-1]["code"]
    assert 1 == len(changes)


def unsealed_signatures(source: str) -> list[str]:
    """What a module calls that signs documents."""
    names = {"sign", "sign_encoded"}
    imports = [
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("codecs.signature")
        for alias in node.names
    ]
    return sorted(names & set(imports))


def test_nothing_in_the_gateway_signs_but_the_seal() -> None:
    """No module of the gateway but the seal has the codecs' signing at hand; one that had it would be found."""
    folder = Path(package.__file__).parent
    found = {
        str(file.relative_to(folder)): names
        for file in folder.rglob("*.py")
        if (names := unsealed_signatures(file.read_text(encoding="utf-8")))
    }
    assert {"seal.py": ["sign_encoded"]} == found
    assert ["sign"] == unsealed_signatures("from ..codecs.signature import sign\n")
