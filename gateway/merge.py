"""Merging: the agencies' answers become the one response."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from ..agencies.agency import AnyAgency
from ..codecs.finding import Text
from ..codecs.messages import common, response
from ..codecs.messages.codes import BillLineStatus, CaseOutcome, LanguageCode, ReplyOutcome
from ..codecs.messages.declaration import Declaration
from ..codecs.messages.reply import DutyTaxFee, Reply
from .bill import bill
from .case import Case, Money, Part, PartState, ReleaseRule
from .inspection import inspected
from .life import answered, verdict
from .outcome import RELEASED
from .pointer import Tracer

NOT_CONCERNED = Text(
    en="Nothing in this declaration falls under this agency, so it was not asked.",
    zh="本申报内容不涉及该部门，未向其分发。",
)
WITHDRAWN = Text(
    en="The declaration was withdrawn before this agency had answered.",
    zh="该部门答复之前，申报人已撤回申报。",
)


class Answer(msgspec.Struct, frozen=True):
    """What an agency was sent, what it replied, and what it replied once it had seen the goods."""

    message: msgspec.Struct
    reply: Reply
    result: Reply | None = None


def merge(
    case: Case,
    declaration: Declaration,
    answers: Mapping[str, Answer],
    agencies: Mapping[str, AnyAgency],
    now: datetime,
) -> response.Response:
    """The unsigned response of a case from which nothing more is awaited: all have answered, or it is withdrawn.

    `answers` holds each answered part by agency code; the response lists agencies, findings and bill lines in the
    order of the case's plan. A refusal does not hide the others: every finding is there, its pointer traced to the
    element of the declaration that the trader sent. Of an agency that saw the goods the conditions of its last reply
    count. What was withdrawn is neither billed nor inspected.
    """
    given = {part.agency: answers[part.agency] for part in case.parts if part.agency in answers}
    said = [
        (code, each) for code, answer in given.items() for each in (answer.reply, answer.result) if each is not None
    ]
    reached = verdict(case)
    last = [(code, each.result or each.reply) for code, each in given.items()]
    standing = [] if reached is CaseOutcome.WITHDRAWN else last
    tracers = {code: Tracer(answer.message, declaration) for code, answer in given.items()}
    lines = tuple(_charges(reached, given))
    return response.Response(
        id=case.id,
        functional_reference_id=case.reference,
        declarant_id=case.declarant,
        type_code=declaration.type_code,
        revision_numeric=case.revision,
        acceptance_date_time=case.received_at,
        issue_date_time=now,
        outcome_code=reached,
        release_indicator=reached in RELEASED and not (lines and case.release is ReleaseRule.AFTER_PAYMENT),
        declaration_digest=case.declaration_digest,
        agency_decision=tuple(_decision(answered(case, part), agencies) for part in case.parts),
        finding=tuple(
            response.Finding(
                agency_code=code,
                code=finding.code,
                pointer=_traced(finding.pointer, tracers[code]),
                text=finding.text,
            )
            for code, answer in said
            for finding in answer.finding
        ),
        condition=tuple(
            response.Condition(
                agency_code=code,
                code=condition.code,
                text=condition.text,
                due_date_time=condition.due_date_time,
                pointer=_traced(condition.pointer, tracers[code]),
            )
            for code, answer in standing
            for condition in answer.condition
        ),
        bill=bill(lines),
        joint_inspection=inspected(case, {code: answer.reply for code, answer in given.items()}) if standing else None,
    )


def payable(value: response.Response) -> tuple[Money, ...]:
    """What is to be paid, in each currency: nothing while goods are held or not to be had.

    Provisional lines are paid on account: the response is final, and what changes later is a new case.
    """
    if value.bill is None or value.outcome_code not in RELEASED:
        return ()
    totals = value.bill.total_amount
    return tuple(Money(total.value, total.currency_id.value) for total in totals if total.value > 0)


def _charges(reached: CaseOutcome, answers: Mapping[str, Answer]) -> Iterator[tuple[str, DutyTaxFee]]:
    """What is to be paid: nothing for goods that are refused or withdrawn, and nothing finally for goods held.

    What an agency charged before it saw the goods is final once it has let them pass; where it charges anew,
    that counts.
    """
    if reached in (CaseOutcome.REFUSED, CaseOutcome.WITHDRAWN):
        return
    for code, answer in answers.items():
        result = answer.result
        before = answer.reply.duty_tax_fee
        for line in before if result is None or not result.duty_tax_fee else result.duty_tax_fee:
            if reached not in RELEASED:
                yield code, replace(line, status_code=BillLineStatus.PROVISIONAL)
            elif result is not None:
                yield code, replace(line, status_code=BillLineStatus.FINAL)
            else:
                yield code, line


def _traced(pointer: str | None, tracer: Tracer) -> str | None:
    return None if pointer is None else tracer.trace(pointer)


def deemed(part: Part) -> Text:
    """Why there is an outcome of an agency that did not answer."""
    due = "" if part.due_at is None else f"{part.due_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    approved = part.outcome is ReplyOutcome.APPROVED
    return Text(
        en=f"This agency did not answer by {due}; it is deemed to have {'approved' if approved else 'refused'}.",
        zh=f"该部门未在{due}前答复，视为{'同意' if approved else '不予同意'}。",
    )


def _decision(part: Part, agencies: Mapping[str, AnyAgency]) -> response.AgencyDecision:
    agency = agencies.get(part.agency)
    name = Text(en=part.agency, zh=part.agency) if agency is None else agency.name
    decision = response.AgencyDecision(
        agency_code=part.agency,
        name=_bilingual(name),
        outcome_code=part.outcome,
        message_id=None if part.sent_at is None and part.outcome is None else part.message_id,
        sent_date_time=part.sent_at,
    )
    if part.outcome is None:
        absent = part.state is PartState.NOT_CONCERNED
        return replace(decision, absence_reason=_bilingual((part.absence or NOT_CONCERNED) if absent else WITHDRAWN))
    if part.state is PartState.DEEMED:
        return replace(decision, absence_reason=_bilingual(deemed(part)))
    return replace(
        decision,
        agency_reference_id=part.agency_reference,
        decision_date_time=part.decided_at,
        reply_digest=part.reply_digest,
    )


def _bilingual(text: Text) -> tuple[common.Text, common.Text]:
    return (
        common.Text(value=text.en, language_id=LanguageCode.EN),
        common.Text(value=text.zh, language_id=LanguageCode.ZH),
    )
