"""Dry run: what validation and the reference rules would say of a declaration that nobody has submitted.

Nothing is stored, sent or signed, and nothing of it binds anybody: an agency's officers decide by more than its rules.
Each agency with reference rules is asked for itself and at once; serial steps are named and not played.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from ..agencies.agency import AnyAgency
from ..agencies.agency_fault import AgencyFault, Work, faults_of
from ..agencies.directed_reply import directed_reply
from ..agencies.directives import Directive, Fault, directions
from ..codecs.finding import Finding, Text
from ..codecs.json_pointer import json_pointer
from ..codecs.messages import reply
from ..codecs.messages.codes import BillLineStatus, CaseOutcome, ReplyOutcome
from ..codecs.messages.declaration import Declaration
from ..codecs.messages.reply import Inspection
from ..codecs.messages.response import Bill, JointInspection
from .bill import bill
from .case import Case, CaseStatus, ReleaseRule
from .distribution import attempt
from .events import Assignment
from .joint_inspection import joint_inspection
from .merge import NOT_CONCERNED
from .outcome import outcome
from .papers import Message
from .plan import Procedure
from .pointer import Tracer
from .receipt import Links, links
from .status import AgencyFinding, bilingual

NOT_BINDING: Final = Text(
    en="A dry run: nothing was stored or sent, and nothing of this is binding. Agencies may decide otherwise.",
    zh="试申报：未存储，未分发，结果不具约束力，以部门实际审核为准。",
)

_MESSAGE_ID: Final = "dry-run/{}/1"

_USUAL: Final = Directive()

_OBJECTING: Final = (ReplyOutcome.REFUSED, ReplyOutcome.SUPPLEMENT_REQUIRED)

_NONE: Final[Mapping[str, AgencyFault]] = MappingProxyType({})


class AgencyCondition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an agency would ask for beside its approval; `pointer` leads into the declaration, `json_pointer` too."""

    code: str
    pointer: str | None
    message: Text
    due_at: datetime | None
    json_pointer: str | None = None


class DryRunAgency(msgspec.Struct, frozen=True, kw_only=True):
    """One agency of the plan.

    asked: it would be sent a message. after: those asked before it, whose answers it would wait for. assessed: it has
    reference rules here, and outcome, findings, conditions and inspection are what they say. unable: its own code fails
    on this declaration; where that is its split, it is not asked either, and a submission is refused. fault: in test
    mode, what the reference asks it to act out.
    """

    code: str
    name: Text
    asked: bool
    words: Text
    after: tuple[str, ...]
    assessed: bool
    unable: bool
    outcome: ReplyOutcome | None
    findings: tuple[AgencyFinding, ...]
    conditions: tuple[AgencyCondition, ...]
    inspection: Inspection | None
    fault: Fault | None


class ReferenceUse(msgspec.Struct, frozen=True, kw_only=True):
    """The case that has this reference already. conflict: it is of another declaration, and a submission is refused."""

    id: str
    status: CaseStatus
    conflict: bool
    words: Text
    links: Links


class DryRun(msgspec.Struct, frozen=True, kw_only=True):
    """What would become of a declaration.

    outcome: the one that the answers of the agencies that were assessed call for, None where none of those asked was.
    complete: every agency that would be asked was assessed. release: whether the goods would move before the bill is
    paid. bill: always provisional. test: the window is in test mode.
    """

    dry_run: Literal[True] = True
    binding: Literal[False] = False
    words: Text = NOT_BINDING
    test: bool
    reference: str
    declarant: str
    type: str
    assessed_at: datetime
    reference_used: ReferenceUse | None
    outcome: CaseOutcome | None
    complete: bool
    release: ReleaseRule
    agencies: tuple[DryRunAgency, ...]
    bill: Bill | None
    joint_inspection: JointInspection | None


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A valid declaration, plan and release rule of its procedure, and the messages to be sent, by agency code.

    faults: by agency code, why a message could not be made.
    """

    declaration: Declaration
    plan: tuple[Assignment, ...]
    messages: Mapping[str, Message]
    release: ReleaseRule
    faults: Mapping[str, AgencyFault] = _NONE


def reference_use(case: Case, *, same: bool) -> ReferenceUse:
    """What to say of a case that has the declaration's reference; `same`: it is of this very declaration."""
    words = (
        Text(
            en="This declaration was submitted before: submitting it again gives the case that is there.",
            zh="该申报单此前已提交，再次提交将返回已有办件。",
        )
        if same
        else Text(
            en="The reference is that of another declaration: a submission would be refused with 409.",
            zh="该业务编号已用于另一申报单，提交将被拒绝（409）。",
        )
    )
    return ReferenceUse(id=case.id, status=case.status, conflict=not same, words=words, links=links(case.id))


def dry_run(
    planned: Planned,
    agencies: Mapping[str, AnyAgency],
    now: datetime,
    used: ReferenceUse | None,
    *,
    test: bool,
    in_json: bool = False,
) -> DryRun:
    """What would become of a declaration now, as far as the reference rules tell; `in_json`: it is in JSON. Pure."""
    declaration, messages = planned.declaration, planned.messages
    faults = dict(planned.faults)
    replies: dict[str, reply.Reply] = {}
    for code, message in messages.items():
        try:
            answer = _assessed(agencies[code], message, now, test=test)
        except AgencyFault as fault:
            faults[code] = fault
            continue
        if answer is not None:
            replies[code] = answer
    reached = outcome(answer.outcome_code for answer in replies.values())
    wishes = {code: answer.inspection for code, answer in replies.items() if answer.inspection is not None}
    asked = directions(declaration.functional_reference_id).of if test else {}
    return DryRun(
        test=test,
        reference=declaration.functional_reference_id,
        declarant=declaration.declarant.id,
        type=declaration.type_code.value,
        assessed_at=now,
        reference_used=used,
        outcome=reached if replies or not (messages or faults) else None,
        complete=len(replies) == len(messages) and not faults,
        release=planned.release,
        agencies=tuple(
            _agency(
                agencies[each.agency],
                planned,
                each,
                replies.get(each.agency),
                faults.get(each.agency),
                asked.get(each.agency, _USUAL).fault,
                in_json=in_json,
            )
            for each in planned.plan
        ),
        bill=None if reached is CaseOutcome.REFUSED else bill(_lines(replies)),
        joint_inspection=joint_inspection(wishes) if reached is CaseOutcome.INSPECTION_REQUIRED else None,
    )


def objections(
    declaration: Declaration, procedure: Procedure, agencies: Mapping[str, AnyAgency], now: datetime, *, test: bool
) -> Iterator[Finding]:
    """What the reference rules of agencies find that would refuse a declaration or ask for a supplement.

    An agency whose own code fails on it has nothing to say.
    """
    shared = attempt(declaration, procedure, agencies)
    for code, message in shared.messages.items():
        try:
            answer = _assessed(agencies[code], message, now, test=test)
        except AgencyFault:
            continue
        if answer is None or answer.outcome_code not in _OBJECTING:
            continue
        tracer = Tracer(message.value, declaration)
        for found in answer.finding:
            pointer = "/Declaration" if found.pointer is None else tracer.trace(found.pointer)
            yield Finding(code=found.code, pointer=pointer, message=bilingual(found.text))


def _assessed(agency: AnyAgency, message: Message, now: datetime, *, test: bool) -> reply.Reply | None:
    """What the agency's reference desk would answer, None where it has no rules. Raises AgencyFault."""
    if agency.assess is None:
        return None
    with faults_of(agency, Work.RULES):
        ruled = agency.assess(message.value, _MESSAGE_ID.format(agency.code), now)
        agency.reply.encode_xml(ruled)  # rules whose answer can't be written have none
    return directed_reply(message.value, ruled, now) if test else ruled


def _lines(replies: Mapping[str, reply.Reply]) -> list[tuple[str, reply.DutyTaxFee]]:
    return [
        (code, replace(line, status_code=BillLineStatus.PROVISIONAL))
        for code, answer in replies.items()
        for line in answer.duty_tax_fee
    ]


def _agency(
    agency: AnyAgency,
    planned: Planned,
    assignment: Assignment,
    answer: reply.Reply | None,
    own_fault: AgencyFault | None,
    fault: Fault | None,
    *,
    in_json: bool,
) -> DryRunAgency:
    message = planned.messages.get(agency.code)
    tracer = None if message is None else Tracer(message.value, planned.declaration)

    def traced(pointer: str | None) -> str | None:
        return None if pointer is None or tracer is None else tracer.trace(pointer)

    def member(pointer: str | None) -> str | None:
        place = traced(pointer) if in_json else None
        return None if place is None else json_pointer(place)

    return DryRunAgency(
        code=agency.code,
        name=agency.name,
        asked=message is not None,
        words=_words(assignment, own_fault, asked=message is not None, assessed=answer is not None),
        after=() if message is None else tuple(code for code in assignment.after if code in planned.messages),
        assessed=answer is not None,
        unable=own_fault is not None,
        outcome=None if answer is None else answer.outcome_code,
        findings=()
        if answer is None
        else tuple(
            AgencyFinding(
                code=found.code,
                pointer=traced(found.pointer),
                message=bilingual(found.text),
                json_pointer=member(found.pointer),
            )
            for found in answer.finding
        ),
        conditions=()
        if answer is None
        else tuple(
            AgencyCondition(
                code=condition.code,
                pointer=traced(condition.pointer),
                message=bilingual(condition.text),
                due_at=condition.due_date_time,
                json_pointer=member(condition.pointer),
            )
            for condition in answer.condition
        ),
        inspection=None if answer is None else answer.inspection,
        fault=fault if message is not None else None,
    )


def _words(assignment: Assignment, own_fault: AgencyFault | None, *, asked: bool, assessed: bool) -> Text:
    if own_fault is not None and own_fault.work is Work.SPLIT:
        return Text(
            en="No message can be made for it, by a fault of its own: a submission would be refused with 503.",
            zh="因该部门自身故障，无法生成其分发报文，提交将被拒绝（503）。",
        )
    if own_fault is not None:
        return Text(
            en="It would be asked; its reference rules fail on this declaration.",
            zh="将分发该部门；其参考规则处理该申报单时出错，无法试算。",
        )
    if not asked:
        return assignment.reason or NOT_CONCERNED
    if not assessed:
        return Text(en="It would be asked; there are no rules of it here.", zh="将分发该部门；本系统无其审核规则。")
    return Text(en="It would be asked, and its reference rules say this.", zh="将分发该部门，以下为参考规则的结果。")
