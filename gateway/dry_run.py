"""Dry run: what validation and the reference rules would say of a declaration that nobody has submitted.

Nothing is stored, sent or signed, and nothing of it binds anybody: an agency's officers decide by more than its rules.
Each agency with reference rules is asked for itself and at once; serial steps are named and not played.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from ..agencies.agency import AnyAgency
from ..agencies.directed_reply import directed_reply
from ..agencies.directives import Directive, Fault, directions
from ..codecs.finding import Text
from ..codecs.messages import reply
from ..codecs.messages.codes import BillLineStatus, CaseOutcome, ReplyOutcome
from ..codecs.messages.declaration import Declaration
from ..codecs.messages.reply import Inspection
from ..codecs.messages.response import Bill, JointInspection
from .bill import bill
from .case import Case, CaseStatus, ReleaseRule
from .events import Assignment
from .joint_inspection import joint_inspection
from .merge import NOT_CONCERNED
from .outcome import outcome
from .papers import Message
from .pointer import Tracer
from .receipt import Links, links
from .status import AgencyFinding, bilingual

NOT_BINDING: Final = Text(
    en="A dry run: nothing was stored or sent, and nothing of this is binding. Agencies may decide otherwise.",
    zh="试申报：未存储，未分发，结果不具约束力，以部门实际审核为准。",
)

_MESSAGE_ID: Final = "dry-run/{}/1"

_USUAL: Final = Directive()


class AgencyCondition(msgspec.Struct, frozen=True, kw_only=True):
    """What an agency would ask for beside its approval; `pointer` leads into the declaration."""

    code: str
    pointer: str | None
    message: Text
    due_at: datetime | None


class DryRunAgency(msgspec.Struct, frozen=True, kw_only=True):
    """One agency of the plan.

    asked: it would be sent a message. after: those asked before it, whose answers it would wait for. assessed: it has
    reference rules here, and outcome, findings, conditions and inspection are what they say. fault: in test mode, what
    the reference asks it to act out.
    """

    code: str
    name: Text
    asked: bool
    words: Text
    after: tuple[str, ...]
    assessed: bool
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
    """A valid declaration, plan and release rule of its procedure, and the messages to be sent, by agency code."""

    declaration: Declaration
    plan: tuple[Assignment, ...]
    messages: Mapping[str, Message]
    release: ReleaseRule


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
) -> DryRun:
    """What would become of a declaration now, as far as the reference rules tell. Pure."""
    declaration, messages = planned.declaration, planned.messages
    replies = {
        code: answer
        for code, message in messages.items()
        if (answer := _assessed(agencies[code], message, now, test=test)) is not None
    }
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
        outcome=reached if replies or not messages else None,
        complete=len(replies) == len(messages),
        release=planned.release,
        agencies=tuple(
            _agency(
                agencies[each.agency],
                planned,
                each,
                replies.get(each.agency),
                asked.get(each.agency, _USUAL).fault,
            )
            for each in planned.plan
        ),
        bill=None if reached is CaseOutcome.REFUSED else bill(_lines(replies)),
        joint_inspection=joint_inspection(wishes) if reached is CaseOutcome.INSPECTION_REQUIRED else None,
    )


def _assessed(agency: AnyAgency, message: Message, now: datetime, *, test: bool) -> reply.Reply | None:
    """What the agency's reference desk would answer, None where it has no rules."""
    if agency.assess is None:
        return None
    ruled = agency.assess(message.value, _MESSAGE_ID.format(agency.code), now)
    return directed_reply(message.value, ruled, now) if test else ruled


def _lines(replies: Mapping[str, reply.Reply]) -> list[tuple[str, reply.DutyTaxFee]]:
    return [
        (code, replace(line, status_code=BillLineStatus.PROVISIONAL))
        for code, answer in replies.items()
        for line in answer.duty_tax_fee
    ]


def _agency(
    agency: AnyAgency, planned: Planned, assignment: Assignment, answer: reply.Reply | None, fault: Fault | None
) -> DryRunAgency:
    message = planned.messages.get(agency.code)
    tracer = None if message is None else Tracer(message.value, planned.declaration)

    def traced(pointer: str | None) -> str | None:
        return None if pointer is None or tracer is None else tracer.trace(pointer)

    return DryRunAgency(
        code=agency.code,
        name=agency.name,
        asked=message is not None,
        words=(assignment.reason or NOT_CONCERNED) if message is None else _words(assessed=answer is not None),
        after=() if message is None else tuple(code for code in assignment.after if code in planned.messages),
        assessed=answer is not None,
        outcome=None if answer is None else answer.outcome_code,
        findings=()
        if answer is None
        else tuple(
            AgencyFinding(code=found.code, pointer=traced(found.pointer), message=bilingual(found.text))
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
            )
            for condition in answer.condition
        ),
        inspection=None if answer is None else answer.inspection,
        fault=fault if message is not None else None,
    )


def _words(*, assessed: bool) -> Text:
    if not assessed:
        return Text(en="It would be asked; there are no rules of it here.", zh="将分发该部门；本系统无其审核规则。")
    return Text(en="It would be asked, and its reference rules say this.", zh="将分发该部门，以下为参考规则的结果。")
