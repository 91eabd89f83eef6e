"""Options and hooks for all tests."""

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

pytest.register_assert_rewrite("support", "contract")

settings.register_profile("default", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=10_000)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How hard the fault tests try; each run prints what it used."""
    group = parser.getgroup("onewindow")
    group.addoption("--kills", default="6", help="how often the gateway is killed under load (default: 6)")
    group.addoption("--declarations", default="12", help="sent over each transport and in process (default: 12)")
    group.addoption("--fault-seed", dest="fault_seed", default="20261121", help="seed of the random moments")
    group.addoption("--fuzz-seconds", default="20", help="how long mutated documents are tried (default: 20)")
    group.addoption("--batch-lines", default="1000", help="lines of the long batch (default: 1000)")
    group.addoption("--every", default="13", help="the whole gateway is struck at every n-th write (default: 13)")


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """What a command under test made of the logs, which go to its own standard error, ends with the test."""
    yield
    structlog.reset_defaults()
