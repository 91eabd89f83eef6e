"""Fsck finds nothing wrong with a sound store, and names the record and the fault of every one that is planted."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from contract.dead_letters import letter
from support import cases, windows
from support.declarations import ISSUED, declaration
from support.webhooks import subscription

from onewindow.agencies.desk import Desk
from onewindow.agencies.inprocess import InProcess
from onewindow.agencies.ledger import Entry as Taken
from onewindow.agencies.ledger import MemoryLedger
from onewindow.agencies.registry import installed
from onewindow.codecs import RECEIPT, RESPONSE
from onewindow.codecs.certificates import Trust
from onewindow.codecs.digest import digest
from onewindow.codecs.keys import Signer, init, key_files, load_signer, load_trust
from onewindow.codecs.messages.codes import CaseOutcome
from onewindow.codecs.signature import sign
from onewindow.gateway import fsck
from onewindow.gateway.case import encode_case
from onewindow.gateway.dead_letter import DeadLetter, Origin
from onewindow.gateway.events import Decided, Event, decode_event, encode_event
from onewindow.gateway.fsck_words import WORDS, words
from onewindow.gateway.life import replay
from onewindow.gateway.place import Place
from onewindow.gateway.receipt import receipt
from onewindow.gateway.store import Document, Entry, open_store

NOW = ISSUED + timedelta(minutes=30)

Ledgers = Mapping[str, list[Taken]]


class Sound(NamedTuple):
    """A store with two decided cases and an open one, and everything it has to agree with."""

    file: Path
    trust: Trust
    signer: Signer
    trader: Signer
    first: str
    second: str
    unanswered: str
    receipts: tuple[tuple[str, str], ...]
    ledgers: Ledgers

    def change(self, sql: str, *values: object) -> None:
        """Change the database behind the store's back."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            assert connection.execute(sql, values).rowcount > 0

    def read(self, sql: str, *values: object) -> Any:
        """The first value that a query gives."""
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            return connection.execute(sql, values).fetchone()[0]

    def put_response(self, body: bytes, **changes: object) -> None:
        """Replace the first case's response, and everything in the record that goes with it."""
        with closing(sqlite3.connect(self.file)) as connection:
            rows = connection.execute("SELECT body FROM journal WHERE case_id = ? ORDER BY sequence", (self.first,))
            events: list[Event] = [decode_event(line) for (line,) in rows]
        last = events[-1]
        assert isinstance(last, Decided)
        events[-1] = msgspec.structs.replace(last, digest=digest(body), **changes)
        snapshot = encode_case(replay(events))
        self.change("UPDATE documents SET body = ? WHERE case_id = ? AND name = 'response'", body, self.first)
        self.change(
            "UPDATE journal SET body = ? WHERE case_id = ? AND sequence = ?",
            encode_event(events[-1]),
            self.first,
            len(events),
        )
        self.change("UPDATE cases SET snapshot = ? WHERE id = ?", snapshot, self.first)


async def build(folder: Path) -> Sound:
    """Take two declarations through a window and leave a third accepted."""
    ledgers = {code: MemoryLedger() for code in installed()}
    desks = InProcess({code: Desk(agency, ledgers[code], lambda: NOW) for code, agency in installed().items()})
    init(folder / "keys", NOW)
    files = key_files(folder / "keys")
    signer = load_signer(files.gateway_certificate, files.gateway_key)
    receipts = []
    async with windows.window(folder, desks, clock=lambda: NOW) as window:
        for reference in ("ONE", "TWO"):
            body = declaration(reference)
            submission = await window.submit(body, "application/xml")
            assert await window.decided(submission.case.id, 30) is not None
            receipts.append((submission.case.id, digest(body)))
    store = await open_store(f"sqlite:///{folder / 'onewindow.db'}")
    entry = cases.accepted(1, at=NOW, declaration=declaration("THREE"))
    proof = sign(RECEIPT.encode_xml(receipt(entry.case)), signer)
    documents = [document for document in entry.documents if document.name != "receipt"]
    documents.append(Document(name="receipt", media_type="application/xml", body=proof))
    await store.append(Entry(case=entry.case, events=entry.events, documents=tuple(documents)))
    await store.close()
    receipts.append((entry.case.id, entry.case.digest))
    return Sound(
        file=folder / "onewindow.db",
        trust=load_trust(files.authority_certificate),
        signer=signer,
        trader=load_signer(files.trader_certificate, files.trader_key),
        first=receipts[0][0],
        second=receipts[1][0],
        unanswered=entry.case.id,
        receipts=tuple(receipts),
        ledgers={code: list(ledger.entries()) for code, ledger in ledgers.items()},
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    return asyncio.run(build(tmp_path_factory.mktemp("sound")))


@pytest.fixture
def sound(built: Sound, tmp_path: Path) -> Sound:
    return built._replace(file=Path(shutil.copy(built.file, tmp_path)))


def examined(
    sound: Sound,
    receipts: tuple[tuple[str, str], ...] | None = None,
    ledgers: Ledgers | None = None,
    progress: Callable[[int], None] | None = None,
) -> fsck.Report:
    """What fsck finds."""

    async def check() -> fsck.Report:
        store = await open_store(f"sqlite:///{sound.file}")
        try:
            return await fsck.check(
                store,
                trust=sound.trust,
                receipts=sound.receipts if receipts is None else receipts,
                ledgers=sound.ledgers if ledgers is None else ledgers,
                progress=progress,
            )
        finally:
            await store.close()

    return asyncio.run(check())


def found(report: fsck.Report) -> set[tuple[str, str]]:
    """Codes and cases of a report's problems."""
    return {(problem.code, problem.case_id) for problem in report.problems}


def test_sound(sound: Sound) -> None:
    """A sound store has no problems, and its cases are counted."""
    counted: list[int] = []
    report = examined(sound, progress=counted.append)
    assert () == report.problems
    assert report.sound
    assert (3, 2, 1) == (report.received, report.decided, report.open)
    assert [1, 2, 3] == counted


# What is done to the first case, and the codes that name it.
FAULTS = {
    "case dropped": ("DELETE FROM cases WHERE id = ?", {"case-missing"}),
    "journal row dropped": ("DELETE FROM journal WHERE sequence = 2 AND case_id = ?", {"journal-gap"}),
    "first journal row dropped": ("DELETE FROM journal WHERE sequence = 1 AND case_id = ?", {"journal-broken"}),
    "last journal row dropped": ("DELETE FROM journal WHERE event = 'decided' AND case_id = ?", {"snapshot-differs"}),
    "event's time": ("UPDATE journal SET at = '2020' WHERE sequence = 3 AND case_id = ?", {"event-damaged"}),
    "bit in an event": (
        "UPDATE journal SET body = CAST(x'21' || substr(body, 2) AS BLOB) WHERE sequence = 2 AND case_id = ?",
        {"event-damaged"},
    ),
    "bit in the snapshot": (
        "UPDATE cases SET snapshot = CAST(substr(snapshot, 1, 30) || x'21' || substr(snapshot, 32) AS BLOB)"
        " WHERE id = ?",
        {"snapshot-differs"},
    ),
    "snapshot cut off": ("UPDATE cases SET snapshot = x'7b' WHERE id = ?", {"snapshot-differs", "snapshot-damaged"}),
    "status column": ("UPDATE cases SET status = 'accepted' WHERE id = ?", {"column-differs"}),
    "declarant column": ("UPDATE cases SET declarant = 'SOMEONE' WHERE id = ?", {"column-differs"}),
    "text that is no text": ("UPDATE cases SET status = CAST(x'ff' AS TEXT) WHERE id = ?", {"record-unreadable"}),
    "text for bytes": ("UPDATE cases SET snapshot = CAST(snapshot AS TEXT) WHERE id = ?", {"record-unreadable"}),
    "number for bytes": ("UPDATE cases SET snapshot = 5 WHERE id = ?", {"record-unreadable"}),
    "declaration's media type": (
        "UPDATE documents SET media_type = 'application/json' WHERE name = 'declaration/1' AND case_id = ?",
        {"media-type-differs"},
    ),
    "response's media type": (
        "UPDATE documents SET media_type = 'text/plain' WHERE name = 'response' AND case_id = ?",
        {"media-type-differs"},
    ),
    "feed row dropped": (
        "DELETE FROM feed WHERE position = (SELECT min(position) FROM feed WHERE case_id = ?)",
        {"feed-differs"},
    ),
    "last feed row dropped": (
        "DELETE FROM feed WHERE position = (SELECT max(position) FROM feed WHERE case_id = ?)",
        {"feed-differs"},
    ),
    "feed row doubled": (
        "INSERT INTO feed (case_id, first_sequence, last_sequence, declarant)"
        " SELECT case_id, first_sequence, last_sequence, declarant FROM feed WHERE first_sequence = 1 AND case_id = ?",
        {"feed-differs"},
    ),
    "feed row that ends before it begins": (
        "UPDATE feed SET last_sequence = 0 WHERE first_sequence = 1 AND case_id = ?",
        {"feed-differs"},
    ),
    "feed row of another declarant": (
        "UPDATE feed SET declarant = 'SOMEONE' WHERE first_sequence = 1 AND case_id = ?",
        {"feed-differs"},
    ),
    "feed row that is no number": (
        "UPDATE feed SET last_sequence = 'x' WHERE first_sequence = 1 AND case_id = ?",
        {"record-unreadable"},
    ),
    "another message": (
        "INSERT INTO documents SELECT case_id, 'message/health/1', media_type, body FROM documents"
        " WHERE name = 'message/tax/1' AND case_id = ?",
        {"document-unexpected"},
    ),
}
NAMES = ("declaration/1", "receipt", "message/tax/1", "reply/tax/1", "response")


@pytest.mark.parametrize(("sql", "codes"), FAULTS.values(), ids=FAULTS.keys())
def test_fault_named(sound: Sound, sql: str, codes: set[str]) -> None:
    """A row dropped or a bit flipped is named by its code and case, and no other case is blamed."""
    sound.change(sql, sound.first)
    problems = found(examined(sound))
    assert codes <= {code for code, _ in problems}
    assert {sound.first} == {case_id for _, case_id in problems} - {""}


@pytest.mark.parametrize("table", ["cases", "journal", "documents", "feed"])
def test_ids_that_are_no_text(sound: Sound, table: str) -> None:
    """An id that has become bytes is damage with a name, and every case is still looked at."""
    column = "id" if table == "cases" else "case_id"
    sound.change(
        " ".join(("UPDATE", table, "SET", column, "= CAST(", column, "AS BLOB ) WHERE", column, "= ?")), sound.first
    )
    problems = found(examined(sound))
    assert ("record-unreadable", repr(sound.first.encode())) in problems
    assert {sound.second, sound.unanswered}.isdisjoint({case_id for _, case_id in problems})


def test_declaration_that_cannot_be_read(sound: Sound) -> None:
    """A declaration that hashes to what the journal says, and can't be read as that, is named: its case would wait."""
    body = b"<Declaration/>"
    events = sound.read("SELECT body FROM journal WHERE sequence = 1 AND case_id = ?", sound.unanswered)
    first = msgspec.structs.replace(decode_event(events), digest=digest(body))
    sound.change("UPDATE documents SET body = ? WHERE name = 'declaration/1' AND case_id = ?", body, sound.unanswered)
    sound.change("UPDATE journal SET body = ? WHERE case_id = ?", encode_event(first), sound.unanswered)
    sound.change("UPDATE cases SET snapshot = ? WHERE id = ?", encode_case(replay((first,))), sound.unanswered)
    assert ("declaration-unreadable", sound.unanswered) in found(examined(sound, receipts=()))


@pytest.mark.parametrize("name", NAMES)
def test_document_dropped(sound: Sound, name: str) -> None:
    """A document that is dropped is named."""
    sound.change("DELETE FROM documents WHERE case_id = ? AND name = ?", sound.first, name)
    report = examined(sound)
    assert {("document-missing", sound.first)} == found(report)
    assert report.problems[0].message.en.endswith(name)


@pytest.mark.parametrize("name", NAMES)
def test_bit_in_document(sound: Sound, name: str) -> None:
    """A document with one byte changed is named; a receipt, whose digest no event has, by its signature."""
    sound.change(
        "UPDATE documents SET body = CAST(substr(body, 1, 200) || x'21' || substr(body, 202) AS BLOB)"
        " WHERE case_id = ? AND name = ?",
        sound.first,
        name,
    )
    codes = {
        "receipt": {"signature-wrong"},
        "response": {"document-damaged", "signature-wrong"},
    }
    report = examined(sound)
    assert {(code, sound.first) for code in codes.get(name, {"document-damaged"})} == found(report)
    assert name in report.problems[0].message.en


def test_case_lost(sound: Sound) -> None:
    """A case that is gone without trace is missed by its receipt and its agencies."""
    for table, column in (("documents", "case_id"), ("feed", "case_id"), ("journal", "case_id"), ("cases", "id")):
        sound.change(f"DELETE FROM {table} WHERE {column} = ?", sound.second)  # noqa: S608 - names from the line above
    problems = found(examined(sound))
    assert {
        ("receipt-without-case", sound.second),
        ("message-unknown", sound.second),
        ("entries-missing", ""),
    } == problems
    assert {("entries-missing", "")} == found(examined(sound, receipts=(), ledgers={}))


def test_messages_of_a_check(sound: Sound) -> None:
    """What an agency took of `onewindow agency check` belongs to no case, and is not missed."""
    tested = msgspec.structs.replace(sound.ledgers["tax"][0], message_id="CHECK-20261121T101112-1/tax/1")
    assert set() == found(examined(sound, ledgers=with_tax(sound, lambda taken: [*taken, tested])))


def test_other_receipt(sound: Sound) -> None:
    """A receipt for other bytes than are kept is found."""
    receipts = ((sound.first, digest(b"something else")),)
    assert {("receipt-differs", sound.first)} == found(examined(sound, receipts=receipts))


def test_two_receipts(sound: Sound) -> None:
    """Two receipts of one case for different bytes are found."""
    receipts = (*sound.receipts, (sound.first, digest(b"something else")))
    assert {("receipt-differs", sound.first)} == found(examined(sound, receipts=receipts))


def with_tax(sound: Sound, change: Callable[[list[Taken]], list[Taken]]) -> Ledgers:
    return {**sound.ledgers, "tax": change(list(sound.ledgers["tax"]))}


LEDGERS: dict[str, tuple[Callable[[list[Taken]], list[Taken]], str]] = {
    "never taken": (lambda taken: taken[1:], "message-never-taken"),
    "taken twice": (lambda taken: [*taken, taken[0]], "message-taken-twice"),
    "other message": (
        lambda taken: [msgspec.structs.replace(taken[0], digest=digest(b"x")), *taken[1:]],
        "message-differs",
    ),
    "other reply": (lambda taken: [msgspec.structs.replace(taken[0], reply=b"x"), *taken[1:]], "reply-differs"),
    "unknown message": (
        lambda taken: [*taken, msgspec.structs.replace(taken[0], message_id=f"{taken[0].message_id}1")],
        "message-unknown",
    ),
}


@pytest.mark.parametrize(("change", "code"), LEDGERS.values(), ids=LEDGERS.keys())
def test_ledger(sound: Sound, change: Callable[[list[Taken]], list[Taken]], code: str) -> None:
    """Where an agency's ledger and the store disagree, fsck says how and about which case."""
    assert {(code, sound.first)} == found(examined(sound, ledgers=with_tax(sound, change)))


def test_response_by_another(sound: Sound) -> None:
    """A response signed with a key that no trusted authority vouches for does not verify."""
    other = sound.file.parent / "other"
    init(other, NOW)
    files = key_files(other)
    forger = load_signer(files.gateway_certificate, files.gateway_key)
    value = RESPONSE.decode_xml(sound.read("SELECT body FROM documents WHERE name = 'response'"))
    sound.put_response(sign(RESPONSE.encode_xml(msgspec.structs.replace(value, signature=None)), forger))
    assert {("signature-wrong", sound.first)} == found(examined(sound))


@pytest.mark.parametrize("what", ["outcome", "declaration", "reply", "agency"])
def test_response_says_otherwise(sound: Sound, what: str) -> None:
    """A response that verifies and says something else than the case is found."""
    body = sound.read("SELECT body FROM documents WHERE name = 'response' AND case_id = ?", sound.first)
    value = msgspec.structs.replace(RESPONSE.decode_xml(body), signature=None)
    decisions = value.agency_decision
    wrong: dict[str, dict[str, object]] = {
        "outcome": {"outcome_code": CaseOutcome.REFUSED},
        "declaration": {"declaration_digest": digest(b"x")},
        "reply": {
            "agency_decision": (msgspec.structs.replace(decisions[0], reply_digest=digest(b"x")), *decisions[1:])
        },
        "agency": {"agency_decision": decisions[1:]},
    }
    sound.put_response(sign(RESPONSE.encode_xml(msgspec.structs.replace(value, **wrong[what])), sound.signer))
    assert {("response-differs", sound.first)} == found(examined(sound))


def test_signer(sound: Sound) -> None:
    """A trader's good signature on a response is not the gateway's."""
    value = RESPONSE.decode_xml(
        sound.read("SELECT body FROM documents WHERE name = 'response' AND case_id = ?", sound.first)
    )
    sound.put_response(sign(RESPONSE.encode_xml(msgspec.structs.replace(value, signature=None)), sound.trader))

    async def check(signer: str | None) -> fsck.Report:
        store = await open_store(f"sqlite:///{sound.file}")
        report = await fsck.check(store, trust=sound.trust, signer=signer)
        await store.close()
        return report

    assert ("signature-wrong", sound.first) in found(asyncio.run(check(None)))
    assert ("signature-wrong", sound.first) in found(asyncio.run(check("SOMEONE")))


def test_pages_overwritten(sound: Sound) -> None:
    """Pages of the file that are overwritten at rest are found by the database's own check or by ours."""
    content = bytearray(sound.file.read_bytes())
    content[8 * 4096 : 8 * 4096 + 64] = b"\xff" * 64
    sound.file.write_bytes(content)
    assert not examined(sound).sound


def planted(sound: Sound, **changes: Any) -> None:
    """Keep a subscription, changed like this."""

    async def keep() -> None:
        store = await open_store(f"sqlite:///{sound.file}")
        await store.keep_webhook(subscription(1, **changes))
        await store.close()

    asyncio.run(keep())


def test_webhook(sound: Sound) -> None:
    """A webhook that is sound is no problem; one that can't be read is named."""
    planted(sound)
    assert () == examined(sound).problems
    sound.change("UPDATE webhooks SET snapshot = x'7b'")
    report = examined(sound)
    assert {("webhook-damaged", "")} == found(report)
    assert cases.case_id(1) in report.problems[0].message.en


def test_webhook_ahead(sound: Sound) -> None:
    """A webhook that has been told of more than the feed has is named: the store has lost its end."""
    planted(sound, place=Place(10_000, 1))
    assert {("webhook-ahead", "")} == found(examined(sound))


def test_report_is_bounded(sound: Sound) -> None:
    """However many problems there are, a report lists a thousand and counts them all."""
    receipts = tuple((cases.case_id(number), digest(b"")) for number in range(1500))
    report = examined(sound, receipts=receipts)
    assert (1000, 1500) == (len(report.problems), report.problem_count)


def test_words() -> None:
    """Every problem is told in English and in Chinese, with what it is about."""
    for code in WORDS:
        text = words(code, "message/tax/1")
        assert text.en.endswith(": message/tax/1")
        assert text.zh.endswith("：message/tax/1")
        assert any("一" <= character <= "鿿" for character in text.zh)


def keep_letters(sound: Sound, *letters: DeadLetter) -> None:
    """Dead letters in the store."""

    async def keep() -> None:
        store = await open_store(f"sqlite:///{sound.file}")
        for each in letters:
            await store.dead_letters.keep(each, b"")
        await store.close()

    asyncio.run(keep())


def test_dead_letters(sound: Sound) -> None:
    """Dead letters of cases that are there are no problem, nor is what an agency brought; others are named."""
    mine = letter(1, case_id=sound.first)
    elsewhere = letter(2, b"2", case_id=cases.case_id(9), origin=Origin.BROUGHT)
    keep_letters(sound, mine, elsewhere)
    assert set() == found(examined(sound))
    keep_letters(sound, letter(3, b"3", case_id=cases.case_id(9)), letter(4, b"4"))
    sound.change("UPDATE dead_letters SET count = 'many' WHERE id = ?", cases.case_id(4))
    expected = {("dead-letter-without-case", cases.case_id(9)), ("dead-letter-damaged", "")}
    assert expected == found(examined(sound))
