"""`onewindow serve`: the gateway."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from .ending import DONE, NO, USAGE, Stop, unusable_keys

if TYPE_CHECKING:
    from ..config import Config


def serve(
    *,
    config: Path | None = None,
    host: str | None = None,
    port: Annotated[int | None, Parameter(validator=Number(gte=0, lte=65535))] = None,
    workers: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
) -> int:
    """Run the gateway until it is told to stop (Ctrl-C or SIGTERM); then it ends what is in hand.

    Without keys in the configuration it makes development keys beside the store and says so.

    :param config: A TOML file; every key also is an ONEWINDOW_SECTION_KEY variable.
    :param host: The address to listen at.
    :param port: The port to listen at; 0 takes any free one.
    :param workers: Processes; 1 for now.
    """
    from .starting import configured

    given = {
        "gateway.host": ("--host", host),
        "gateway.port": ("--port", port),
        "gateway.workers": ("--workers", workers),
    }
    settings = configured(config, {key: option for key, option in given.items() if option[1] is not None})
    if settings.gateway.workers > 1:
        raise Stop(
            USAGE, "workers", "This release serves with one process: workers = 1.", "本版本仅支持单进程:workers = 1。"
        )
    _log_to_stderr()
    _run(settings)
    return DONE


def _run(settings: Config) -> None:
    from ...agencies.registry import UnusableAgency
    from ...codecs.finding import Rejected
    from ..server import run
    from ..store import StoreUnavailable, UnsafeStore

    gateway = settings.gateway
    try:
        run(settings, on_ready=lambda url: _welcome(url, settings))
    except Rejected as refusal:
        raise unusable_keys(refusal) from None
    except UnusableAgency as error:
        text = error.finding.message
        raise Stop(NO, error.finding.code, text.en, text.zh) from error
    except (UnsafeStore, StoreUnavailable) as error:
        code = error.code if isinstance(error, UnsafeStore) else "store-unavailable"
        raise Stop(NO, code, f"{settings.store.url}: {error}.", f"{settings.store.url}:存储不可用。") from error
    except OSError as error:
        address = f"{gateway.host}:{gateway.port}"
        cause = error.strerror or str(error)
        raise Stop(NO, "no-address", f"Can't listen at {address}: {cause}.", f"无法监听{address}:{cause}。") from error


def _welcome(url: str, settings: Config) -> None:
    from ..config import KEY_FOLDER
    from .console import stderr

    keys = settings.keys.certificate or settings.store.path.parent / KEY_FOLDER
    stderr().print(f"[term]onewindow[/] at [good]{url}[/]  启动完成")
    stderr().print(f"store {settings.store.path}, keys {keys}; Ctrl-C stops", style="quiet", markup=False)
    stderr().print(
        f"try: onewindow sample | onewindow submit - --url {url}", style="quiet", markup=False, soft_wrap=True
    )


def _log_to_stderr() -> None:
    """The log: readable lines on a terminal, JSON lines for whoever collects them."""
    import sys

    import structlog

    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.dict_tracebacks,
            *([] if terminal else [structlog.processors.JSONRenderer(ensure_ascii=False)]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger("info"),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
