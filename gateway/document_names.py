"""The names under which the bytes of a case are kept, and which bytes its events promise under each."""

from collections.abc import Iterator

from .case import Case

RECEIPT_NAME = "receipt"
RESPONSE_NAME = "response"


def declaration_name(revision: int) -> str:
    """The name under which a declaration's bytes are kept."""
    return f"declaration/{revision}"


def message_name(agency: str, revision: int) -> str:
    """The name under which a message is kept as it was sent; `revision` is its part's."""
    return f"message/{agency}/{revision}"


def reply_name(agency: str, revision: int) -> str:
    """The name under which a reply is kept as it came; `revision` is that of the message it answers."""
    return f"reply/{agency}/{revision}"


def promised(case: Case) -> Iterator[tuple[str, str]]:
    """Name and digest of every document that the case's events name; the receipt, which has a signature, apart."""
    yield declaration_name(1), case.digest
    for number, revision in enumerate(case.revisions, start=2):
        yield declaration_name(number), revision.digest
    for part in (*case.parts, *case.past):
        if part.message_digest is not None:
            yield message_name(part.agency, part.revision), part.message_digest
        if part.reply_digest is not None:
            yield reply_name(part.agency, part.revision), part.reply_digest
    for late in case.late:
        yield reply_name(late.agency, late.revision), late.digest
    if case.response_digest is not None:
        yield RESPONSE_NAME, case.response_digest
