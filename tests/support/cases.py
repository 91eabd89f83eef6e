"""Cases on their way, as entries for a store: each step follows from the one before it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from onewindow.codecs.digest import digest
from onewindow.codecs.messages.codes import CaseOutcome, ReplyOutcome
from onewindow.gateway.case import Case
from onewindow.gateway.commands import Command, Decide, Reply, Send, Submit
from onewindow.gateway.events import Assignment, Event
from onewindow.gateway.life import decide, replay
from onewindow.gateway.store import Document, Entry

AGENCIES = ("customs", "tax")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DECLARANT = "91310000MA1FL0TE57"


def case_id(number: int) -> str:
    """The id of the case with this number; ids sort as their numbers do."""
    return f"{number:08x}-0000-7000-8000-000000000000"


def noon(seconds: float) -> datetime:
    """A time so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def document(name: str, body: bytes) -> Document:
    """An XML document."""
    return Document(name=name, media_type="application/xml", body=body)


def accepted(
    number: int,
    reference: str | None = None,
    declarant: str = DECLARANT,
    declaration: bytes = b"<Declaration/>",
    at: datetime | None = None,
    named: str | None = None,
) -> Entry:
    """The first step of case `number`, with its documents; received that many seconds after noon, or `at` a time.

    named: an id in place of the number's.
    """
    messages = {agency: f"<{agency} of='{number}'/>".encode() for agency in AGENCIES}
    submit = Submit(
        case_id=named or case_id(number),
        reference=reference or f"REF-{number}",
        declarant=declarant,
        type_code="IM",
        digest=digest(declaration),
        media_type="application/xml",
        plan=(
            *(Assignment(agency=agency, message_digest=digest(body)) for agency, body in messages.items()),
            Assignment(agency="quality-inspection"),
        ),
    )
    events = decide(None, submit, at or noon(number))
    bodies = {
        "declaration/1": declaration,
        "receipt": f"<Receipt of='{number}'/>".encode(),
        **{f"message/{agency}/1": body for agency, body in messages.items()},
    }
    return Entry(
        case=replay(events),
        events=events,
        documents=tuple(document(name, body) for name, body in bodies.items()),
    )


def sent(case: Case) -> Entry:
    """All messages are on their way."""
    return _step(case, {}, Send())


def answered(case: Case, replies: Mapping[str, bytes] | None = None) -> Entry:
    """All agencies have approved."""
    bodies = replies or {agency: f"<Reply from='{agency}' to='{case.id}'/>".encode() for agency in AGENCIES}
    commands = (
        Reply(
            agency=part.agency,
            message_id=part.message_id,
            outcome=ReplyOutcome.APPROVED,
            agency_reference=f"{part.agency}-1",
            decided_at=case.received_at,
            digest=digest(bodies[part.agency]),
        )
        for part in case.parts
        if part.agency in bodies
    )
    return _step(case, {f"reply/{agency}/1": body for agency, body in bodies.items()}, *commands)


def decided(case: Case, response: bytes = b"<Response/>", outcome: CaseOutcome = CaseOutcome.CLEARED) -> Entry:
    """The response is there."""
    return _step(case, {"response": response}, Decide(outcome=outcome, digest=digest(response)))


def whole(number: int) -> tuple[Entry, ...]:
    """A case from acceptance to response, in four steps."""
    first = accepted(number)
    second = sent(first.case)
    third = answered(second.case)
    return first, second, third, decided(third.case)


def _step(case: Case, bodies: Mapping[str, bytes], *commands: Command) -> Entry:
    events: list[Event] = []
    current = case
    for command in commands:
        new = decide(current, command, case.received_at + timedelta(seconds=case.sequence))
        current = replay(new, current)
        events += new
    return Entry(
        case=current,
        events=tuple(events),
        documents=tuple(document(name, body) for name, body in bodies.items()),
    )
