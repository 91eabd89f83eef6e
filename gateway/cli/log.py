"""The log of a process that serves: lines on standard error that never stop the work they tell of."""

import os
import sys
from typing import Literal

import structlog

Level = Literal["info", "error"]


class Lines:
    """Writes each line to standard error as it is at that moment.

    A terminal that was closed or a reader that has gone must not bring down what is being served: from then on the
    lines go nowhere.
    """

    def msg(self, line: str) -> None:
        """Write one line, or nothing where nobody can be told any more."""
        try:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()
        except (AttributeError, ValueError):
            return  # there is no standard error, or it has been closed
        except OSError:
            discard()

    debug = info = warning = error = critical = exception = msg


def discard() -> None:
    """Let what is still to be written to standard error go nowhere, so that the end of the process is no failure."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stderr.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return


def log_to_stderr(least: Level) -> None:
    """Log what is of this level or above: readable lines on a terminal, JSON lines for whoever collects them."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *_form(is_terminal=sys.stderr is not None and sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=lambda *_: Lines(),
        cache_logger_on_first_use=False,
    )


def _form(*, is_terminal: bool) -> list[structlog.types.Processor]:
    if is_terminal:
        return [structlog.dev.ConsoleRenderer()]
    return [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer(ensure_ascii=False)]
