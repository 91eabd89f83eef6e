"""What the trader asks of an open case: to take a supplement, an amendment, or the declaration back.

A request is granted by an event in the case's journal, or denied by a problem that says what its state forbids.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from ..agencies.agency import AnyAgency
from ..codecs.digest import digest
from ..codecs.finding import Finding, Rejected, Text
from ..codecs.messages.declaration import Declaration
from .case import Case, RevisionKind
from .commands import Amend, Supplement, Withdraw
from .document_names import declaration_name, message_name
from .events import Amended, Assignment, Event, Supplemented
from .life import decide, outstanding, replay
from .papers import XML, read_declaration, split
from .store.store import Conflict, Document, Entry, Record, Store


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A revision as the trader sent it, and read."""

    body: bytes
    media_type: str
    declaration: Declaration


class Requests:
    """Puts requests to the cases of a store. `granted` is told the case that one has changed."""

    def __init__(
        self,
        store: Store,
        agencies: Mapping[str, AnyAgency],
        clock: Callable[[], datetime],
        granted: Callable[[str], None],
    ) -> None:
        self._store = store
        self._agencies = agencies
        self._clock = clock
        self._granted = granted

    async def revise(self, case_id: str, kind: RevisionKind, given: Given) -> Case | None:
        """The case in its new revision, or None where there is no such case.

        Raises Forbidden as `revised` does, Rejected where this is a revision of another declaration, StoreUnavailable.
        """
        while True:
            record = await self._store.load(case_id)
            if record is None:
                return None
            current = declaration_name(record.case.revision)
            record = await self._store.load(case_id, current)
            if record is None:
                return None
            try:
                return await self._append(record.case, *self._revised(record, kind, given))
            except Conflict:
                continue

    def _revised(
        self, record: Record, kind: RevisionKind, given: Given
    ) -> tuple[tuple[Event, ...], tuple[Document, ...]]:
        case = record.case
        findings = tuple(_differences(case, given.declaration))
        if findings:
            raise Rejected("invalid", findings)
        before = read_declaration(record.documents[declaration_name(case.revision)])
        asked = {part.agency: self._agencies[part.agency] for part in case.parts}
        messages = split(given.declaration, asked)
        command = (Supplement if kind is RevisionKind.SUPPLEMENT else Amend)(
            # The same content in other bytes, its JSON twin say, is the same revision.
            digest=case.declaration_digest if before == given.declaration else digest(given.body),
            media_type=given.media_type,
            plan=tuple(
                Assignment(agency=code, message_digest=digest(messages[code].body) if code in messages else None)
                for code in asked
            ),
        )
        events = decide(case, command, self._clock())
        documents = [Document(name=declaration_name(case.revision + 1), media_type=given.media_type, body=given.body)]
        for event in events:
            if isinstance(event, Supplemented | Amended):
                documents += [
                    Document(name=message_name(code, event.revision), media_type=XML, body=messages[code].body)
                    for code in event.asked
                ]
        return events, tuple(documents)

    async def withdraw(self, case_id: str, reason: str) -> Case | None:
        """The case, withdrawn, or None where there is no such case. Raises Forbidden("case-decided")."""
        while True:
            record = await self._store.load(case_id)
            if record is None:
                return None
            try:
                return await self._append(record.case, decide(record.case, Withdraw(reason=reason), self._clock()), ())
            except Conflict:
                continue

    async def _append(self, case: Case, events: tuple[Event, ...], documents: tuple[Document, ...]) -> Case:
        if not events:
            if outstanding(case):  # a disk that failed after it wrote leaves a revision that nobody carries
                self._granted(case.id)
            return case
        changed = replay(events, case)
        await self._store.append(Entry(case=changed, events=events, documents=documents))
        self._granted(case.id)
        return changed


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
                en=f"A revision keeps what the case was opened with: {expected}, not {given}.",
                zh=f"变更后的申报单须与原办件一致：应为 {expected}，实为 {given}。",
            ),
            value=given,
            expected=expected,
        )
        for pointer, expected, given in compared
        if expected != given
    ]
