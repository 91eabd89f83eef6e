"""Options that several commands have."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ..place import place_of
from .addresses import http_url
from .ending import USAGE, Stop


def _cursor(_kind: object, after: object) -> None:
    """Raises Stop for what is no cursor of the event feed."""
    if after is None or after == "now":
        return
    try:
        place_of(str(after))
    except ValueError:
        raise Stop(
            USAGE,
            "cursor",
            f"--after {after} is no cursor: write 0-0 for everything, now for what is still to come, or one that "
            "`onewindow events` or `webhook list` has shown, such as 27-6.",
            f"--after {after} 不是游标：0-0 为全部，now 为此后事件，或使用 `onewindow events`、`webhook list` "
            "给出的游标，如 27-6。",
        ) from None


Url = Annotated[str, Parameter(env_var="ONEWINDOW_URL", validator=http_url)]
"""The gateway's address; ONEWINDOW_URL stands in for the option."""

OptionalUrl = Annotated[str | None, Parameter(env_var="ONEWINDOW_URL", validator=http_url)]
"""The same, of a command that can do without a gateway."""

Cursor = Annotated[str, Parameter(validator=_cursor)]
"""A place in the event feed."""

OptionalCursor = Annotated[str | None, Parameter(validator=_cursor)]
"""The same, where the feed's beginning stands in for it."""

Json = Annotated[bool, Parameter(name="--json", negative=())]
"""One JSON document on standard output and nothing else."""

Outcome = Literal["approved", "approved-with-conditions", "refused", "supplement-required", "inspection-required"]
"""What an agency decided."""

File = Annotated[Path, Parameter(allow_leading_hyphen=True)]
"""A document's file; - is standard input, so a leading hyphen does not make an option of it."""


def in_utc(option: str, given: datetime) -> datetime:
    """The time that an option names: this machine's zone where none is written. Raises Stop outside the calendar."""
    try:
        return given.astimezone(UTC)
    except (OverflowError, OSError, ValueError):  # the year 0 or 10000 there, or a year that the machine's zones lack
        raise Stop(
            USAGE,
            "usage",
            f"{option} {given.isoformat()} is not allowed; allowed is a time of the years 1 to 9999 in UTC.",
            f"选项 {option} 的值 {given.isoformat()} 不可用，应为 UTC 公元 1 至 9999 年之间的时间。",
        ) from None
