"""A process that appends cases to a store and prints a ledger line after each step: `appender.py MODE URL CASES`.

A ledger line is the client's receipt: `CASE SEQUENCE TOKEN`, and the token is also in a document of that step. Modes:
`honest` prints after the append has returned, and tries again where the store was not available; `early`, the control,
prints before; `weak`, another control, keeps the token with synchronous=NORMAL.
"""

import asyncio
import sqlite3
import sys

import structlog
from support import cases

from onewindow.gateway.store import Conflict, Entry, ReferenceTaken, Store, StoreUnavailable, open_store

ATTEMPTS_MAX = 3


def token(entry: Entry) -> str:
    """The word that a step's ledger line and one of its documents have in common."""
    return f"token-{int(entry.case.id[:8], 16)}-{entry.case.sequence}-end"


def steps(number: int) -> tuple[Entry, ...]:
    """A whole case in three small steps, each with a document that holds its token."""
    first = cases.accepted(number, declaration=f"<Declaration>token-{number}-1-end</Declaration>".encode())
    bodies = {agency: f"<Reply>token-{number}-3-end</Reply>".encode() for agency in cases.AGENCIES}
    second = cases.answered(first.case, bodies)
    return first, second, cases.decided(second.case, f"<Response>token-{number}-4-end</Response>".encode())


def tell(entry: Entry) -> None:
    """Print a step's ledger line, at once."""
    print(entry.case.id, entry.case.sequence, token(entry), flush=True)


async def keep(store: Store, entry: Entry) -> None:
    """Append, and again where the store was not available; by then the step may be there."""
    for attempt in range(1, ATTEMPTS_MAX + 1):
        try:
            await store.append(entry)
            return
        except StoreUnavailable:
            if attempt == ATTEMPTS_MAX:
                raise
        except (Conflict, ReferenceTaken):
            record = await store.load(entry.case.id)
            if record is not None and record.case == entry.case:
                return
            raise


async def run(mode: str, url: str, count: int) -> None:
    """Append `count` whole cases."""
    store = await open_store(url)
    for number in range(1, count + 1):
        for entry in steps(number):
            if mode == "early":
                tell(entry)
                await keep(store, entry)
            else:
                await keep(store, entry)
                tell(entry)
    await store.close()


def run_weak(path: str, count: int) -> None:
    """Keep the tokens of `count` cases in a table of a connection that syncs at checkpoints only."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("CREATE TABLE IF NOT EXISTS weak (token TEXT)")
    for number in range(1, count + 1):
        for entry in steps(number):
            connection.execute("INSERT INTO weak VALUES (?)", (token(entry),))
            tell(entry)
    connection.close()


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    if sys.argv[1] == "weak":
        run_weak(sys.argv[2].removeprefix("sqlite:///"), int(sys.argv[3]))
    else:
        asyncio.run(run(sys.argv[1], sys.argv[2], int(sys.argv[3])))
