"""Who works on a store: a gateway says so beside it, and learns whether another one does already.

Two gateways on one store lose nothing, since the store lets one of them go first at each step; but each counts what is
in hand by itself and hears of the other's news late, and hardly anybody means it. So it is said, and not refused. The
system takes the lock away when the process ends, however it ends.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

import structlog

log = structlog.get_logger("onewindow.store")

WORDS_BYTES_MAX = 200
"""What is read of another gateway's words on itself."""


class Presence:
    """A gateway's place beside its store, until it is closed; `other` is what another says that was there before."""

    def __init__(self, store: Path, address: str) -> None:
        """Raises OSError where the file beside the store can't be made."""
        self._descriptor = os.open(store.with_name(f"{store.name}-gateway"), os.O_RDWR | os.O_CREAT, 0o600)
        self.other: str | None = None
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.other = os.pread(self._descriptor, WORDS_BYTES_MAX, 0).decode(errors="replace").strip()
        else:
            os.ftruncate(self._descriptor, 0)
            with suppress(OSError):  # a full disk: the lock is what counts
                os.pwrite(self._descriptor, f"process {os.getpid()}, {address}\n".encode(), 0)

    def close(self) -> None:
        """Be there no more; the file stays, to be locked by the next."""
        os.close(self._descriptor)


def present(store: Path, address: str) -> Presence | None:
    """Be beside the store, and say in the log that another gateway is; None where there is no place."""
    try:
        presence = Presence(store, address)
    except OSError as error:
        log.warning("can't see whether another gateway works on this store", error=error.strerror)
        return None
    if presence.other is not None:
        log.warning("another gateway works on this store already", other=presence.other, store=str(store))
    return presence
