"""Options and hooks for all tests."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import settings

pytest.register_assert_rewrite("support", "contract")

from support.doors import runs_something  # noqa: E402 - what is imported before it is registered is not rewritten
from support.sweeps import Sampled, left_out_of_sample, sample  # noqa: E402 - the same

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

settings.register_profile("fast", deadline=None, max_examples=10)
settings.register_profile("default", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=10_000)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much is tried; the defaults are those of `make test`, and the Makefile has those of the other doors."""
    group = parser.getgroup("onewindow")
    group.addoption(
        "--pure", action="store_true", help="only files whose tests run no process, server, store or window"
    )
    group.addoption("--strikes", default="1", help="points at which a sweep strikes; 0: all of them (default: 1)")
    group.addoption("--kills", default="3", help="how often a process is killed under load (default: 3)")
    group.addoption("--declarations", default="8", help="sent over each transport and in process (default: 8)")
    group.addoption("--fuzz-documents", default="600", help="how many mutated documents are tried (default: 600)")
    group.addoption("--fuzz-seconds", default="0", help="how long they are tried at the least (default: 0)")
    group.addoption("--batch-lines", default="300", help="lines of the long batch (default: 300)")
    group.addoption("--fault-seed", dest="fault_seed", help="seed of all that is left to chance (default: another)")


def pytest_configure(config: pytest.Config) -> None:
    """One seed for a run and all of its workers, who would otherwise not even have the same tests."""
    if hasattr(config, "workerinput"):
        config.option.fault_seed = config.workerinput["fault_seed"]
    elif config.option.fault_seed is None:
        config.option.fault_seed = str(random.SystemRandom().randrange(10**9))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    """What a worker is told."""
    node.workerinput["fault_seed"] = node.config.option.fault_seed


def pytest_report_header(config: pytest.Config) -> str:
    """How this run's chance can be had again."""
    return f"chance: --fault-seed {config.option.fault_seed}"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With --pure, files that run something are not even read: importing what they need takes longest."""
    if config.option.pure and collection_path.match("test_*.py") and runs_something(collection_path):
        return True
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every test of a file that runs something is marked so, and of a sweep's cases a sample is tried."""
    for item in items:
        if runs_something(item.path):
            item.add_marker("process")
    left_out = left_out_of_sample(config, items)
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def sampled(request: pytest.FixtureRequest) -> Sampled:
    """The points at which this test's sweep is to strike."""
    return lambda points: sample(request.config, request.node.nodeid, points)


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """What a command under test made of the logs, which go to its own standard error, ends with the test."""
    yield
    structlog.reset_defaults()
