"""Merging: four answers become the one response."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from ..agencies.agency import AnyAgency
from ..codecs.finding import Text
from ..codecs.messages import common, reply, response
from ..codecs.messages.codes import BillLineStatus, CaseOutcome, LanguageCode, ReplyOutcome
from ..codecs.messages.declaration import Declaration
from .bill import bill
from .case import Case, Part, PartState
from .joint_inspection import joint_inspection
from .life import verdict
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
    """What an agency was sent and what it replied."""

    message: msgspec.Struct
    reply: reply.Reply


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
    element of the declaration that the trader sent. What was withdrawn is neither billed nor inspected.
    """
    replies = {part.agency: answers[part.agency].reply for part in case.parts if part.agency in answers}
    reached = verdict(case)
    standing = {} if reached is CaseOutcome.WITHDRAWN else replies
    tracers = {code: Tracer(answers[code].message, declaration) for code in replies}
    wishes = {code: answer.inspection for code, answer in standing.items() if answer.inspection is not None}
    return response.Response(
        id=case.id,
        functional_reference_id=case.reference,
        declarant_id=case.declarant,
        type_code=declaration.type_code,
        revision_numeric=case.revision,
        acceptance_date_time=case.received_at,
        issue_date_time=now,
        outcome_code=reached,
        release_indicator=reached in RELEASED,
        declaration_digest=case.declaration_digest,
        agency_decision=tuple(_decision(part, agencies) for part in case.parts),
        finding=tuple(
            response.Finding(
                agency_code=code,
                code=finding.code,
                pointer=_traced(finding.pointer, tracers[code]),
                text=finding.text,
            )
            for code, answer in replies.items()
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
            for code, answer in standing.items()
            for condition in answer.condition
        ),
        bill=bill(_charges(reached, replies)),
        joint_inspection=joint_inspection(wishes),
    )


def _charges(reached: CaseOutcome, replies: Mapping[str, reply.Reply]) -> Iterator[tuple[str, reply.DutyTaxFee]]:
    """What is to be paid: nothing for goods that are refused or withdrawn, and nothing finally for goods held."""
    if reached in (CaseOutcome.REFUSED, CaseOutcome.WITHDRAWN):
        return
    for code, answer in replies.items():
        for line in answer.duty_tax_fee:
            final = reached in RELEASED
            yield code, line if final else replace(line, status_code=BillLineStatus.PROVISIONAL)


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
    if part.outcome is None:
        absent = part.state is PartState.NOT_CONCERNED
        return response.AgencyDecision(
            agency_code=part.agency,
            name=_bilingual(name),
            message_id=None if part.sent_at is None else part.message_id,
            sent_date_time=part.sent_at,
            absence_reason=_bilingual(NOT_CONCERNED if absent else WITHDRAWN),
        )
    if part.state is PartState.DEEMED:
        return response.AgencyDecision(
            agency_code=part.agency,
            name=_bilingual(name),
            outcome_code=part.outcome,
            message_id=part.message_id,
            sent_date_time=part.sent_at,
            absence_reason=_bilingual(deemed(part)),
        )
    return response.AgencyDecision(
        agency_code=part.agency,
        name=_bilingual(name),
        outcome_code=part.outcome,
        agency_reference_id=part.agency_reference,
        message_id=part.message_id,
        sent_date_time=part.sent_at,
        decision_date_time=part.decided_at,
        reply_digest=part.reply_digest,
    )


def _bilingual(text: Text) -> tuple[common.Text, common.Text]:
    return (
        common.Text(value=text.en, language_id=LanguageCode.EN),
        common.Text(value=text.zh, language_id=LanguageCode.ZH),
    )
