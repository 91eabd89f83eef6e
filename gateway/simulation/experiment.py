"""The experiment: one load, done at counters and by the window, and how far the model of the window can be believed."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ...agencies.latency import share
from ...agencies.registry import installed
from ...codecs.finding import Text
from ...codecs.messages.codes import DeclarationType
from ...codecs.messages.declaration import Declaration
from ..config import AgencyConfig, Config, GatewayConfig, ProcedureConfig, StoreConfig
from ..distribution import distribute
from ..percentiles import Spread, Values
from ..plan import Procedure
from ..sample import sample
from .counter import KEYING, Counter, counters
from .journeys import Load, serial, window
from .queueing import clerks_for
from .through_gateway import overhead, through

ITEMS_MAX: Final = 9
"""Items of a declaration: longer samples are inspected, which takes days and is left out on both sides."""

LOAD_MAX: Final = 0.8
"""The share of their time that clerks are at work, where the papers are keyed in at every counter."""

OVERHEAD_RUNS: Final = 20


class Settings(Struct, frozen=True, kw_only=True):
    """What is done: so many declarations at this rate, of which some go `through` a real window, so much faster."""

    declarations: int = 500
    per_hour: float = 30.0
    seed: int = 1
    through: int = 40
    speed: float = 600.0


class Way(Struct, frozen=True):
    """One way to do the load: its name, how long each declaration took in seconds, and what that comes to.

    per_hour: declarations done, from the first submission to the last answer.
    """

    code: str
    name: Text
    seconds: tuple[float, ...]
    spread: Spread
    mean: float
    per_hour: float


class Agreement(Struct, frozen=True, kw_only=True):
    """How far model and gateway are apart for the declarations that went through it, in seconds of life."""

    declarations: int
    measured_median: float
    modelled_median: float
    apart_median: float
    apart_max: float


class Result(Struct, frozen=True, kw_only=True):
    """What came of the experiment.

    left_out: codes of agencies that are installed and have no counter. overhead: the gateway's own median
    seconds for one declaration, at full speed.
    """

    settings: Settings
    counters: tuple[Counter, ...]
    clerks: Mapping[str, int]
    after: Mapping[str, tuple[str, ...]]
    left_out: tuple[str, ...]
    ways: tuple[Way, ...]
    overhead: float
    agreement: Agreement | None


class Experiment(Struct, frozen=True, kw_only=True):
    """One load, made ready."""

    settings: Settings
    config: Config
    counters: tuple[Counter, ...]
    declarations: tuple[Declaration, ...]
    procedure: Procedure
    load: Load
    left_out: tuple[str, ...]


def prepare(settings: Settings, config: Config, folder: Path, now: datetime) -> Experiment:
    """The load that follows from the settings, and a configuration for the windows that do it in a folder.

    The agencies are those that have a counter; what else may be configured of them, such as failures, is left out.
    """
    before = counters(config)
    codes = {each.agency for each in before if each.agency}
    agencies = {code: agency for code, agency in installed().items() if code in codes}
    given = config.procedures.get("import", ProcedureConfig())
    named = tuple(code for code in given.agencies or tuple(agencies) if code in agencies)
    after = {
        code: tuple(each for each in dict.fromkeys(first) if each in named)
        for code, first in given.after.items()
        if code in named
    }
    plan = ProcedureConfig(agencies=named, after=after, when={c: w for c, w in given.when.items() if c in named})
    own = Config(
        gateway=GatewayConfig(max_inflight=100_000),
        store=StoreConfig(url=f"sqlite:///{folder / 'simulation.db'}"),
        agencies={code: AgencyConfig(time_limit=timedelta(days=30)) for code in agencies},
        procedures={"import": plan},
    )
    procedure = own.procedure("import", named)
    declared = tuple(_declarations(settings, now))
    concerned = tuple(frozenset(distribute(each, procedure, agencies).messages) for each in declared)
    load = Load(
        arrivals=tuple(_arrivals(settings)),
        concerned=concerned,
        references=tuple(each.functional_reference_id for each in declared),
        clerks=_clerks(settings, before, concerned),
        seed=settings.seed,
    )
    return Experiment(
        settings=settings,
        config=own,
        counters=before,
        declarations=declared,
        procedure=procedure,
        load=load,
        left_out=tuple(code for code in installed() if code not in codes),
    )


def _declarations(settings: Settings, now: datetime) -> list[Declaration]:
    references = [f"SIMULATED-{settings.seed}-{number:06}" for number in range(1, settings.declarations + 1)]
    sizes = [1 + int(share(settings.seed, "items", reference) * ITEMS_MAX) for reference in references]
    return [
        sample(items, DeclarationType.IM, reference, now) for items, reference in zip(sizes, references, strict=True)
    ]


def _arrivals(settings: Settings) -> list[float]:
    """Traders come by themselves: the times between them are exponential (a Poisson process)."""
    at, arrivals = 0.0, []
    for number in range(settings.declarations):
        at -= math.log(share(settings.seed, "arrival", str(number))) * 3600 / settings.per_hour
        arrivals.append(at)
    return arrivals


def _clerks(settings: Settings, before: Sequence[Counter], concerned: Sequence[frozenset[str]]) -> dict[str, int]:
    """Clerks at each counter, the same in both worlds: as few as keep up with the papers."""
    clerks = {}
    for counter in before:
        part = sum(not counter.agency or counter.agency in each for each in concerned) / len(concerned)
        takes = [counter.service.mean, KEYING.mean if counter.agency else 0.0]
        clerks[counter.name.en] = clerks_for(settings.per_hour / 3600 * part, takes, LOAD_MAX)
    return clerks


async def run(settings: Settings, config: Config, now: datetime) -> Result:
    """Do the experiment; the windows and their stores are in a temporary folder. Raises TimeoutError as `through`."""
    with TemporaryDirectory(prefix="onewindow-simulate-") as name:
        made = prepare(settings, config, Path(name), now)
        extra = _declarations(replace(settings, declarations=OVERHEAD_RUNS, seed=settings.seed + 1), now)
        own = median((await overhead(made.config, extra))[1:])
        first = made.declarations[: settings.through]
        measured = await through(made.config, made.load, first, made.counters, settings.speed) if first else ()
    return _result(made, own, measured)


def _result(made: Experiment, own: float, measured: Sequence[float]) -> Result:
    load, before, after = made.load, made.counters, made.procedure.after
    agencies = tuple(each for each in before if each.agency)
    modelled = window(load, before, after, own)
    ways = {
        "counters": (Text("Six counters", "六个柜台逐一办理"), serial(load, before, papers=True)),
        "before-payment": (
            Text("The same, less payment", "同上，不含缴款"),
            serial(load, before[:-1], papers=True),
        ),
        "agencies": (
            Text("Agencies in turn, papers sent on", "各部门依次办理，资料自动流转"),
            serial(load, agencies, papers=False),
        ),
        "window": (Text("The window", "单一窗口"), modelled),
    }
    return Result(
        settings=made.settings,
        counters=before,
        clerks=load.clerks,
        after=after,
        left_out=made.left_out,
        ways=tuple(_way(code, words, seconds, load.arrivals) for code, (words, seconds) in ways.items()),
        overhead=own,
        agreement=_agreement(measured, modelled),
    )


def _way(code: str, name: Text, seconds: tuple[float, ...], arrivals: Sequence[float]) -> Way:
    values = Values()
    for each in seconds:
        values.add(each)
    last = max(at + took for at, took in zip(arrivals, seconds, strict=True))
    return Way(
        code,
        name,
        seconds,
        values.spread(),
        math.fsum(seconds) / len(seconds),
        len(seconds) * 3600 / (last - arrivals[0]),
    )


def _agreement(measured: Sequence[float], modelled: Sequence[float]) -> Agreement | None:
    if not measured:
        return None
    apart = [abs(one - other) for one, other in zip(measured, modelled, strict=False)]
    return Agreement(
        declarations=len(measured),
        measured_median=median(measured),
        modelled_median=median(modelled[: len(measured)]),
        apart_median=median(apart),
        apart_max=max(apart),
    )
