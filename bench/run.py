"""A run's results as pytest-benchmark and conftest.py write them, and as table and plot read them."""

from msgspec import Struct

from onewindow.bench.budgets import Measured
from onewindow.bench.growth import Point


class Stats(Struct, frozen=True):
    """What was measured: the median and the interquartile range in seconds, and the number of rounds."""

    median: float
    iqr: float
    rounds: int


class Benchmark(Struct, frozen=True):
    """One benchmark of the run."""

    name: str
    stats: Stats
    group: str | None = None


class Cpu(Struct, frozen=True):
    """The processor, as it names itself."""

    brand_raw: str = "unnamed processor"
    count: int = 0


class Machine(Struct, frozen=True):
    """Where the run was."""

    python_version: str = "?"
    system: str = "?"
    cpu: Cpu = Cpu()


class Results(Struct, frozen=True):
    """A run: its benchmarks, when it was (RFC 3339), where, in which form of the walker, and what it says of budgets.

    stages: the seconds of each stage of the codec path that has a budget.
    """

    benchmarks: tuple[Benchmark, ...]
    datetime: str
    machine_info: Machine = Machine()
    form: str = "?"
    budgets: tuple[Measured, ...] = ()
    growth: tuple[Point, ...] = ()
    stages: dict[str, float] = {}

    @property
    def origin(self) -> str:
        """Where the figures come from, in words."""
        machine = self.machine_info
        cores = f"{machine.cpu.count} cores" if machine.cpu.count else "unknown cores"
        return (
            f"{self.datetime[:10]}, {machine.cpu.brand_raw}, {cores}, {machine.system}, "
            f"Python {machine.python_version}, {self.form} form"
        )
