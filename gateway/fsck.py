"""Fsck: proves that a store holds what the window promised, and names every record that does not.

The oracle of the fault tests, in numbers that the code repeats:

1. each receipt that was given has one case, with the digest of what was sent;
2. each case is open or has exactly one final response; it has the messages of its plan and no other;
3. an agency took each message once, and our stored reply is the one it gave;
4. each response verifies, and says of each agency what the stored reply says;
5. received = decided + open;

and before all of them: 0. the journal has no gaps and replays to the snapshot byte for byte, the columns that the
store searches by agree with it, the event feed has each event once and in order, and each document hashes to the digest
that an event names and is of the media type in which it was sent or made; declarations can be read.

All entries together: 9. they are numbered without gaps, each is chained to the one before, and those whose head was
noted outside of the store are there. Without such a head nothing tells whether newest entries were cut off, and
whoever could write to the store and made the whole chain anew is not found. What is not in the journal (documents on
file, webhooks, dead letters) is not in the chain.

Beside the cases: 6. every document on file has its file, byte for byte; 7. webhooks can be read, and have not been told
of more than there is; 8. dead letters can be read, and those of messages that we sent are about cases that are there.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from ..agencies import ledger
from ..codecs import RECEIPT, RESPONSE
from ..codecs.certificates import Trust
from ..codecs.digest import digest
from ..codecs.finding import Rejected, Text
from ..codecs.verification import verify
from . import fsck_letters
from .case import Case, CaseStatus, Part, decode_case, encode_case
from .commands import Forbidden
from .document_names import RECEIPT_NAME, RESPONSE_NAME, declaration_name, promised
from .events import Acknowledged, Decided, Event, Replied, SendFailed, Sent, decode_event, event_name
from .fsck_chain import Chain
from .fsck_documents import examined
from .fsck_words import words
from .life import answered, replay
from .message_id import CHECK
from .papers import JSON, XML, read_declaration
from .settlement import Settlement
from .store import Document, RawRecord, RecordDamaged, Store, StoreUnavailable
from .store.chain import NOTHING, Head
from .store.document_folder import DocumentFolder
from .store.steps import indexed, instant

PROBLEMS_MAX = 1000
"""Problems that a report lists; it counts the others."""


AFTER_DECISION = Replied | Sent | SendFailed | Acknowledged | Settlement
"""What may follow the decision: late replies, notices on their way, and what settles the case."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not as it was promised. `case_id` is empty where it concerns no case in particular."""

    code: str
    case_id: str
    message: Text


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What fsck found: counts of cases, the first PROBLEMS_MAX problems and how many there are, documents on file.

    head: of the newest entry, as `Head` is written; to be noted elsewhere. noted: the number of the newest entry whose
    head was known from outside of the store, 0 where none was.
    """

    received: int
    decided: int
    open: int
    problems: tuple[Problem, ...]
    problem_count: int
    on_file: int = 0
    head: str = str(NOTHING)
    noted: int = 0

    @property
    def sound(self) -> bool:
        """Every promise is kept."""
        return self.problem_count == 0


class _Taken(msgspec.Struct, frozen=True):
    """What an agency says of one message: the digests of what it took and of what it replied."""

    message_digest: str
    reply_digest: str


class _Findings:
    """Counts problems and keeps the first of them."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.count = 0

    def add(self, code: str, case_id: str, detail: str = "") -> None:
        self.count += 1
        if len(self.kept) < PROBLEMS_MAX:
            self.kept.append(Problem(code=code, case_id=case_id, message=words(code, detail)))


async def check(
    store: Store,
    *,
    trust: Trust | None,
    signer: str | None = None,
    receipts: Iterable[tuple[str, str]] | None = None,
    ledgers: Mapping[str, Iterable[ledger.Entry]] | None = None,
    folder: DocumentFolder | None = None,
    heads: Sequence[Head] = (),
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Go through a store at rest, case by case, in memory that does not grow with it.

    `trust` is what receipts and responses must verify against, None where there are no keys to check by; `signer` the
    party (Verified.party) that must have signed them; a gateway's certificate names none. `receipts` are the (case id,
    digest) that clients hold, `ledgers` what each agency has taken, complete, by agency code; both are held in memory.
    `heads` are those of entries that were noted outside of the store. `folder` has the files of documents on file, None
    where they are not to be looked at. `progress` is told the number of cases done. Raises StoreUnavailable where the
    store can't be read at all.
    """
    findings = _Findings()
    for line in await store.damage():
        findings.add("store-damaged", "", line)
    held = _held(receipts or (), findings)
    taken = {agency: _taken(agency, entries, findings) for agency, entries in (ledgers or {}).items()}
    received = decided = 0
    async for record in _records(store, findings):
        examined = _Examined(record, findings)
        _check_feed(record, examined.case, findings)
        if examined.case is not None:
            _check_documents(record, examined.case, findings)
            if trust is not None:
                _check_signed(record, examined.case, trust, signer, findings)
            _check_ledgers(examined.case, taken, findings)
        _check_held(record.case_id, examined.case, held, findings)
        received += record.snapshot is not None
        decided += examined.decided
        if progress is not None:
            progress(received)
    _check_left_over(held, taken, findings)
    chain = await _check_chain(store, heads, findings)
    await _check_webhooks(store, findings)
    await _check_dead_letters(store, findings)
    still_open = await _count_open(store, findings)
    if received != decided + still_open:
        findings.add("count-differs", "", f"{received} != {decided} + {still_open}")  # 5
    on_file = 0 if folder is None else await _check_files(store, folder, findings)
    return Report(
        received=received,
        decided=decided,
        open=still_open,
        problems=tuple(findings.kept),
        problem_count=findings.count,
        on_file=on_file,
        head=str(chain.head),
        noted=max((head.number for head in heads), default=0),
    )


async def _check_files(store: Store, folder: DocumentFolder, findings: _Findings) -> int:
    """6: how many documents are on file."""
    count = 0
    try:
        async for wrong in examined(store.documents, folder):
            count += 1
            if wrong is not None:
                findings.add(wrong[0], "", wrong[1])
    except StoreUnavailable as error:
        findings.add("store-damaged", "", str(error))
    return count


def _held(receipts: Iterable[tuple[str, str]], findings: _Findings) -> dict[str, str]:
    held: dict[str, str] = {}
    for case_id, digest_given in receipts:
        if held.setdefault(case_id, digest_given) != digest_given:
            findings.add("receipt-differs", case_id)  # 1
    return held


def _taken(agency: str, entries: Iterable[ledger.Entry], findings: _Findings) -> dict[str, _Taken]:
    taken: dict[str, _Taken] = {}
    for entry in entries:
        if entry.message_id in taken:
            findings.add("message-taken-twice", entry.message_id.split("/")[0], f"{agency}: {entry.message_id}")  # 3
        taken[entry.message_id] = _Taken(entry.digest, digest(entry.reply))
    return taken


def _check_held(case_id: str, case: Case | None, held: dict[str, str], findings: _Findings) -> None:
    """1: a receipt that has been matched is struck off."""
    promised = held.pop(case_id, None)
    if promised is not None and (case is None or promised != case.digest):
        findings.add("receipt-differs", case_id)


def _check_left_over(held: Mapping[str, str], ledgers: Mapping[str, Mapping[str, _Taken]], findings: _Findings) -> None:
    """1 and 3: what was not struck off belongs to no case; nor do test messages, which say so."""
    for case_id in held:
        findings.add("receipt-without-case", case_id)
    for agency, entries in ledgers.items():
        for message_id in entries:
            if not message_id.startswith(CHECK):
                findings.add("message-unknown", message_id.split("/")[0], f"{agency}: {message_id}")


async def _records(store: Store, findings: _Findings) -> AsyncIterator[RawRecord]:
    """Every record, up to where the store can't be read any further."""
    try:
        async for record in store.inspect():
            yield record
    except StoreUnavailable as error:
        findings.add("store-damaged", "", str(error))


async def _count_open(store: Store, findings: _Findings) -> int:
    still_open = 0
    try:
        async for case in store.outstanding():
            still_open += case.status is not CaseStatus.DECIDED
    except StoreUnavailable as error:
        findings.add("store-damaged", "", str(error))
    return still_open


class _Examined:
    """0: a record read and held against itself. `case` is what its journal tells, None where it tells nothing sound."""

    def __init__(self, record: RawRecord, findings: _Findings) -> None:
        self.case: Case | None = None
        self.decided = 0
        if record.unreadable is not None:
            findings.add("record-unreadable", record.case_id, record.unreadable)
            return
        if record.snapshot is None:
            findings.add("case-missing", record.case_id)
        if [row.sequence for row in record.journal] != list(range(1, len(record.journal) + 1)):
            findings.add("journal-gap", record.case_id)
        events = tuple(_events(record, findings))
        decisions = [place for place, event in enumerate(events) if isinstance(event, Decided)]
        self.decided = min(1, len(decisions))
        if decisions and not all(isinstance(event, AFTER_DECISION) for event in events[decisions[0] + 1 :]):
            findings.add("decided-before-end", record.case_id)  # 2
        try:
            case = replay(events)
        except Forbidden:
            findings.add("journal-broken", record.case_id)
            return
        if case.id != record.case_id:
            findings.add("journal-broken", record.case_id, case.id)
            return
        self.case = case
        if record.snapshot is not None:
            _check_snapshot(record.case_id, record.snapshot, record.indexed, case, findings)


def _events(record: RawRecord, findings: _Findings) -> Iterator[Event]:
    for row in record.journal:
        try:
            event = decode_event(row.body)
        except msgspec.MsgspecError as error:
            findings.add("event-damaged", record.case_id, f"{row.sequence}: {error}")
            continue
        if (row.event, row.at) != (event_name(event), instant(event.at)):
            findings.add("event-damaged", record.case_id, f"{row.sequence}: {row.event} {row.at}")
        yield event


def _check_snapshot(
    case_id: str, snapshot: bytes, columns: Mapping[str, str | int | None], case: Case, findings: _Findings
) -> None:
    if encode_case(case) != snapshot:
        findings.add("snapshot-differs", case_id)
    try:
        shown = indexed(decode_case(snapshot))
    except msgspec.MsgspecError as error:
        findings.add("snapshot-damaged", case_id, str(error))
        return
    wrong = [name for name, value in shown.items() if columns.get(name) != value]
    if wrong:
        findings.add("column-differs", case_id, ", ".join(wrong))


def _check_feed(record: RawRecord, case: Case | None, findings: _Findings) -> None:
    """0: the rows of the feed, in order, are the events of the journal, and are said to be the declarant's."""
    reached = 0
    for row in record.feed:
        if row.first_sequence != reached + 1 or row.last_sequence < row.first_sequence:
            findings.add("feed-differs", record.case_id, f"{row.position}")
            return
        if case is not None and row.declarant != case.declarant:
            findings.add("feed-differs", record.case_id, f"{row.position}: {row.declarant}")
            return
        reached = row.last_sequence
    if record.journal and reached != record.journal[-1].sequence:
        findings.add("feed-differs", record.case_id)


async def _check_chain(store: Store, heads: Sequence[Head], findings: _Findings) -> Chain:
    """9. What is wrong with a case and was found already shows in its entries too; it is not named twice."""
    chain = Chain()
    try:
        async for code, case_id, detail in chain.examined(store, heads):
            if not any(case_id and problem.case_id == case_id for problem in findings.kept):
                findings.add(code, case_id, detail)
    except StoreUnavailable as error:
        findings.add("store-damaged", "", str(error))
    return chain


async def _check_webhooks(store: Store, findings: _Findings) -> None:
    try:
        end = await store.feed_end()
        for webhook in await store.webhooks():
            if isinstance(webhook, RecordDamaged):
                findings.add("webhook-damaged", "", str(webhook))
            elif webhook.place > end:
                findings.add("webhook-ahead", "", webhook.id)
    except StoreUnavailable as error:
        findings.add("store-damaged", "", str(error))


async def _check_dead_letters(store: Store, findings: _Findings) -> None:
    """8."""
    try:
        async for code, case_id, detail in fsck_letters.examined(store):
            findings.add(code, case_id, detail)
    except StoreUnavailable as error:
        findings.add("store-damaged", "", str(error))


def _media_types(name: str, case: Case) -> tuple[str, ...]:
    """What a document may be: the first declaration what it was taken as, a later one either, all others XML."""
    if name == declaration_name(1):
        return (case.media_type,)
    return (XML, JSON) if name.startswith("declaration/") else (XML,)


def _check_documents(record: RawRecord, case: Case, findings: _Findings) -> None:
    kept = {document.name: document for document in record.documents}
    expected_of = dict(promised(case))
    for name, expected in expected_of.items():
        if name not in kept:
            findings.add("document-missing", case.id, name)
        elif digest(kept[name].body) != expected:
            findings.add("document-damaged", case.id, name)
        elif name == declaration_name(case.revision):
            _check_declaration(kept[name], case, findings)
    if RECEIPT_NAME not in kept:
        findings.add("document-missing", case.id, RECEIPT_NAME)
    for name in sorted(kept):
        if kept[name].media_type not in _media_types(name, case):
            findings.add("media-type-differs", case.id, f"{name}: {kept[name].media_type}")
    for name in sorted(kept.keys() - expected_of.keys() - {RECEIPT_NAME}):
        findings.add("document-unexpected", case.id, name)  # 2


def _check_declaration(document: Document, case: Case, findings: _Findings) -> None:
    """Whether a declaration can be read as what the journal says it is: a case is worked on from it."""
    try:
        first = case.revision == 1
        read_declaration(msgspec.structs.replace(document, media_type=case.media_type) if first else document)
    except Rejected as rejected:
        findings.add("declaration-unreadable", case.id, rejected.problem)


def _check_signed(record: RawRecord, case: Case, trust: Trust, signer: str | None, findings: _Findings) -> None:
    """4, and the receipt likewise."""
    for document in record.documents:
        if document.name == RECEIPT_NAME:
            signed = _verified(document, case, trust, signer, case.received_at, findings)
            if signed is not None:
                _check_receipt(signed, case, findings)
        elif document.name == RESPONSE_NAME and case.status is CaseStatus.DECIDED and case.decided_at is not None:
            signed = _verified(document, case, trust, signer, case.decided_at, findings)
            if signed is not None:
                _check_response(signed, case, findings)


def _verified(
    document: Document, case: Case, trust: Trust, signer: str | None, at: datetime, findings: _Findings
) -> bytes | None:
    try:
        verified = verify(document.body, trust, at)
    except Rejected as rejected:
        findings.add("signature-wrong", case.id, f"{document.name}: {rejected.findings[0].code}")
        return None
    if verified.party != signer:
        findings.add("signature-wrong", case.id, f"{document.name}: {verified.subject}")
    return verified.signed


def _check_receipt(signed: bytes, case: Case, findings: _Findings) -> None:
    try:
        receipt = RECEIPT.decode_xml(signed)
    except Rejected as rejected:
        findings.add("document-damaged", case.id, f"{RECEIPT_NAME}: {rejected}")
        return
    said = (receipt.id, receipt.functional_reference_id, receipt.declarant_id, receipt.digest)
    if said != (case.id, case.reference, case.declarant, case.digest):
        findings.add("receipt-differs", case.id)


def _check_response(signed: bytes, case: Case, findings: _Findings) -> None:
    try:
        response = RESPONSE.decode_xml(signed)
    except Rejected as rejected:
        findings.add("document-damaged", case.id, f"{RESPONSE_NAME}: {rejected}")
        return
    said = (response.id, response.functional_reference_id, response.declaration_digest, response.outcome_code)
    if said != (case.id, case.reference, case.declaration_digest, case.outcome):
        findings.add("response-differs", case.id)
    decisions = [
        (each.agency_code, each.outcome_code, each.message_id, each.reply_digest) for each in response.agency_decision
    ]
    if sorted(decisions, key=str) != sorted((_decision(answered(case, part)) for part in case.parts), key=str):
        findings.add("response-differs", case.id, "AgencyDecision")


def _decision(part: Part) -> tuple[str, str | None, str | None, str | None]:
    asked = part.outcome is not None or part.sent_at is not None
    return part.agency, part.outcome, part.message_id if asked else None, part.reply_digest


def _check_ledgers(case: Case, ledgers: Mapping[str, dict[str, _Taken]], findings: _Findings) -> None:
    """3: an entry that has been matched is struck off."""
    late = {each.message_id: each.digest for each in case.late}
    for part in (*case.parts, *case.orders, *case.notices, *case.past):
        taken = ledgers.get(part.agency, {}).pop(part.message_id, None)
        if part.message_digest is None and taken is not None:
            findings.add("message-unknown", case.id, f"{part.agency}: {part.message_id}")
        elif taken is not None and taken.message_digest != part.message_digest:
            findings.add("message-differs", case.id, part.message_id)
        reply_digest = part.reply_digest or late.get(part.message_id)
        if reply_digest is None or part.agency not in ledgers:
            continue
        if taken is None:
            findings.add("message-never-taken", case.id, part.message_id)
        elif taken.reply_digest != reply_digest:
            findings.add("reply-differs", case.id, part.message_id)
