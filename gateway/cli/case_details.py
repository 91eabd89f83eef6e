"""What an officer or an operator wants to know of a case beyond where it stands: message ids, and documents on file."""

from rich.text import Text

from ..status import Status
from .console import stdout
from .console import table as new_table
from .language import label
from .places import places


def show_messages(status: Status) -> None:
    """Print the ids of the messages to a case's agencies, each alone on its line: it is to be copied."""
    ids = [agency.message_id for agency in status.agencies if agency.message_id is not None]
    if ids:
        console = stdout()
        console.print(label("Messages 分发报文"), style="quiet")
        for message_id in ids:
            console.print(message_id, soft_wrap=True)
        console.print()


def show_details(status: Status) -> None:
    """Print the documents of a case's declaration that have a digest."""
    console = stdout()
    if not status.documents:
        console.print(label("No document of the declaration has a digest 申报单中没有带摘要值的单证"), style="quiet")
        return
    documents = new_table()
    documents.add_column("Type\n类别", no_wrap=True)
    documents.add_column("Number\n编号", overflow="fold", ratio=1)
    documents.add_column("Where\n位置", overflow="fold", ratio=2)
    documents.add_column("On file\n存档", no_wrap=True)
    for each in status.documents:
        on_file = Text(label("yes 是"), "good") if each.on_file else Text(label("no 否"), "quiet")
        documents.add_row(each.type_code.value, each.id, Text(places([each.pointer]), "quiet"), on_file)
    console.print(documents)
