"""What comes of a submission: the case and its receipt, or why nothing was taken."""

import msgspec

from .case import Case
from .store.store import Document


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """A declaration taken over: its case, the signed XML receipt, and whether it was there already."""

    case: Case
    receipt: Document
    replay: bool


class ReferenceConflict(Exception):
    """The declarant has used this reference for another declaration, whose case is `case_id`."""

    def __init__(self, case_id: str, reference: str) -> None:
        super().__init__(f"{reference} is the reference of case {case_id}")
        self.case_id = case_id
        self.reference = reference


class NotServing(Exception):
    """Nothing is taken just now. `code`: `overloaded`, `case-busy` or `stopping`; `retry_after` in seconds."""

    def __init__(self, code: str, retry_after: int) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
