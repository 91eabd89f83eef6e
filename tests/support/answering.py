"""What an agency answers to a declaration, without transport or desk."""

from datetime import UTC, datetime
from typing import Any

from onewindow.agencies import installed
from onewindow.codecs.messages.declaration import Declaration
from onewindow.codecs.messages.reply import Condition, Finding, Reply

CODES = ["customs", "tax", "market-supervision", "quality-inspection"]

NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
"""A Monday morning in China, after both samples were issued."""

ID = "case-1/agency/1"

AGENCIES = installed()


def message(code: str, declaration: Declaration) -> Any:
    """What the agency is sent of a declaration."""
    sent = AGENCIES[code].split(declaration)
    assert sent is not None
    return sent


def answer(code: str, declaration: Declaration, now: datetime = NOW) -> Reply:
    """The agency's answer to its part of a declaration."""
    agency = AGENCIES[code]
    assert agency.assess is not None
    return agency.assess(message(code, declaration), ID, now)


def remarks(reply: Reply) -> list[tuple[str, str | None]]:
    """Code and pointer of every finding and condition of a reply."""
    found: list[Finding | Condition] = [*reply.finding, *reply.condition]
    return [(remark.code, remark.pointer) for remark in found]
