"""A case as a command leaves it: open, with what it waits for, or decided, with its response."""

from typing import Final

from rich.console import Console
from rich.text import Text

from ...codecs import RESPONSE
from ...codecs.finding import Text as Words
from ..failure_words import failure_words, then_words
from ..seal import Notice
from ..status import Status
from .agencies_view import duration
from .console import stdout
from .console import table as new_table
from .language import label, said
from .moments import moment
from .paragraph import show_paragraph
from .places import places
from .response_view import show_response
from .settlement_view import settlement_table
from .terms import agency_name, agency_names, both

TIME_ENDS: Final = Words("The agencies' time ends on", "办理时限至")


def show_open(status: Status, url: str) -> None:
    """Print what an open case waits for, and how to go on."""
    console = stdout()
    console.print(f"{label('Receipt 受理回执')}  {status.id}", markup=False)
    if status.status == "awaiting-trader":
        show_asked(console, status)
        console.print(
            f"{label('Give it 提交补正')}  onewindow supplement {status.id} FILE --url {url}",
            markup=False,
            soft_wrap=True,
        )
        return
    if status.status == "awaiting-inspection":
        console.print(
            label("The agencies are going to see the goods; the response follows. 待查验，查验后出件"), markup=False
        )
        console.print(settlement_table(status))
        return
    if status.waiting is not None:
        show_waiting(console, status.waiting)
    console.print(
        both(Words("There is no response yet; it will come, the receipt says so.", "尚未办结，受理回执即为承诺。"))
    )
    if status.due_at is not None:
        console.print(f"{said(TIME_ENDS.en, TIME_ENDS.zh)} {moment(status.due_at)}", markup=False)
    console.print(
        f"{label('Follow it 持续查看')}  onewindow status {status.id} --follow --url {url}",
        markup=False,
        soft_wrap=True,
    )


def show_waiting(console: Console, waiting: Notice) -> None:
    """Print why there is no response though all have answered."""
    show_paragraph(console, label("The response waits 暂缓出件"), waiting.message.en, waiting.message.zh)


def show_asked(console: Console, status: Status) -> None:
    """Print what the agencies ask the trader for."""
    asking = [agency for agency in status.agencies if agency.outcome == "supplement-required"]
    names = agency_names(agency.code for agency in asking)
    verb = "asks" if len(asking) == 1 else "ask"
    console.print(said(f"The case waits for you: {names} {verb} for a supplement.", f"待补正：{names}"), markup=False)
    table = new_table()
    table.add_column("Agency 部门", no_wrap=True)
    table.add_column("What it asks for 补正内容", ratio=3, overflow="fold")
    table.add_column("Where 位置", ratio=2, overflow="fold")
    for agency in asking:
        for finding in agency.findings:
            table.add_row(
                agency_name(agency.code), both(finding.message, between="\n"), Text(places([finding.pointer]), "quiet")
            )
    console.print(table)


def show_unasked(console: Console, status: Status) -> None:
    """Print why agencies are not asked; nothing where all are."""
    for agency in status.agencies:
        if agency.reason is not None:
            show_paragraph(console, agency_name(agency.code), agency.reason.en, agency.reason.zh)


def show_failures(console: Console, status: Status) -> None:
    """Print why agencies have not got their messages, or gave no answer that counts; nothing where all is well."""
    for agency in status.agencies:
        if agency.failure is not None:
            why = failure_words(agency.failure)
            then = then_words(agency.failure)
            en, zh = f"No answer yet: {why.en}. {then.en}", f"尚无答复：{why.zh}。{then.zh}"
            show_paragraph(console, agency_name(agency.code), en, zh)


def show_decided(status: Status, document: bytes, url: str, *, saved: bool) -> None:
    """Print the response of a decided case; `saved`: it has been kept in a file."""
    console = stdout()
    show_response(console, RESPONSE.decode_xml(document))
    console.print(f"{label('Decided in 办结用时')} {duration(status.elapsed_seconds)}", style="quiet")
    if not saved:
        address = f"{url}/v1/declarations/{status.id}/response"
        console.print(f"{label('Response 统一出件')}  {address}", style="quiet", soft_wrap=True, markup=False)
