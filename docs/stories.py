"""Writes docs/transcripts/: what a case goes through when things don't go straight, as the terminal shows it.

`make stories` runs it. Every line of a transcript is what the real commands printed, with a real gateway behind them.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from ..codecs import DECLARATION
from ..codecs.messages.codes import DeclarationType, DocumentType
from ..codecs.messages.declaration import Declaration, GovernmentAgencyGoodsItem
from ..gateway.sample import sample
from .imports import ROOT
from .stage import Stage

FOLDER: Final = ROOT / "docs" / "transcripts"

Story = Callable[[Stage], None]

BY_HAND: Final = '[agencies.{}]\nby_hand = ["{}"]\n'


def _declaration(reference: str, items: int = 1) -> Declaration:
    return sample(items, DeclarationType.IM, reference, datetime.now(UTC).replace(microsecond=0))


def _with_first(
    declaration: Declaration, change: Callable[[GovernmentAgencyGoodsItem], GovernmentAgencyGoodsItem]
) -> Declaration:
    """The declaration with its first item changed."""
    first, *others = declaration.goods_shipment.government_agency_goods_item
    items = (change(first), *others)
    return replace(declaration, goods_shipment=replace(declaration.goods_shipment, government_agency_goods_item=items))


def _uncertified(item: GovernmentAgencyGoodsItem) -> GovernmentAgencyGoodsItem:
    """The item without its certificate of origin."""
    kept = tuple(document for document in item.additional_document if document.type_code is not DocumentType._861)
    return replace(item, additional_document=kept)


def _repacked(item: GovernmentAgencyGoodsItem) -> GovernmentAgencyGoodsItem:
    """The item in one package more."""
    package, *others = item.packaging
    return replace(item, packaging=(replace(package, quantity_quantity=package.quantity_quantity + 1), *others))


def supplement(stage: Stage) -> None:
    """A supplement round in which one agency of four is asked again."""
    whole = _declaration("STORY-SUPPLEMENT")
    stage.configure("")
    stage.serve()
    stage.write("declaration.xml", DECLARATION.encode_xml(_with_first(whole, _uncertified)))
    stage.tell("The certificate of origin is missing in declaration.xml, whole.xml has it.")
    stage.run("onewindow submit declaration.xml --wait 10")
    stage.write("whole.xml", DECLARATION.encode_xml(whole))
    stage.run("onewindow supplement {case} whole.xml --wait 10")


def amendment(stage: Stage) -> None:
    """An amendment of packaging only, which two agencies of four see."""
    whole = _declaration("STORY-AMENDMENT")
    stage.configure(BY_HAND.format("customs", "declaration"))
    stage.serve()
    stage.write("declaration.xml", DECLARATION.encode_xml(whole))
    stage.run("onewindow submit declaration.xml --wait 1")
    stage.tell("One package more; customs has not answered yet.")
    stage.write("repacked.xml", DECLARATION.encode_xml(_with_first(whole, _repacked)))
    stage.run("onewindow amend {case} repacked.xml --wait 1")
    stage.run("onewindow agency answer customs {case}/customs/2 --outcome approved")
    stage.run("onewindow status {case} --follow")


def deferred_document(stage: Stage) -> None:
    """A deferred document that came late."""
    stage.configure("")
    stage.serve()
    stage.write("declaration.xml", DECLARATION.encode_xml(_declaration("STORY-DEFERRED", 3)))
    stage.run("onewindow submit declaration.xml --wait 10")
    document = stage.status()["deferred"][0]
    stage.stop()
    due = datetime.fromisoformat(document["due_at"])
    stage.tell("The day after the document was due.")
    stage.serve(ahead=(due - datetime.now(UTC) + timedelta(days=1)).total_seconds())
    stage.until("document-overdue", "Put before the supervisor 督办:")
    stage.run("onewindow status {case}")
    stage.write("certificate.pdf", b"%PDF-1.7 sanitary certificate\n")
    stage.run(f"onewindow deliver {{case}} certificate.pdf --type {document['type_code']} --number {document['id']}")
    due_amount = stage.status()["bill"]["due"][0]["amount"]
    stage.run(f"onewindow pay {{case}} --reference BANK-77 --amount {due_amount}")
    stage.run("onewindow rate {case} 4 --comment 'One window was enough.'")


def joint_inspection(stage: Stage) -> None:
    """A joint inspection of two agencies, whose results come back one by one."""
    stage.configure(
        BY_HAND.format("customs", "inspection-order") + BY_HAND.format("quality-inspection", "inspection-order")
    )
    stage.serve()
    stage.write("declaration.xml", DECLARATION.encode_xml(_declaration("STORY-INSPECTION", 12)))
    stage.run("onewindow submit declaration.xml --wait 3")
    stage.run(
        "onewindow agency answer customs {case}/customs/1/inspection --outcome approved"
        " --en 'Seals intact, goods as declared.' --zh '封志完好，货物与申报相符。'"
    )
    stage.run("onewindow status {case}")
    stage.run(
        "onewindow agency answer quality-inspection {case}/quality-inspection/1/inspection --outcome approved"
        " --en 'Wood treated on site.' --zh '木质包装已现场处理。'"
    )
    stage.run("onewindow status {case} --follow")


def _overdue(policy: str) -> str:
    return f'[agencies.customs]\nby_hand = ["declaration"]\ntime_limit = "2s"\non_overdue = "{policy}"\n'


def overdue_escalated(stage: Stage) -> None:
    """An overdue agency, put before the supervisor; its answer still counts."""
    stage.configure(_overdue("escalate"))
    stage.serve()
    stage.write("declaration.xml", DECLARATION.encode_xml(_declaration("STORY-ESCALATE")))
    stage.run("onewindow submit declaration.xml --wait 1")
    stage.until("overdue", "Two seconds later:")
    stage.run("onewindow status {case}")
    stage.run("onewindow agency answer customs {case}/customs/1 --outcome approved")
    stage.run("onewindow status {case} --follow")


def overdue_deemed_approved(stage: Stage) -> None:
    """An overdue agency that is deemed to have approved."""
    stage.configure(_overdue("deem-approved"))
    stage.serve()
    stage.write("declaration.xml", DECLARATION.encode_xml(_declaration("STORY-DEEMED")))
    stage.run("onewindow submit declaration.xml --wait 30")


def overdue_deemed_refused(stage: Stage) -> None:
    """An overdue agency that is deemed to have refused; its late answer is kept and changes nothing."""
    stage.configure(_overdue("deem-refused"))
    stage.serve()
    stage.write("declaration.xml", DECLARATION.encode_xml(_declaration("STORY-REFUSED")))
    stage.run("onewindow submit declaration.xml --wait 30")
    stage.run("onewindow agency answer customs {case}/customs/1 --outcome approved")
    stage.run("onewindow status {case}")


def withdrawal(stage: Stage) -> None:
    """A withdrawal in time: open work stops, and the agencies are told."""
    stage.configure(BY_HAND.format("tax", "declaration"))
    stage.serve()
    stage.write("declaration.xml", DECLARATION.encode_xml(_declaration("STORY-WITHDRAWAL")))
    stage.run("onewindow submit declaration.xml --wait 1")
    stage.run("onewindow withdraw {case} --reason 'The buyer has cancelled the order.' --wait 10")
    stage.run("onewindow status {case}")


def withdrawal_too_late(stage: Stage) -> None:
    """A withdrawal too late: the response is there, and never changed."""
    stage.configure("")
    stage.serve()
    stage.write("declaration.xml", DECLARATION.encode_xml(_declaration("STORY-LATE")))
    stage.run("onewindow submit declaration.xml --wait 10")
    stage.run("onewindow withdraw {case} --reason 'The buyer has cancelled the order.'")


def dry_run(stage: Stage) -> None:
    """A dry run: what would be asked for is mended before anything is submitted."""
    whole = _declaration("STORY-DRY-RUN")
    stage.configure('[procedures.import]\nafter = { tax = ["customs"] }\n')
    stage.serve()
    stage.write("declaration.xml", DECLARATION.encode_xml(_with_first(whole, _uncertified)))
    stage.run("onewindow submit declaration.xml --dry-run")
    stage.tell("With the certificate of origin:")
    stage.write("whole.xml", DECLARATION.encode_xml(whole))
    stage.run("onewindow submit whole.xml --dry-run")
    stage.run("onewindow submit whole.xml --wait 10")


def test_mode(stage: Stage) -> None:
    """A test-mode declaration with two faults: a reply that can't be read, and one that comes late."""
    stage.configure("[gateway]\ntest_mode = true\n")
    stage.serve()
    misspelt, right = (f"TEST-tax={word};quality-inspection=late:2s-STORY" for word in ("malformd", "malformed"))
    stage.write("misspelt.xml", DECLARATION.encode_xml(_declaration(misspelt)))
    stage.run("onewindow submit misspelt.xml")
    stage.write("declaration.xml", DECLARATION.encode_xml(_declaration(right)))
    stage.run("onewindow submit declaration.xml --wait 30")
    stage.run("onewindow status {case}")


STORIES: Final[Mapping[str, Story]] = MappingProxyType(
    {
        story.__name__.replace("_", "-"): story
        for story in (
            supplement,
            amendment,
            deferred_document,
            joint_inspection,
            overdue_escalated,
            overdue_deemed_approved,
            overdue_deemed_refused,
            withdrawal,
            withdrawal_too_late,
            dry_run,
            test_mode,
        )
    }
)
"""The stories by the names of their transcripts."""


def transcript(story: Story) -> str:
    """What the terminal shows of a story, under what it is about."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        try:
            story(stage)
        finally:
            stage.stop()
    return "\n".join([f"# {story.__doc__}", "", *stage.lines]).rstrip() + "\n"


def main() -> None:
    """Write every transcript, or those that are named on the command line."""
    FOLDER.mkdir(exist_ok=True)
    for name in sys.argv[1:] or STORIES:
        (FOLDER / f"{name}.txt").write_text(transcript(STORIES[name]), "utf-8")
        print(f"docs/transcripts/{name}.txt")  # noqa: T201 - what the command is for


if __name__ == "__main__":
    main()
