"""`onewindow supervision`: figures of a gateway as tables and as JSON."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from rich.console import Console
from support.command_line import Answered, Run
from support.gateway_process import GatewayProcess

from onewindow.codecs.finding import Text
from onewindow.gateway.cli.console import THEME
from onewindow.gateway.cli.supervision_view import BAR_CELLS, bar, show_supervision
from onewindow.gateway.percentiles import Spread
from onewindow.gateway.supervision import AgencyFigures, ProcedureFigures, Ratings, SlowMessage, Standing, Supervision

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NONE = Spread(count=0, median=None, p90=None, p99=None, largest=None, exact=True)
SOME = Spread(count=4, median=60.0, p90=1800.0, p99=1800.0, largest=1800.0, exact=True)
TAX = AgencyFigures(
    agency="tax",
    name=Text("Tax", "税务"),
    procedure="import",
    calendar="china",
    sent=10,
    on_time=4,
    late=3,
    deemed=1,
    open=1,
    open_overdue=1,
    dropped=1,
    warned=5,
    unsent=0,
    not_concerned=2,
    elapsed_seconds=SOME,
    of_limit=replace(SOME, median=0.1, p90=1.5),
    slowest=(
        SlowMessage(
            case_id="0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f",
            message_id="0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f/tax/1",
            standing=Standing.LATE,
            sent_at=NOON,
            elapsed_seconds=1800.0,
            of_limit=1.5,
        ),
    ),
)
FOUND = Supervision(
    received_from=NOON,
    received_to=NOON,
    made_at=NOON,
    cases=12,
    procedures=(
        ProcedureFigures(
            procedure="import",
            received=12,
            decided=11,
            open=1,
            outcomes={"cleared": 9, "refused": 2, "withdrawn": 0},
            elapsed_seconds=SOME,
            ratings=Ratings(count=2, average=4.5, scores={"4": 1, "5": 1}),
            slowest=(),
        ),
    ),
    agencies=(TAX,),
)


def shown(found: Supervision, width: int = 80) -> str:
    """What a console of this width shows."""
    console = Console(width=width, force_terminal=False, theme=THEME)
    with console.capture() as capture:
        show_supervision(console, found)
    return capture.get()


def test_figures_of_a_gateway(run: Run, gateway: GatewayProcess, imported: Answered, exported: Answered) -> None:
    """The tables name agencies, procedures and outcomes; JSON is the gateway's answer and nothing else."""
    ended = run("supervision", "--url", gateway.url)
    assert (0, "") == (ended.status, ended.err)
    for words in (
        "Customs 海关",
        "Quality inspection 质检",
        "import 进口",
        "export 出口",
        "on time 按时",
        "cleared 放行",
    ):
        assert words in ended.out
    as_json = run("supervision", "--url", gateway.url, "--json", "--procedure", "import", "--agency", "tax")
    assert (0, "") == (as_json.status, as_json.err)
    assert [("tax", "import")] == [(row["agency"], row["procedure"]) for row in as_json.json["agencies"]]
    assert as_json.json["cases"] >= 1


def test_dates_are_those_of_this_machine(run: Run, gateway: GatewayProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """A date is its midnight on this machine, and a time with a zone is that time."""
    ended = run(
        "supervision", "--url", gateway.url, "--json", "--from", "2026-03-01", "--to", "2026-03-02T08:00:00+08:00"
    )
    assert 0 == ended.status
    start = datetime(2026, 3, 1).astimezone(UTC)
    assert start == datetime.fromisoformat(ended.json["from"])
    assert datetime(2026, 3, 2, tzinfo=UTC) == datetime.fromisoformat(ended.json["to"])
    assert 0 == ended.json["cases"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--from", "yesterday"), 2, "--from yesterday is not allowed"),
        (("--procedure", "transit"), 2, "--procedure transit is not allowed"),
        (("--agency", "port-health"), 2, "expected: one of customs, tax, market-supervision, quality-inspection"),
        (("--from", "2020-01-01"), 1, "366 days at most"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), 1, "a time before ?to"),
    ],
)
def test_what_can_not_be_asked(
    arguments: tuple[str, ...], status: int, words: str, run: Run, gateway: GatewayProcess
) -> None:
    """What is no time, procedure or agency is wrong usage; a time too long or turned round is refused, in words."""
    ended = run("supervision", "--url", gateway.url, *arguments)
    assert (status, "") == (ended.status, ended.out)
    assert words in ended.err


def test_no_gateway(run: Run) -> None:
    """Without a gateway the command ends with 3 and says how to go on."""
    ended = run("supervision", "--url", "http://127.0.0.1:9")
    assert 3 == ended.status
    assert "can't be reached" in ended.err


def test_tables_fit_a_terminal() -> None:
    """On 80 columns nothing is cut off: counts, times, shares, the slowest case by its whole id, outcomes."""
    lines = shown(FOUND).splitlines()
    assert not [line for line in lines if len(line) > 80 or "…" in line]
    counts = next(line for line in lines if line.startswith("Tax 税务"))
    assert ["10", "4", "3", "1", "1"] == counts.split()[2:7]
    times = next(line for line in lines if line.startswith("Tax 税务 china"))
    assert ["5", "1", "60", "s", "30", "min", "30", "min", "150%"] == times.split()[3:]
    slowest = next(line for line in lines if line.startswith("0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f"))
    assert ["Tax", "30", "min", "150%", "late", "超时"] == slowest.split()[1:]
    assert any("not concerned 不涉及  Tax 税务  import 进口  2" in line for line in lines)
    assert any("4.5 (2)  9 cleared" in line for line in lines)
    assert not any("withdrawn" in line for line in lines)


def test_nothing_to_show() -> None:
    """A time without cases has its procedures, with noughts, and no agencies."""
    unrated = Ratings(count=0, average=None, scores={})
    none = {"received": 0, "decided": 0, "open": 0, "outcomes": {}, "elapsed_seconds": NONE, "ratings": unrated}
    procedure = replace(FOUND.procedures[0], **none)
    out = shown(replace(FOUND, cases=0, procedures=(procedure,), agencies=()))
    assert "cases received 受理办件 0" in out
    assert "Messages" not in out
    assert "import 进口" in out


def test_percentiles_that_are_not_exact_say_so() -> None:
    """Percentiles within an error carry a mark, and the mark is explained; exact ones do not."""
    assert "~" not in shown(FOUND)
    rough = shown(replace(FOUND, agencies=(replace(TAX, elapsed_seconds=replace(SOME, exact=False)),)))
    assert "~30 min" in rough
    assert "~ within 1% of the exact percentile" in rough


@pytest.mark.parametrize("late", [0, 1, 7, 500, 999_999])
@pytest.mark.parametrize("dropped", [0, 1, 20])
def test_bars_are_of_one_length(late: int, dropped: int) -> None:
    """A bar has all of its cells, shared out as messages are; whatever there is one of is seen."""
    row = replace(TAX, on_time=1000, late=late, deemed=1, open=1, dropped=dropped)
    cells = bar(row).plain
    assert BAR_CELLS == len(cells)
    assert [late > 0, True, True, dropped > 0] == [block in cells for block in "▓▒░·"]
    assert "█" in cells


def test_an_agency_that_was_sent_nothing_has_no_bar() -> None:
    """Where nothing was sent there is nothing to share out."""
    assert "" == bar(replace(TAX, on_time=0, late=0, deemed=0, open=0, dropped=0)).plain
