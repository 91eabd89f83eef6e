"""Options that several commands have."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from .ending import USAGE, Stop

Url = Annotated[str, Parameter(env_var="ONEWINDOW_URL")]
"""The gateway's address; ONEWINDOW_URL stands in for the option."""

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
