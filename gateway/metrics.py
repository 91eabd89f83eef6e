"""What the window counts and times, under the names of the contract, for a Prometheus scrape.

Each `Metrics` has a registry of its own, so that two windows in one process (tests, mostly) keep separate counts and
nothing of the process at large leaks in. All times are in seconds.
"""

import math
from collections.abc import Callable, Mapping
from platform import python_version
from time import perf_counter
from types import TracebackType
from typing import Final, Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from .. import __version__
from ..codecs.messages.codes import CaseOutcome
from ..codecs.walker import CHOSEN
from .breaker import BreakerState
from .case import Case, CaseStatus

Stage = Literal[
    "receive", "decode", "verify", "accept", "split", "dispatch", "reply", "merge", "sign", "commit", "total"
]
Verdict = Literal["accepted", "replayed", "conflict", "rejected", "unserved"]

# A time for each counter and histogram: they double the page and nobody reads them.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no types for it

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4

STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)

# The machine's own share is milliseconds, an agency's is minutes to days: one scale for each.
STAGE_SECONDS: Final = (
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 3600.0
)  # fmt: skip
AGENCY_SECONDS: Final = (0.001, 0.01, 0.1, 1.0, 10.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 14_400.0, 86_400.0, 604_800.0)
BATCH_ENTRIES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)


_BREAKER: Final = {BreakerState.CLOSED: 0, BreakerState.HALF_OPEN: 1, BreakerState.OPEN: 2}


class Timing:
    """Times what runs inside its `with` block, also where that raises."""

    __slots__ = ("_histogram", "_started")

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram
        self._started = 0.0

    def __enter__(self) -> None:
        self._started = perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._histogram.observe(perf_counter() - self._started)


class Metrics:
    """The counters, gauges and histograms of one window; every label value known beforehand is there from the start."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._declarations = Counter(
            "onewindow_declarations",
            "Declarations received, by what became of them",
            ["status"],
            registry=self.registry,
        )
        self._decisions = Counter(
            "onewindow_decisions", "Cases decided, by outcome", ["outcome"], registry=self.registry
        )
        stages = Histogram(
            "onewindow_stage_seconds", "Time in one stage", ["stage"], buckets=STAGE_SECONDS, registry=self.registry
        )
        self._agencies = Histogram(
            "onewindow_agency_seconds",
            "From sending a message to taking its reply",
            ["agency"],
            buckets=AGENCY_SECONDS,
            registry=self.registry,
        )
        self._overdue = Counter(
            "onewindow_agency_overdue", "Time limits that an agency let pass", ["agency"], registry=self.registry
        )
        self._replies_refused = Counter(
            "onewindow_replies_refused",
            "Replies that agencies brought and that were not taken",
            ["agency", "code"],
            registry=self.registry,
        )
        self._documents_overdue = Counter(
            "onewindow_documents_overdue", "Deferred documents that did not come in time", registry=self.registry
        )
        deliveries, self._webhooks_off = _webhooks(self.registry)
        self._inflight, self._open_cases, self._certificate = _standing(self.registry)
        self._commit_seconds = Histogram(
            "onewindow_store_commit_seconds",
            "One transaction of the store",
            buckets=STAGE_SECONDS,
            registry=self.registry,
        )
        self._batch_size = Histogram(
            "onewindow_store_batch_size", "Entries in one transaction", buckets=BATCH_ENTRIES, registry=self.registry
        )
        build = {"version": __version__, "python": python_version(), "walker": CHOSEN.name}
        Info("onewindow_build", "What runs here", registry=self.registry).info(build)
        self._failures, *self._lanes = _lanes(self.registry)
        self._dead_letters, self._dead_letters_lost = _dead_letters(self.registry)
        # A label look-up takes a lock and builds a key; these are looked up once.
        self._stages: dict[Stage, Histogram] = {name: stages.labels(name) for name in STAGES}
        self._webhook_deliveries = {taken: deliveries.labels("taken" if taken else "failed") for taken in (True, False)}
        for verdict in VERDICTS:
            self._declarations.labels(verdict)
        for outcome in CaseOutcome:
            self._decisions.labels(outcome.value)

    def stage(self, name: Stage) -> Timing:
        """Times one stage: `with metrics.stage("decode"): ...`."""
        return Timing(self._stages[name])

    def declaration(self, verdict: Verdict) -> None:
        """One declaration was received, and this became of it."""
        self._declarations.labels(verdict).inc()

    def decided(self, case: Case) -> None:
        """A case was decided: its outcome, and the whole time from reception to decision."""
        if case.outcome is not None and case.decided_at is not None:
            self._decisions.labels(case.outcome.value).inc()
            self._stages["total"].observe((case.decided_at - case.received_at).total_seconds())

    def agency(self, code: str) -> Timing:
        """Times one delivery to an agency that answers at once: `with metrics.agency("tax"): ...`."""
        return Timing(self._agencies.labels(code))

    def failure(self, agency: str, code: str) -> None:
        """An attempt to deliver a message failed."""
        self._failures.labels(agency, code).inc()

    def lane(self, agency: str) -> Callable[[BreakerState, int, int], None]:
        """Shows how the way to an agency stands: its breaker, messages on their way, cases that wait."""
        breaker, inflight, waiting = (gauge.labels(agency) for gauge in self._lanes)

        def show(state: BreakerState, messages: int, cases: int) -> None:
            breaker.set(_BREAKER[state])
            inflight.set(messages)
            waiting.set(cases)

        show(BreakerState.CLOSED, 0, 0)
        return show

    def in_hand(self, cases: Callable[[], float]) -> None:
        """Shows how many cases are being worked on; `cases` is asked at each scrape."""
        self._inflight.set_function(cases)

    def open_cases(self, counted: Mapping[str, int] | None) -> None:
        """Shows how many cases are open, by status; None where nobody can tell just now."""
        for status in CaseStatus:
            if status is not CaseStatus.DECIDED:
                count = math.nan if counted is None else counted.get(status.value, 0)
                self._open_cases.labels(status.value).set(count)

    def certificate(self, seconds_left: Callable[[], float]) -> None:
        """Shows how long the gateway's certificate is in force; `seconds_left` is asked at each scrape."""
        self._certificate.set_function(seconds_left)

    def overdue(self, code: str) -> None:
        """An agency let its time limit pass."""
        self._overdue.labels(code).inc()

    def reply_refused(self, agency: str, code: str) -> None:
        """An agency brought a reply that was not taken: malformed, another's, to no message of ours."""
        self._replies_refused.labels(agency, code).inc()

    def dead_letter(self, agency: str, code: str) -> None:
        """Something came that is no answer, and becomes a dead letter or is one already."""
        self._dead_letters.labels(agency, code).inc()

    def dead_letter_lost(self, agency: str) -> None:
        """What should have become a dead letter could not be kept: too many are open, or the store was not there."""
        self._dead_letters_lost.labels(agency).inc()

    def document_overdue(self) -> None:
        """A deferred document did not come in time."""
        self._documents_overdue.inc()

    def webhook(self, *, taken: bool) -> None:
        """A delivery to a webhook was attempted, and taken by the subscriber or not."""
        self._webhook_deliveries[taken].inc()

    def webhooks_off(self, count: int) -> None:
        """So many webhooks are switched off by now."""
        self._webhooks_off.set(count)

    def committed(self, seconds: float, entries: int) -> None:
        """The store wrote one transaction of so many entries; safe to call from the writer's thread."""
        self._commit_seconds.observe(seconds)
        self._batch_size.observe(entries)

    def exposition(self) -> bytes:
        """All of it in Prometheus' text format; its media type is CONTENT_TYPE."""
        return generate_latest(self.registry)


def _standing(registry: CollectorRegistry) -> tuple[Gauge, Gauge, Gauge]:
    """What is shown of the window as it stands."""
    inflight = Gauge(
        "onewindow_inflight",
        "Cases being worked on just now, as max_inflight counts them: being taken over, or with messages on their way;"
        " those that wait for an officer, the trader or an agency that is down are not among them",
        registry=registry,
    )
    open_cases = Gauge(
        "onewindow_open_cases",
        "Cases that have no response yet, by status, whatever they wait for",
        ["status"],
        registry=registry,
    )
    certificate = Gauge(
        "onewindow_certificate_expires_seconds",
        "Time until the gateway's certificate runs out and nothing is signed any more; below 0 once it has",
        registry=registry,
    )
    return inflight, open_cases, certificate


def _dead_letters(registry: CollectorRegistry) -> tuple[Counter, Counter]:
    """What is counted of dead letters."""
    came = Counter(
        "onewindow_dead_letters",
        "What came from an agency and is no answer, by what is wrong with it",
        ["agency", "code"],
        registry=registry,
    )
    lost = Counter("onewindow_dead_letters_lost", "Dead letters that could not be kept", ["agency"], registry=registry)
    return came, lost


def _webhooks(registry: CollectorRegistry) -> tuple[Counter, Gauge]:
    """What is counted and shown of webhooks."""
    deliveries = Counter(
        "onewindow_webhook_deliveries",
        "Attempts to deliver an event to a webhook, by what became of them",
        ["result"],
        registry=registry,
    )
    off = Gauge("onewindow_webhooks_off", "Webhooks that their subscribers have switched off (410)", registry=registry)
    return deliveries, off


def _lanes(registry: CollectorRegistry) -> tuple[Counter, Gauge, Gauge, Gauge]:
    """What is counted and shown of the ways to the agencies."""
    failures = Counter(
        "onewindow_agency_failures",
        "Attempts to deliver a message that failed, by cause",
        ["agency", "code"],
        registry=registry,
    )
    breaker, inflight, waiting = (
        Gauge(f"onewindow_agency_{name}", words, ["agency"], registry=registry)
        for name, words in (
            ("breaker", "Whether messages go to an agency: 0 all do, 1 one tries, 2 none does"),
            ("inflight", "Messages on their way to an agency"),
            ("waiting", "Cases that wait until an agency has room"),
        )
    )
    return failures, breaker, inflight, waiting
