"""Plans: which agencies a procedure names, which declarations concern them, which come after which others' answers.

All are asked at once (concurrent processing), but for those that need another's answer first (serial steps).
"""

from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType

import msgspec

from ..codecs.finding import Text
from .case import Part, PartState
from .concern import Concern
from .concern import flaws as flaws_of_concern
from .events import Assignment

_NONE: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_ALWAYS: Mapping[str, Concern] = MappingProxyType({})
_NOT_SAID: Mapping[str, Text] = MappingProxyType({})


class Procedure(msgspec.Struct, frozen=True):
    """The agencies of a procedure in the order of its answers.

    `after`: whose answers an agency waits for. `when`: what a declaration has to meet for an agency to be concerned;
    an agency that is not there is concerned with all.
    """

    agencies: tuple[str, ...]
    after: Mapping[str, tuple[str, ...]] = _NONE
    when: Mapping[str, Concern] = _ALWAYS

    def plan(self, digests: Mapping[str, str], reasons: Mapping[str, Text] = _NOT_SAID) -> tuple[Assignment, ...]:
        """The plan of a case.

        `digests` are those of the messages, by code of the agencies that are concerned; `reasons` why others are not.
        """
        return tuple(
            Assignment(
                agency=code,
                message_digest=digests.get(code),
                after=self.after.get(code, ()),
                reason=reasons.get(code),
            )
            for code in self.agencies
        )


class Flaw(msgspec.Struct, frozen=True):
    """What is wrong with a procedure: the key in question, as in `after` or `when.tax.hs`, and what to do about it."""

    key: str
    words: Text


def flaws(procedure: Procedure, installed: Collection[str]) -> Iterator[Flaw]:
    """What keeps a procedure from being followed: an agency unknown, named twice, after itself, or in a circle.

    Also a condition that can't be applied, and conditions on every agency: nobody would see what meets none of them.
    """
    known = tuple(installed)
    for code in procedure.agencies:
        if code not in known:
            words = Text(
                f"there is no agency {code}; allowed: {', '.join(known)}", f"没有部门 {code}；可用：{'、'.join(known)}"
            )
            yield Flaw("agencies", words)
    if not procedure.agencies or len(set(procedure.agencies)) < len(procedure.agencies):
        yield Flaw("agencies", Text("name at least one agency, and each once", "至少列出一个部门，且不得重复"))
    yield from _unmeetable(procedure)
    misplaced = tuple(_misplaced(procedure))
    yield from misplaced
    if misplaced:
        return
    try:
        TopologicalSorter(procedure.after).prepare()
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        yield Flaw("after", Text(f"these agencies would wait for one another: {circle}", f"部门相互等待：{circle}"))


def _misplaced(procedure: Procedure) -> Iterator[Flaw]:
    named = procedure.agencies
    mentioned = dict.fromkeys(each for code, awaited in procedure.after.items() for each in (code, *awaited))
    for code in mentioned:
        if code not in named:
            words = Text(
                f"{code} is not among the procedure's agencies; allowed: {', '.join(named)}",
                f"{code} 不在该流程的部门之列；可用：{'、'.join(named)}",
            )
            yield Flaw("after", words)
    for code, awaited in procedure.after.items():
        if code in awaited:
            yield Flaw("after", Text(f"{code} can't come after itself", f"{code} 不能排在自身之后"))


def _unmeetable(procedure: Procedure) -> Iterator[Flaw]:
    named = ", ".join(procedure.agencies)
    for code, concern in procedure.when.items():
        if code not in procedure.agencies:
            yield Flaw(
                f"when.{code}",
                Text(
                    f"{code} is not among the procedure's agencies; allowed: {named}",
                    f"{code} 不在该流程的部门之列；可用：{named}",
                ),
            )
        for criterion, words in flaws_of_concern(concern):
            yield Flaw(".".join(filter(None, ("when", code, criterion))), words)
    if procedure.agencies and set(procedure.agencies) <= set(procedure.when):
        words = Text(
            "leave at least one agency without a condition: nobody would see goods that meet none of them",
            "须至少有一个部门不设条件，否则不符合任何条件的货物将无人审核",
        )
        yield Flaw("when", words)


def awaited(part: Part, parts: Collection[Part]) -> tuple[str, ...]:
    """The agencies whose answers a part's message still waits for."""
    return tuple(each.agency for each in parts if each.agency in part.after and not each.settled)


def ordered(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, those not sent yet waiting or ready as the others' answers have it.

    An answer of any kind lets the next ones go on, a refusal too: the trader gets every agency's findings.
    """
    return tuple(_placed(part, parts) if part.state in _UNSENT else part for part in parts)


_UNSENT = (PartState.WAITING, PartState.READY)


def _placed(part: Part, parts: tuple[Part, ...]) -> Part:
    state = PartState.WAITING if awaited(part, parts) else PartState.READY
    return part if state is part.state else msgspec.structs.replace(part, state=state)
