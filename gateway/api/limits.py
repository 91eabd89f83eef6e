"""What one HTTP request may cost, each limit with its unit in its name; the body's size is configuration."""

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """Limits of the HTTP interface.

    body_seconds_max: from the request's headers to the last byte of its body. wait_seconds_max: the longest `Prefer:
    wait`. waits_per_caller_max: calls that wait, and event streams, of one caller at one time. heartbeat_seconds:
    between two signs of life on an event stream without news. probe_seconds_max: for the store's answer to a readiness
    probe. grace_seconds_max: for running requests to end once the server is told to stop. drain_seconds: for which
    connections kept alive are still answered (with 503) after that. idle_seconds_max: for which a connection may be
    open without a whole request head. linger_seconds_max: for which the rest of a refused body is read and thrown away,
    so that its sender comes to read the answer. upload_bytes_inflight_max: of all bodies being read at one time, not
    counting the first UPLOAD_BYTES_FREE of each, so that ordinary declarations get through however many large ones are
    held; one body alone may be larger. document_seconds_max: for all of a document to come in, or to go out.
    document_uploads_max: documents coming in at one time; the disk holds the part of each that has come.
    batch_lines_inflight_max, batch_bytes_inflight_max: of one batch, taken and not answered yet; enough lines for one
    commit to hold many. unread_seconds_max: for which a batch's client may leave its answers unread.
    webhook_tests_per_caller_max: of one caller at one time.
    """

    body_seconds_max: float = 30.0
    wait_seconds_max: int = 60
    waits_per_caller_max: int = 256
    heartbeat_seconds: float = 15.0
    probe_seconds_max: float = 2.0
    grace_seconds_max: float = 10.0
    drain_seconds: float = 0.2
    idle_seconds_max: float = 75.0
    linger_seconds_max: float = 5.0
    upload_bytes_inflight_max: int = 64 * 1024 * 1024
    document_seconds_max: float = 120.0
    document_uploads_max: int = 64
    batch_lines_inflight_max: int = 64
    batch_bytes_inflight_max: int = 8 * 1024 * 1024
    unread_seconds_max: float = 60.0
    webhook_tests_per_caller_max: int = 4


UPLOAD_BYTES_FREE = 64 * 1024
"""Bytes of a body that do not count among those being read: as many wait in its connection's buffer anyway."""

HEADER_BYTES_MAX = 16 * 1024
"""Bytes of all of a request's headers: reading them takes the event loop's time."""

PAGE_CASES_MAX = 200
"""Cases, or documents on file, on one page of a list."""

PAGE_EVENTS_MAX = 200
"""Events on one page of the event feed."""

PAGE_EVENTS = 100
"""Events on a page where the caller names no number."""

PAGE_CASES = 50
"""Cases, or documents on file, on a page where the caller names no number."""

SHARED_WITH_COUNT_MAX = 20
"""Parties with whom one document on file is shared."""

FETCHED_MESSAGES_MAX = 100
"""Messages that an agency fetches from its mailbox at one time."""

FETCHERS_MAX = 16
"""Calls that wait for messages at one mailbox at one time."""
