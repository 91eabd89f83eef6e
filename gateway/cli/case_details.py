"""What an officer or an operator wants to know of a case beyond where it stands: message ids, and documents on file."""

from rich.text import Text

from ..status import Status
from .console import stdout
from .console import table as new_table
from .places import places
from .terms import STATES, term


def show_details(status: Status) -> None:
    """Print the messages of a case's agencies, and the documents of its declaration that have a digest."""
    console = stdout()
    messages = new_table()
    messages.add_column("Message 分发报文", overflow="fold", ratio=1)
    messages.add_column("State 状态", no_wrap=True)
    for agency in status.agencies:
        if agency.message_id is not None:
            messages.add_row(Text(agency.message_id, "term"), term(STATES, agency.state.value).text())
    if messages.row_count:
        console.print(messages)
        console.print()
    if not status.documents:
        console.print("No document of the declaration has a digest 申报单中没有带摘要值的单证", style="quiet")
        return
    documents = new_table()
    documents.add_column("Type\n类别", no_wrap=True)
    documents.add_column("Number\n编号", overflow="fold", ratio=1)
    documents.add_column("Where\n位置", overflow="fold", ratio=2)
    documents.add_column("On file\n存档", no_wrap=True)
    for each in status.documents:
        on_file = Text("yes 是", "good") if each.on_file else Text("no 否", "quiet")
        documents.add_row(each.type_code.value, each.id, Text(places([each.pointer]), "quiet"), on_file)
    console.print(documents)
