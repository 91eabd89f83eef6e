"""Message ids: case / agency / revision, and of an order or a notice what it is besides.

An agency, and the gateway receiving a reply, take the second delivery of one id for the first; so an id says what it is
the id of, and nothing that differs between two deliveries.
"""

CHECK = "CHECK-"
"""Begins the ids of test messages, which belong to no case: see `onewindow agency check`."""

INSPECTION = "inspection"
WITHDRAWAL = "withdrawal"
DOCUMENT = "document"


def message_id(case_id: str, agency: str, revision: int) -> str:
    """The id of an agency's part of a declaration."""
    return f"{case_id}/{agency}/{revision}"


def following(message: str, what: str) -> str:
    """The id of what follows an agency's message: its `inspection`, its `withdrawal`, `document-2` that came later."""
    return f"{message}/{what}"


def document(place: int) -> str:
    """What a notice is of: the deferred document at this place, from 1."""
    return f"{DOCUMENT}-{place}"


def what_follows(message: str) -> str:
    """What a message is: INSPECTION, WITHDRAWAL or DOCUMENT, and empty for the agency's own."""
    return "".join(message.split("/")[3:]).partition("-")[0]


def agency_of(message: str) -> str:
    """The agency whose message it is, or that it is sent to; empty where the id is none of ours."""
    return "".join(message.split("/")[1:2])


def case_of(message: str) -> str:
    """The case that a message id belongs to, as far as the id goes."""
    return message.partition("/")[0]
