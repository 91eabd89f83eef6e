"""What there is of a case beside its agencies: inspection, documents that follow, payments, release, clearance."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from ..status import Status
from .console import table as new_table
from .language import label
from .moments import moment
from .terms import agency_names


def settlement_table(status: Status) -> Table:
    """The inspection, documents, payments, release and clearance of a case, as far as it has any: one line each."""
    table = new_table(expand=False)
    table.add_column("", no_wrap=True)
    table.add_column("", overflow="fold")
    table.add_column("")
    table.show_header = False
    for words, what, how in (*_inspection(status), *_documents(status), *_payments(status), *_end(status)):
        table.add_row(words, what, how)
    return table


def _inspection(status: Status) -> Iterator[tuple[str, str, Text]]:
    if status.inspection is None:
        return
    for visit in status.inspection.visits:
        when = f"{moment(visit.starts_at)} - {moment(visit.ends_at)}"
        who = Text(agency_names(visit.agencies))
        yield label("Inspection 联合查验"), f"{when}  {status.inspection.location or ''}", who


def _documents(status: Status) -> Iterator[tuple[str, str, Text]]:
    owed = status.outcome not in ("refused", "withdrawn")
    for document in status.deferred if owed else ():
        name = f"{document.type_code} {document.id}"
        if document.received_at is not None:
            how = Text(
                f"{label('came 已补交')} {moment(document.received_at)}", "mixed" if document.overdue else "good"
            )
        elif document.overdue:
            how = Text(f"{label('overdue since 逾期未补交')} {moment(document.due_at)}", "bad")
        else:
            how = Text(f"{label('due 待补交')} {moment(document.due_at)}", "mixed")
        yield label("Document 容缺单证"), name, how


def _payments(status: Status) -> Iterator[tuple[str, str, Text]]:
    if status.bill is None:
        return
    for payment in status.bill.payments:
        paid = f"{payment.money.amount} {payment.money.currency}"
        yield label("Paid 已缴款"), f"{paid}  {payment.reference}", Text(moment(payment.at), "quiet")
    for money in status.bill.due:
        yield label("Due 待缴款"), f"{money.amount} {money.currency}", Text("")


def _end(status: Status) -> Iterator[tuple[str, str, Text]]:
    if status.released_at is not None:
        yield label("Released 货物放行"), moment(status.released_at), Text(label("the goods may move 准予提离"), "good")
    if status.cleared_at is not None:
        yield label("Cleared 结关"), moment(status.cleared_at), Text(label("all is settled 全部结清"), "good")
    if status.rating is not None:
        yield label("Rating 评价"), "★" * status.rating.score, Text(status.rating.comment or "", "quiet")
