"""Fixtures of the benchmarks, and what they add to the JSON that pytest-benchmark writes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from onewindow import schemas
from onewindow.bench.budgets import Measured
from onewindow.bench.documents import AT, NO_CORPUS, Uk
from onewindow.bench.documents import uk as uk_corpus
from onewindow.bench.forms import OURS, forms
from onewindow.bench.growth import Point
from onewindow.bench.pairs import Work, settle
from onewindow.bench.peers import Peers
from onewindow.bench.uk import ROOT, bound
from onewindow.codecs.keys import KeyFiles, init


class Record:
    """What the run has found beside pytest-benchmark's own statistics."""

    def __init__(self) -> None:
        self.measured: list[Measured] = []
        self.points: list[Point] = []
        self.stages: dict[str, float] = {}

    def add(self, figure: Measured) -> None:
        """Takes one figure for one budget."""
        self.measured.append(figure)


RECORD: Final = pytest.StashKey[Record]()

Measure = Callable[[str, str, str, Work], None]


def pytest_configure(config: pytest.Config) -> None:
    """Makes room for the record."""
    config.stash[RECORD] = Record()


def pytest_benchmark_update_json(config: pytest.Config, output_json: dict[str, Any]) -> None:
    """Puts the record beside the statistics, and which form of the walker was in use."""
    record = config.stash[RECORD]
    output_json["form"] = forms()[OURS].name
    output_json["budgets"] = msgspec.to_builtins(record.measured)
    output_json["growth"] = msgspec.to_builtins(record.points)
    output_json["stages"] = record.stages


@pytest.fixture(scope="session")
def record(pytestconfig: pytest.Config) -> Record:
    """Where figures for budgets and for the plot go."""
    return pytestconfig.stash[RECORD]


@pytest.fixture
def measure(benchmark: Any) -> Measure:
    """Measures one contender at one operation on one document: `measure(operation, document, contender, work)`."""

    def run(operation: str, document: str, contender: str, work: Work) -> None:
        benchmark.group, benchmark.name = f"{operation}, {document}", contender
        work()  # the first call may build what the others use
        settle()
        benchmark(work)

    return run


@pytest.fixture(scope="session")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Peers:
    """The peers on our own schema of a declaration."""
    return Peers(schemas.path("declaration"), "Declaration", tmp_path_factory.mktemp("peers") / "own")


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFiles:
    """A development set of keys."""
    folder: Path = tmp_path_factory.mktemp("keys") / "set"
    return init(folder, AT)


@pytest.fixture(scope="session")
def uk() -> Uk:
    """The UK's documents; whoever asks for them is skipped where the corpus isn't there."""
    found = uk_corpus()
    if found is None:
        pytest.skip(NO_CORPUS)
    return found


@pytest.fixture(scope="session")
def uk_type(uk: Uk, tmp_path_factory: pytest.TempPathFactory) -> type[Any]:
    """The struct that our compiler makes of the UK's schema."""
    return bound(uk.schema, tmp_path_factory.mktemp("uk"))


@pytest.fixture(scope="session")
def uk_peers(uk: Uk, tmp_path_factory: pytest.TempPathFactory) -> Peers:
    """The peers on the UK's schema."""
    return Peers(uk.schema, ROOT, tmp_path_factory.mktemp("peers") / "uk")
