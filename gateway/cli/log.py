"""The log of a process that serves: lines on standard error that never stop the work they tell of."""

import sys
from typing import Literal

import structlog

from .harmless import json_text, one_line
from .standard_files import discard

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
            discard(sys.stderr)

    debug = info = warning = error = critical = exception = msg


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
        return [_harmless, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    # Local variables are declarations and names of parties: no log may have them.
    traces = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    as_json = structlog.processors.JSONRenderer(ensure_ascii=False)
    return [structlog.processors.ExceptionRenderer(traces), as_json, lambda _logger, _name, line: json_text(str(line))]


def _harmless(_logger: object, _name: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    return {name: one_line(value) if isinstance(value, str) else value for name, value in event.items()}
