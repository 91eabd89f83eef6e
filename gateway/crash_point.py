"""Named points at which a test may have the process killed, as a power cut would: no-ops unless armed.

`ONEWINDOW_CRASH_POINT=signed` kills at the first passing of `signed`, `ONEWINDOW_CRASH_POINT=reply-stored:3` at the
third of `reply-stored`. It is read once, when this module is imported.
"""

import os
import signal
from itertools import count

VARIABLE = "ONEWINDOW_CRASH_POINT"

NAMES = (
    *("accepted", "sent", "reply-stored", "merged", "signed", "shown", "journaled"),
    *("document-written", "document-entered"),
)
"""In the order in which a case, or a document on file, passes them: each says what has just been done. `journaled`
comes with every step."""


def _armed(setting: str) -> tuple[str, int] | None:
    if not setting:
        return None
    name, _, passing = setting.partition(":")
    if name not in NAMES or not (passing or "1").isdecimal() or int(passing or "1") < 1:
        raise SystemExit(f"{VARIABLE}={setting}: give NAME or NAME:N, N from 1, and NAME one of {', '.join(NAMES)}")
    return name, int(passing or "1")


_ARMED = _armed(os.environ.get(VARIABLE, ""))
_passings = count(1)


def crash_point(name: str) -> None:
    """Die here by SIGKILL if this passing of this point is the one armed."""
    if _ARMED is not None and _ARMED[0] == name and next(_passings) == _ARMED[1]:
        os.kill(os.getpid(), signal.SIGKILL)
