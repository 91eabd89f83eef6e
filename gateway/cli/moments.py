"""Times as a person reads them: on this machine's clock, to the minute, with the offset; the same in every view."""

from datetime import datetime


def moment(at: datetime) -> str:
    """A time as it is read on this machine, with its offset: `2026-03-02 16:00 +08:00`."""
    local = at.astimezone()
    return f"{local:%Y-%m-%d %H:%M} {local.isoformat()[-6:]}"
