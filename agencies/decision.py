"""From what an agency's rules remark to the reply that it sends."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from msgspec import Struct

from ..codecs import finding as words
from ..codecs.messages.codes import LanguageCode, ReplyOutcome
from ..codecs.messages.common import Text
from ..codecs.messages.reply import Condition, CustomsValuation, DutyTaxFee, Finding, Inspection, Reply

STRONGEST_FIRST = (
    ReplyOutcome.REFUSED,
    ReplyOutcome.SUPPLEMENT_REQUIRED,
    ReplyOutcome.INSPECTION_REQUIRED,
    ReplyOutcome.APPROVED_WITH_CONDITIONS,
    ReplyOutcome.APPROVED,
)
"""One remark that refuses outweighs every other; goods are only inspected once the papers are complete."""


class Remark(Struct, frozen=True):
    """What one rule has to say.

    outcome: what this remark alone would make of the reply; ``approved``: for information, nothing hangs on it.
    code: stable, ``agency.cause``. pointer: the element in the agency's message, None for the message as a whole.
    due: for a condition, the time by which it is to be met.
    """

    outcome: ReplyOutcome
    code: str
    pointer: str | None
    text: words.Text
    due: datetime | None = None


def refused(code: str, pointer: str | None, en: str, zh: str) -> Remark:
    """A remark for which the goods may not pass."""
    return Remark(ReplyOutcome.REFUSED, code, pointer, words.Text(en, zh))


def supplement(code: str, pointer: str | None, en: str, zh: str) -> Remark:
    """A remark that asks the trader to add or correct something."""
    return Remark(ReplyOutcome.SUPPLEMENT_REQUIRED, code, pointer, words.Text(en, zh))


def inspection(code: str, pointer: str | None, en: str, zh: str) -> Remark:
    """A remark for which the goods have to be seen."""
    return Remark(ReplyOutcome.INSPECTION_REQUIRED, code, pointer, words.Text(en, zh))


def condition(code: str, pointer: str | None, en: str, zh: str, due: datetime | None = None) -> Remark:
    """A remark that lets the goods pass, but asks for something by a time."""
    return Remark(ReplyOutcome.APPROVED_WITH_CONDITIONS, code, pointer, words.Text(en, zh), due)


def note(code: str, pointer: str | None, en: str, zh: str) -> Remark:
    """A remark for information."""
    return Remark(ReplyOutcome.APPROVED, code, pointer, words.Text(en, zh))


def outcome_of(remarks: Iterable[Remark]) -> ReplyOutcome:
    """The strongest outcome among the remarks; approved without any."""
    found = {remark.outcome for remark in remarks}
    return next((outcome for outcome in STRONGEST_FIRST if outcome in found), ReplyOutcome.APPROVED)


def settles(remarks: Iterable[Remark]) -> bool:
    """Are amounts final with these remarks; while something is still asked for, they may change."""
    return outcome_of(remarks) in (ReplyOutcome.APPROVED, ReplyOutcome.APPROVED_WITH_CONDITIONS)


def agency_reference(agency: str, message_id: str) -> str:
    """The agency's own number for a message, the same for the same message: the code and twelve hex digits."""
    return f"{agency.upper()}-{sha256(message_id.encode()).hexdigest()[:12].upper()}"


def reply(
    agency: str,
    message_id: str,
    now: datetime,
    remarks: Sequence[Remark],
    *,
    lines: Sequence[DutyTaxFee] = (),
    visit: Inspection | None = None,
    valuations: Sequence[CustomsValuation] = (),
) -> Reply:
    """The reply for these remarks, decided at ``now``.

    A reply that refuses levies nothing; a visit is proposed only where the outcome is an inspection. Remarks that are
    conditions become conditions, the others findings, each once, up to as many as the reply's schema takes.
    """
    remarks = tuple(dict.fromkeys(remarks))
    outcome = outcome_of(remarks)
    return Reply(
        message_id=message_id,
        agency_code=agency,
        agency_reference_id=agency_reference(agency, message_id),
        outcome_code=outcome,
        decision_date_time=now,
        finding=tuple(
            Finding(code=remark.code, pointer=remark.pointer, text=_texts(remark))
            for remark in remarks
            if remark.outcome is not ReplyOutcome.APPROVED_WITH_CONDITIONS
        )[:FINDING_COUNT_MAX],
        condition=tuple(
            Condition(code=remark.code, text=_texts(remark), due_date_time=remark.due, pointer=remark.pointer)
            for remark in remarks
            if remark.outcome is ReplyOutcome.APPROVED_WITH_CONDITIONS
        )[:CONDITION_COUNT_MAX],
        duty_tax_fee=() if outcome is ReplyOutcome.REFUSED else tuple(lines),
        inspection=visit if outcome is ReplyOutcome.INSPECTION_REQUIRED else None,
        customs_valuation=tuple(valuations),
    )


FINDING_COUNT_MAX = 1000
CONDITION_COUNT_MAX = 100
"""How many findings and conditions a reply's schema takes."""


def _texts(remark: Remark) -> tuple[Text, ...]:
    return (
        Text(value=remark.text.en, language_id=LanguageCode.EN),
        Text(value=remark.text.zh, language_id=LanguageCode.ZH),
    )
