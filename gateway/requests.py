"""What the trader asks of a case: to take a supplement, an amendment, a document, a payment, or the declaration back.

A request is granted by an event in the case's journal, or denied by a problem that says what its state forbids.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec

from ..agencies.agency import AnyAgency
from ..codecs.digest import digest
from ..codecs.finding import Finding, Rejected, Text
from ..codecs.messages.common import AdditionalDocument
from ..codecs.messages.declaration import Declaration
from .case import Case, Deferral, RevisionKind
from .case_turns import CHANGES_MAX, WAITING_REQUESTS_MAX, CaseTurns, case_busy
from .commands import Amend, Command, Forbidden, Rate, ReceiveDocument, RecordPayment, Supplement, Withdraw
from .config import ProcedureName, procedure_name
from .deferral import deferred_documents, documents_of
from .distribution import distribute
from .document_names import declaration_name, message_name
from .document_reuse import delivery, references
from .documents_on_file import DocumentsOnFile
from .events import Amended, Event, Supplemented
from .intake import refused
from .life import decide, outstanding, replay
from .message_id import message_id
from .notice import Telling, document_notices, reached, withdrawal_notices
from .off_loop import off_loop
from .papers import XML, read_declaration
from .plan import Procedure
from .store.register import OnFile
from .store.store import Conflict, Document, Entry, Names, Record, Store, no_names


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A revision as the trader sent it, and read."""

    body: bytes
    media_type: str
    declaration: Declaration


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """A request that the case has taken; `replay`: it had it already, and nothing has changed."""

    case: Case
    replay: bool


class Requests:
    """Puts requests to the cases of a store. `granted` is told the case that one has changed."""

    def __init__(
        self,
        store: Store,
        turns: CaseTurns,
        documents: DocumentsOnFile,
        agencies: Mapping[str, AnyAgency],
        procedures: Mapping[ProcedureName, Procedure],
        clock: Callable[[], datetime],
        granted: Callable[[Case], None],
    ) -> None:
        self._store = store
        self._turns = turns
        self._documents = documents
        self._agencies = agencies
        self._procedures = procedures
        self._clock = clock
        self._granted = granted

    async def revise(self, case_id: str, kind: RevisionKind, read: Callable[[], Awaitable[Given]]) -> Granted | None:
        """The case in its new revision, or None where there is no such case.

        `read` reads what was given when the case's turn has come: that costs more than all the rest. Raises what it
        raises, Forbidden as `revised` does, NotServing("case-busy"), StoreUnavailable, and Rejected where this is a
        revision of another declaration or refers to documents on file that it may not refer to.
        """
        async with self._turns.turn(case_id, WAITING_REQUESTS_MAX):
            given = await read()
            on_file = await self._documents.referred(references(given.declaration))
            for _ in range(CHANGES_MAX):
                record = await self._store.load(case_id, of=_current)
                if record is None:
                    return None
                try:
                    revised = partial(self._revised, record, kind, given, on_file)
                    return await self._append(record.case, *await off_loop(len(given.body), revised))
                except Conflict:
                    continue
            raise case_busy()

    def _revised(
        self, record: Record, kind: RevisionKind, given: Given, on_file: Sequence[OnFile]
    ) -> tuple[tuple[Event, ...], tuple[Document, ...]]:
        case = record.case
        findings = tuple(_differences(case, given.declaration))
        if findings:
            raise Rejected("invalid", findings)
        before = read_declaration(record.documents[declaration_name(case.revision)])
        if before != given.declaration:
            findings = self._documents.wrong(references(given.declaration), given.declaration, on_file)
            if findings:
                raise refused(findings, given.body, given.media_type)
        shared = distribute(given.declaration, self._again(case), self._agencies)
        command = (Supplement if kind is RevisionKind.SUPPLEMENT else Amend)(
            # The same content in other bytes, its JSON twin say, is the same revision.
            digest=case.declaration_digest if before == given.declaration else digest(given.body),
            media_type=given.media_type,
            plan=shared.plan,
            deferred=deferred_documents(given.declaration),
        )
        events = decide(case, command, self._clock())
        documents = [Document(name=declaration_name(case.revision + 1), media_type=given.media_type, body=given.body)]
        for event in events:
            if isinstance(event, Supplemented | Amended):
                documents += [
                    Document(
                        name=message_name(message_id(case.id, code, event.revision)),
                        media_type=XML,
                        body=shared.messages[code].body,
                    )
                    for code in event.asked
                ]
        return events, tuple(documents)

    def _again(self, case: Case) -> Procedure:
        """The plan of a revision: the case's own agencies, under the conditions that are in force now."""
        now = self._procedures[procedure_name(case.type_code)]
        return Procedure(tuple(part.agency for part in case.parts), when=now.when)

    async def withdraw(self, case_id: str, reason: str) -> Granted | None:
        """The case, withdrawn, or None where there is no such case.

        Raises Forbidden("case-decided"), and as all requests NotServing("case-busy").
        """

        def withdrawal(record: Record, now: datetime) -> tuple[Command, tuple[Telling, ...]]:
            tellings = withdrawal_notices(record.case, reason, now)
            return Withdraw(reason=reason, notices=tuple(each.told for each in tellings)), tellings

        return await self._change(case_id, withdrawal)

    async def receive(self, case_id: str, type_code: str, number: str, digest_given: str) -> Granted | None:
        """The case with a deferred document in it, or None where there is no such case.

        Raises Forbidden, and Rejected where it is on file and may not be referred to.
        """
        on_file = await self._documents.register.of([digest_given])

        def reception(record: Record, now: datetime) -> tuple[Command, tuple[Telling, ...]]:
            declared = read_declaration(record.documents[declaration_name(record.case.revision)])
            document = _deferred(declared, type_code, number)
            if document is None:
                raise Forbidden("document-not-awaited")
            if not any(_is_in(each, type_code, number, digest_given) for each in record.case.deferred):
                findings = self._documents.wrong([delivery(document, digest_given)], declared, on_file)
                if findings:
                    raise Rejected("invalid", findings)
            came = msgspec.structs.replace(document, digest=digest_given, deferred_indicator=None, due_date=None)
            tellings = document_notices(record.case, came, self._seen_by(record, document), now)
            command = ReceiveDocument(
                type_code=type_code,
                document_id=number,
                digest=digest_given,
                notices=tuple(each.told for each in tellings),
            )
            return command, tellings

        def names(case: Case) -> tuple[str, ...]:
            sent = tuple(message_name(part.message_id) for part in reached(case))
            return (declaration_name(case.revision), *sent)

        return await self._change(case_id, reception, names)

    def _seen_by(self, record: Record, document: AdditionalDocument) -> Iterator[str]:
        """The agencies whose messages name this document."""
        for part in reached(record.case):
            sent = record.documents[message_name(part.message_id)]
            message = self._agencies[part.agency].message.decode_xml(sent.body)
            if any((each.type_code, each.id) == (document.type_code, document.id) for each in documents_of(message)):
                yield part.agency

    async def settle(self, case_id: str, command: RecordPayment | Rate) -> Granted | None:
        """The case after a payment or a rating, or None where there is no such case. Raises Forbidden."""
        return await self._change(case_id, lambda record, now: (command, ()))

    async def _change(
        self,
        case_id: str,
        made: Callable[[Record, datetime], tuple[Command, tuple[Telling, ...]]],
        names: Names = no_names,
    ) -> Granted | None:
        """Decide what `made` makes of the case as it stands when its turn has come, until nobody was faster."""
        async with self._turns.turn(case_id, WAITING_REQUESTS_MAX):
            for _ in range(CHANGES_MAX):
                record = await self._store.load(case_id, of=names)
                if record is None:
                    return None
                now = self._clock()
                command, tellings = await off_loop(record.document_bytes, partial(made, record, now))
                events = decide(record.case, command, now)
                documents = tuple(
                    Document(name=message_name(each.told.message_id), media_type=XML, body=each.body)
                    for each in tellings
                )
                try:
                    return await self._append(record.case, events, documents)
                except Conflict:
                    continue
            raise case_busy()

    async def _append(self, case: Case, events: tuple[Event, ...], documents: tuple[Document, ...]) -> Granted:
        if not events:
            if outstanding(case):  # a disk that failed after it wrote leaves a revision that nobody carries
                self._granted(case)
            return Granted(case=case, replay=True)
        changed = replay(events, case)
        await self._store.append(Entry(case=changed, events=events, documents=documents))
        self._granted(changed)
        return Granted(case=changed, replay=False)


def _current(case: Case) -> tuple[str, ...]:
    return (declaration_name(case.revision),)


def _is_in(deferral: Deferral, type_code: str, number: str, digest_given: str) -> bool:
    """Has this very document come already; then what has become of its file since does not matter."""
    document = deferral.document
    return (document.type_code, document.document_id, deferral.digest) == (type_code, number, digest_given)


def _deferred(declared: Declaration, type_code: str, number: str) -> AdditionalDocument | None:
    named = (each for each in documents_of(declared) if (each.type_code.value, each.id) == (type_code, number))
    return next((each for each in named if each.deferred_indicator), None)


def _differences(case: Case, declaration: Declaration) -> list[Finding]:
    """What makes this the revision of another declaration: reference, declarant and direction stay as they are."""
    compared = (
        ("/Declaration/FunctionalReferenceID", case.reference, declaration.functional_reference_id),
        ("/Declaration/Declarant/ID", case.declarant, declaration.declarant.id),
        ("/Declaration/TypeCode", case.type_code, declaration.type_code.value),
    )
    return [
        Finding(
            code="revision-of-another",
            pointer=pointer,
            message=Text(
                en=f"A revision keeps what the case was opened with: {expected}, not {given}. To declare another, "
                "withdraw this one and submit it as a new declaration.",
                zh=f"变更后的申报单须与原办件一致：应为 {expected}，实为 {given}。如需另行申报，请撤回后重新提交。",
            ),
            value=given,
            expected=expected,
        )
        for pointer, expected, given in compared
        if expected != given
    ]
