"""The outcome of a case, from what its agencies answered."""

from collections.abc import Iterable

from ..codecs.messages.codes import CaseOutcome, ReplyOutcome

PRECEDENCE = (
    CaseOutcome.WITHDRAWN,
    CaseOutcome.REFUSED,
    CaseOutcome.SUPPLEMENT_REQUIRED,
    CaseOutcome.INSPECTION_REQUIRED,
    CaseOutcome.CLEARED_WITH_CONDITIONS,
    CaseOutcome.CLEARED,
)
"""Outcomes of a case, the strongest first: the strongest that any agency's answer calls for is the case's."""

RELEASED = frozenset({CaseOutcome.CLEARED, CaseOutcome.CLEARED_WITH_CONDITIONS})
"""Outcomes with which the goods may move."""

_CALLS_FOR = {
    ReplyOutcome.REFUSED: CaseOutcome.REFUSED,
    ReplyOutcome.SUPPLEMENT_REQUIRED: CaseOutcome.SUPPLEMENT_REQUIRED,
    ReplyOutcome.INSPECTION_REQUIRED: CaseOutcome.INSPECTION_REQUIRED,
    ReplyOutcome.APPROVED_WITH_CONDITIONS: CaseOutcome.CLEARED_WITH_CONDITIONS,
    ReplyOutcome.APPROVED: CaseOutcome.CLEARED,
}


def outcome(answers: Iterable[ReplyOutcome]) -> CaseOutcome:
    """The case's outcome from the agencies' answers; cleared where no agency is concerned."""
    called_for = {_CALLS_FOR[answer] for answer in answers}
    return next((candidate for candidate in PRECEDENCE if candidate in called_for), CaseOutcome.CLEARED)
