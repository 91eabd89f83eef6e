"""What a case's life is made of in tests: agencies, plans, revisions and documents, without a word of real content."""

from datetime import UTC, datetime, timedelta
from typing import Any

from onewindow.codecs.digest import digest
from onewindow.codecs.finding import Text
from onewindow.gateway.case import Case, DeferredDocument
from onewindow.gateway.events import Assignment

AGENCIES = ("customs", "tax", "market-supervision", "quality-inspection")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def plan(content: dict[str, int | None], after: dict[str, tuple[str, ...]]) -> tuple[Assignment, ...]:
    """The plan for a declaration with this content."""
    return tuple(
        Assignment(
            agency=code,
            message_digest=None if content[code] is None else digest(f"{code} {content[code]}".encode()),
            after=after.get(code, ()),
            reason=Text(f"{code}: {sorted(content.items(), key=str)}", code) if content[code] is None else None,
        )
        for code in AGENCIES
    )


DOCUMENTS = tuple(
    DeferredDocument(type_code="861", document_id=f"CO-{number}", due_at=NOON + timedelta(days=number))
    for number in (1, 2)
)


def whole(content: dict[str, int | None]) -> str:
    """The digest of a declaration with this content."""
    return digest(repr(sorted(content.items())).encode())


def shown(case: Case) -> tuple[Any, ...]:
    """What never changes any more once a case is decided."""
    return (
        case.outcome,
        case.decided_at,
        case.response_digest,
        case.parts,
        case.orders,
        case.revision,
        case.payable,
    )
