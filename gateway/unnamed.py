"""Agencies that are installed and that no configuration names: they take part all the same, which has to be said."""

from collections.abc import Iterable

import structlog

from ..agencies.registry import FIRST
from .config import PROCEDURES, Config

log = structlog.get_logger("onewindow.agencies")


def unnamed(config: Config, installed: Iterable[str]) -> tuple[str, ...]:
    """The codes of those that are not the window's own four and stand nowhere in the configuration."""
    named = {*FIRST, *config.agencies}
    for procedure in config.procedures.values():
        named.update(procedure.agencies or (), procedure.after, procedure.when)
    return tuple(code for code in installed if code not in named)


def say_unnamed(config: Config, installed: Iterable[str]) -> None:
    """Say in the log which they are, and in which procedures each is asked."""
    codes = tuple(installed)
    for code in unnamed(config, codes):
        asked = [name for name in PROCEDURES if code in config.procedure(name, codes).agencies]
        log.warning("an agency is installed that the configuration does not name", agency=code, asked_in=asked)
