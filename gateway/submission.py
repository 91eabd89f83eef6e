"""What comes of a submission: the case and its receipt, or why nothing was taken."""

import msgspec

from ..codecs.digest import digest
from ..codecs.finding import Rejected
from ..codecs.messages.declaration import Declaration
from .case import Case
from .document_names import declaration_name
from .metrics import Verdict
from .papers import read_declaration
from .store.store import Document, Query, Record


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
    """No declaration is taken just now. `code`: `overloaded` or `stopping`; `retry_after` in seconds."""

    def __init__(self, code: str, retry_after: int) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


def same_reference(declaration: Declaration) -> Query:
    """The case that has a declaration's reference."""
    return Query(declarant=declaration.declarant.id, reference=declaration.functional_reference_id, limit=1)


def is_of(record: Record, body: bytes, declaration: Declaration) -> bool:
    """Whether the record's case is that of this declaration, in the same bytes or in others."""
    return record.case.digest == digest(body) or read_declaration(record.documents[declaration_name(1)]) == declaration


def verdict(error: Exception) -> Verdict:
    """How a declaration that was not taken is counted."""
    if isinstance(error, Rejected):
        return "rejected"
    return "conflict" if isinstance(error, ReferenceConflict) else "unserved"
