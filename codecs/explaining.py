"""Where mistakes are explained: that takes many times as long as finding out that there are any."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_elsewhere: Final = ContextVar("explained elsewhere", default=False)


class Unexplained(Exception):
    """There are mistakes, and this is not the place to explain them."""


@contextmanager
def elsewhere() -> Iterator[None]:
    """What is read here and has mistakes raises Unexplained in place of Rejected with its findings."""
    token = _elsewhere.set(True)
    try:
        yield
    finally:
        _elsewhere.reset(token)


def check_place() -> None:
    """Raises Unexplained where mistakes are explained elsewhere."""
    if _elsewhere.get():
        raise Unexplained
