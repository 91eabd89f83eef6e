"""What tables say: durations, the agencies' bars, bills of many lines."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console
from support.following import awaited
from support.windows import now, window

from onewindow.codecs.messages.codes import BillLineStatus, CurrencyCode, DutyTaxFeeType, LanguageCode, ReplyOutcome
from onewindow.codecs.messages.common import Amount, GoodsLocation, Visit
from onewindow.codecs.messages.common import Text as Words
from onewindow.codecs.messages.response import AgencyDecision, Bill, BillLine, JointInspection
from onewindow.gateway.cli.agencies_view import Lane, agencies_table, duration, span
from onewindow.gateway.cli.case_view import show_unasked
from onewindow.gateway.cli.console import THEME, stdout
from onewindow.gateway.cli.moments import moment
from onewindow.gateway.cli.response_view import (
    ROW_COUNT_MAX,
    _show_absences,
    percent,
    show_bill,
    show_inspection,
)
from onewindow.gateway.cli.terms import DECISIONS, STATES, term
from onewindow.gateway.config import Config, ProcedureConfig
from onewindow.gateway.merge import WITHDRAWN
from onewindow.gateway.status import status


def shown(width: int, what: object) -> str:
    """What a console of this width shows."""
    console = Console(width=width, force_terminal=False, theme=THEME)
    with console.capture() as capture:
        console.print(what)
    return capture.get()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0004, "0 ms"),
        (0.012, "12 ms"),
        (0.5, "0.5 s"),
        (1.234, "1.23 s"),
        (45, "45 s"),
        (600, "10 min"),
        (9000, "2.5 h"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    """A duration is shown in the unit that suits it."""
    assert words == duration(seconds)


def test_spans() -> None:
    """From when to when; open while there is no end."""
    assert "0.02 - 1.15 s" == span(0.02, 1.15)
    assert "0.02 s -" == span(0.02, None).rstrip()
    assert "20 ms - 1.7 h" == span(0.02, timedelta(hours=1.7).total_seconds())


def test_bars_overlap() -> None:
    """Two agencies at work at the same time have bars over the same stretch of the axis."""
    lanes = (
        Lane("Customs", "海关", DECISIONS["approved"], 0.0, 1.0),
        Lane("Tax", "税务", STATES["sent"], 0.5, None),
        Lane("Quality inspection", "质检", STATES["not-concerned"], None, None),
    )
    lines = shown(80, agencies_table(lanes, 1.0)).splitlines()
    customs, tax, quality = (next(line for line in lines if name in line) for name in ("Customs", "Tax", "Quality"))
    assert customs.count("█") > tax.count("█") > 0
    assert 0 == quality.count("█")
    assert "not asked 不涉及" in quality


def test_unknown_code_stands_for_itself() -> None:
    """A code without words, of a fifth agency say, is shown as it is."""
    assert "brand-new" == term(DECISIONS, "brand-new").en


def test_rates() -> None:
    """A rate is in percent, without noughts that say nothing."""
    assert ["13 %", "5.5 %", "100 %", "0 %"] == [percent(Decimal(rate)) for rate in ("13", "5.50", "100", "0")]


def line(item: int, kind: DutyTaxFeeType, amount: str, status: BillLineStatus = BillLineStatus.FINAL) -> BillLine:
    """A bill line on a base of ten times its amount."""
    return BillLine(
        agency_code="customs",
        item_sequence_numeric=item,
        type_code=kind,
        tax_base_amount=Amount(value=Decimal(amount) * 10, currency_id=CurrencyCode.CNY),
        tax_rate_numeric=Decimal(10),
        payment_amount=Amount(value=Decimal(amount), currency_id=CurrencyCode.CNY),
        status_code=status,
    )


def bill_of(count: int) -> str:
    """A bill of that many lines of one cent more each, as it is shown."""
    amounts = [Decimal(number) / 100 for number in range(1, count + 1)]
    lines = tuple(line(number, DutyTaxFeeType.VAT, str(amount)) for number, amount in enumerate(amounts, start=1))
    total = Amount(value=sum(amounts, Decimal(0)), currency_id=CurrencyCode.CNY)
    console = Console(width=100, force_terminal=False, theme=THEME)
    with console.capture() as capture:
        show_bill(console, Bill(bill_line=lines, total_amount=(total,)))
    return capture.get()


def test_long_bill_is_summed_by_type() -> None:
    """A bill with more lines than a screen has is shown by type; the sum is the same to the cent."""
    short, long = bill_of(ROW_COUNT_MAX), bill_of(ROW_COUNT_MAX + 1)
    assert ROW_COUNT_MAX == short.count("Value added tax")
    assert 1 == long.count("Value added tax")
    assert "2.31 CNY" in next(row for row in long.splitlines() if "Value added tax" in row)
    assert "2.31 CNY" in next(row for row in long.splitlines() if "Total" in row)


def test_a_response_says_who_was_not_asked_and_why() -> None:
    """Agencies that were not asked, and those that did not answer, are listed apart with the reason, in both languages.

    Those with an answer are not.
    """
    words = (
        Words(value="No goods item meets it.", language_id=LanguageCode.EN),
        Words(value="没有商品项符合。", language_id=LanguageCode.ZH),
    )
    withdrawn = (
        Words(value=WITHDRAWN.en, language_id=LanguageCode.EN),
        Words(value=WITHDRAWN.zh, language_id=LanguageCode.ZH),
    )
    console = Console(width=100, force_terminal=False, theme=THEME)
    with console.capture() as capture:
        _show_absences(
            console,
            (
                AgencyDecision(agency_code="tax", name=words, outcome_code=ReplyOutcome.APPROVED),
                AgencyDecision(agency_code="quality-inspection", name=words, absence_reason=words),
                AgencyDecision(agency_code="customs", name=words, absence_reason=withdrawn),
                AgencyDecision(
                    agency_code="market-supervision",
                    name=words,
                    outcome_code=ReplyOutcome.APPROVED,
                    absence_reason=words,
                ),
            ),
        )
    lines = [line for line in capture.get().splitlines() if not line.startswith("  ")]
    assert [
        *("", "Without an answer 未答复的部门", "customs", "market-supervision"),
        *("", "Not concerned 不涉及的部门", "quality-inspection"),
    ] == lines
    assert capture.get().endswith("  No goods item meets it.\n  没有商品项符合。\n")
    assert "tax" not in capture.get()


async def test_an_open_case_says_who_is_not_asked(tmp_path: Path) -> None:
    """While a case is open its status gives the reason why an agency is not asked, and none for the others."""
    config = Config(procedures={"import": ProcedureConfig(when={"tax": {"hs": ("01",)}})})
    async with window(tmp_path, config=config) as opened:
        case = await awaited(opened, "VIEW-1")
        record = await opened.load(case.id)
        assert record is not None
    console = Console(width=100, force_terminal=False, theme=THEME)
    with console.capture() as capture:
        show_unasked(console, status(record, opened.agencies, now()))
    head, en, zh, *rest = capture.get().splitlines()
    assert ("tax", []) == (head, rest)
    assert en.startswith("  No goods item meets procedures.import.when.tax")
    assert zh.startswith("  没有商品项符合 procedures.import.when.tax")


def test_provisional_lines_are_marked() -> None:
    """A line that may still change has a star, and the star is explained."""
    console = Console(width=100, force_terminal=False, theme=THEME)
    lines = (line(1, DutyTaxFeeType.CUD, "1.00", BillLineStatus.PROVISIONAL),)
    with console.capture() as capture:
        show_bill(console, Bill(bill_line=lines, total_amount=(lines[0].payment_amount,)))
    assert "关税*" in capture.get()
    assert "* provisional" in capture.get()


def test_times_have_their_zone() -> None:
    """A time is shown as it is here, with its offset from UTC."""
    at = datetime(2026, 3, 2, 8, 0, 30, tzinfo=UTC)
    shown_at = moment(at)
    assert at.astimezone().strftime("%Y-%m-%d %H:%M ") == shown_at[:-6]
    assert at.replace(second=0) == datetime.fromisoformat(shown_at.replace(" ", "T", 1).replace(" ", ""))


def test_hostile_names_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """A place with what looks like markup in its name is shown by that name."""
    hostile = "[/]x [bold] :warning:"
    inspection = JointInspection(
        goods_location=GoodsLocation(id="CNSHA0001", name=hostile),
        visit=(
            Visit(
                start_date_time=datetime(2026, 3, 2, 8, tzinfo=UTC),
                end_date_time=datetime(2026, 3, 2, 10, tzinfo=UTC),
                agency_code=("customs",),
            ),
        ),
        item_sequence_numeric=(1,),
    )
    stdout.cache_clear()
    try:
        show_inspection(stdout(), inspection)
    finally:
        stdout.cache_clear()
    assert hostile in capsys.readouterr().out
