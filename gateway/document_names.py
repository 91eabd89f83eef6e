"""The names under which the bytes of a case are kept, and which bytes its events promise under each."""

from collections.abc import Iterator

from .case import Case

RECEIPT_NAME = "receipt"
RESPONSE_NAME = "response"


def declaration_name(revision: int) -> str:
    """The name under which a declaration's bytes are kept."""
    return f"declaration/{revision}"


def message_name(message_id: str) -> str:
    """The name under which a message is kept as it was sent: `message/tax/1`, `message/tax/1/inspection`."""
    return f"message/{message_id.partition('/')[2]}"


def reply_name(message_id: str) -> str:
    """The name under which the reply to a message is kept as it came: `reply/tax/1`."""
    return f"reply/{message_id.partition('/')[2]}"


def promised(case: Case) -> Iterator[tuple[str, str]]:
    """Name and digest of every document that the case's events name; the receipt, which has a signature, apart."""
    yield declaration_name(1), case.digest
    for number, revision in enumerate(case.revisions, start=2):
        yield declaration_name(number), revision.digest
    for part in (*case.parts, *case.orders, *case.notices, *case.past):
        if part.message_digest is not None:
            yield message_name(part.message_id), part.message_digest
        if part.reply_digest is not None:
            yield reply_name(part.message_id), part.reply_digest
    for late in case.late:
        yield reply_name(late.message_id), late.digest
    if case.response_digest is not None:
        yield RESPONSE_NAME, case.response_digest
