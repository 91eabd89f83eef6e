"""docs/agencies.md, where it states what the code does: headers, statuses, limits."""

import re
from pathlib import Path

from onewindow.agencies.http import ATTEMPT, KIND, MESSAGE_ID, REFERENCE, REFUSALS, TAKEN, Access
from onewindow.agencies.mailbox import FETCHED_BYTES_MAX
from onewindow.codecs.limits import DEFAULT
from onewindow.gateway.api.agency_routes import AGENCIES
from onewindow.gateway.api.limits import FETCHED_MESSAGES_MAX, FETCHERS_MAX, Limits
from onewindow.gateway.api.problem import KINDS
from onewindow.gateway.backoff import RETRY_SECONDS_FIRST, RETRY_SECONDS_MAX
from onewindow.gateway.breaker import FAILED_MESSAGES_MAX
from onewindow.gateway.config import INFLIGHT_MESSAGES, AgencyConfig
from onewindow.gateway.delivery import REFUSED_SECONDS
from onewindow.gateway.lane import ATTEMPTS_MAX, HANGING_SECONDS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "agencies.md").read_text("utf-8")


def section(title: str) -> str:
    """One section of the page."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """The first cell of every row of a section's tables."""
    return [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("|")]


def statuses(text: str) -> set[int]:
    """The statuses in the first cells of a section's tables."""
    return {int(number) for cell in first_cells(text) for number in re.findall(r"\b[2-5]\d\d\b", cell)}


def test_over_http() -> None:
    """Headers, statuses, times and sizes of the transport are those of the code."""
    text = section("Over HTTP")
    headers = {cell.strip("`") for cell in first_cells(text) if cell.startswith("`Onewindow-")}
    assert {MESSAGE_ID, KIND, ATTEMPT, REFERENCE} == headers
    assert {200, *TAKEN, *REFUSALS} == statuses(text)
    own = AgencyConfig()
    assert Access(url="").timeout_seconds == own.timeout
    assert f'timeout = "{own.timeout:g}s"' in text
    assert f"inflight = {INFLIGHT_MESSAGES}" in text
    assert f"at most {DEFAULT.body_bytes_max // 1024**2} MiB" in text
    assert (3600, "rests for an hour" in text) == (REFUSED_SECONDS, True)
    assert f"after {RETRY_SECONDS_FIRST:g} s, later each time up to {RETRY_SECONDS_MAX:g} s" in text
    assert (10, "When ten messages have failed" in text) == (FAILED_MESSAGES_MAX, True)
    assert (12, "After twelve attempts" in text) == (ATTEMPTS_MAX, True)
    assert (5, "for five seconds" in text) == (HANGING_SECONDS, True)


def test_from_a_mailbox() -> None:
    """The parameters of a fetch, its limits and the lease are those of the code."""
    text = section("From a mailbox")
    assert f'lease = "{AgencyConfig().lease:g}s"' in text
    assert f"0 to {Limits().wait_seconds_max}; without it 0" in text
    assert f"1 to {FETCHED_MESSAGES_MAX}; without it 10" in text
    assert f"at most {FETCHED_BYTES_MAX // 1024**2} MiB" in text
    assert (16, "sixteen calls" in text) == (FETCHERS_MAX, True)


def test_what_is_said_of_a_reply() -> None:
    """Every status in which a reply can end is in the table, with every problem of 409, and no other."""
    text = section("Bringing a reply, an acknowledgement, a refusal")
    (route,) = (each for each in AGENCIES if each.operation == "bringReply")
    kinds = {code: KINDS[code].status for code in route.problems}
    told = {200, *kinds.values()} - {408, 417, 500}
    assert told == statuses(text) - {429}
    conflicts = {name for cell in first_cells(text) if cell.startswith("409") for name in re.findall("`(.+?)`", cell)}
    assert {code for code, status in kinds.items() if status == 409} == conflicts
