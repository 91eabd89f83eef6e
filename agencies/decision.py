"""From what an agency's rules remark to the reply that it sends."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from ..codecs import finding as words
from ..codecs.messages.codes import LanguageCode, ReplyOutcome
from ..codecs.messages.common import Text
from ..codecs.messages.reply import Condition, CustomsValuation, DutyTaxFee, Finding, Inspection, Reply

STRONGEST_FIRST = (
    ReplyOutcome.REFUSED,
    ReplyOutcome.SUPPLEMENT_REQUIRED,
    ReplyOutcome.INSPECTION_REQUIRED,
    ReplyOutcome.APPROVED_WITH_CONDITIONS,
    ReplyOutcome.APPROVED,
)
"""One remark that refuses outweighs every other; goods are only inspected once the papers are complete."""


class Remark(Struct, frozen=True):
    """What one rule has to say.

    outcome: what this remark alone would make of the reply; ``approved``: for information, nothing hangs on it.
    code: stable, ``agency.cause``. pointer: the element in the agency's message, None for the message as a whole.
    due: for a condition, the time by which it is to be met.
    """

    outcome: ReplyOutcome
    code: str
    pointer: str | None
    text: words.Text
    due: datetime | None = None


def refused(code: str, pointer: str | None, en: str, zh: str) -> Remark:
    """A remark for which the goods may not pass."""
    return Remark(ReplyOutcome.REFUSED, code, pointer, words.Text(en, zh))


def supplement(code: str, pointer: str | None, en: str, zh: str) -> Remark:
    """A remark that asks the trader to add or correct something."""
    return Remark(ReplyOutcome.SUPPLEMENT_REQUIRED, code, pointer, words.Text(en, zh))


def inspection(code: str, pointer: str | None, en: str, zh: str) -> Remark:
    """A remark for which the goods have to be seen."""
    return Remark(ReplyOutcome.INSPECTION_REQUIRED, code, pointer, words.Text(en, zh))


def condition(code: str, pointer: str | None, en: str, zh: str, due: datetime | None = None) -> Remark:
    """A remark that lets the goods pass, but asks for something by a time."""
    return Remark(ReplyOutcome.APPROVED_WITH_CONDITIONS, code, pointer, words.Text(en, zh), due)


def note(code: str, pointer: str | None, en: str, zh: str) -> Remark:
    """A remark for information."""
    return Remark(ReplyOutcome.APPROVED, code, pointer, words.Text(en, zh))


def outcome_of(remarks: Iterable[Remark]) -> ReplyOutcome:
    """The strongest outcome among the remarks; approved without any."""
    found = {remark.outcome for remark in remarks}
    return next((outcome for outcome in STRONGEST_FIRST if outcome in found), ReplyOutcome.APPROVED)


def settles(remarks: Iterable[Remark]) -> bool:
    """Are amounts final with these remarks; while something is still asked for, they may change."""
    return outcome_of(remarks) in (ReplyOutcome.APPROVED, ReplyOutcome.APPROVED_WITH_CONDITIONS)


def agency_reference(agency: str, message_id: str) -> str:
    """The agency's own number for a message, the same for the same message: the code and twelve hex digits."""
    return f"{agency.upper()}-{sha256(message_id.encode()).hexdigest()[:12].upper()}"


def reply(
    agency: str,
    message_id: str,
    now: datetime,
    remarks: Sequence[Remark],
    *,
    lines: Sequence[DutyTaxFee] = (),
    visit: Inspection | None = None,
    valuations: Sequence[CustomsValuation] = (),
) -> Reply:
    """The reply for these remarks, decided at ``now``.

    A reply that refuses levies nothing; a visit is proposed only where the outcome is an inspection. Remarks that are
    conditions become conditions, the others findings, each once. Where there are more of either than the reply's
    schema takes, those that say the same of several items become one that names the items; where these are still too
    many the strongest are listed, and the last one says how many more there are.
    """
    remarks = tuple(dict.fromkeys(remarks))
    outcome = outcome_of(remarks)
    held = [remark for remark in remarks if remark.outcome is ReplyOutcome.APPROVED_WITH_CONDITIONS]
    found = [remark for remark in remarks if remark.outcome is not ReplyOutcome.APPROVED_WITH_CONDITIONS]
    return Reply(
        message_id=message_id,
        agency_code=agency,
        agency_reference_id=agency_reference(agency, message_id),
        outcome_code=outcome,
        decision_date_time=now,
        finding=tuple(
            Finding(code=remark.code, pointer=remark.pointer, text=_texts(remark))
            for remark in fitted(agency, found, FINDING_COUNT_MAX)
        ),
        condition=tuple(
            Condition(code=remark.code, text=_texts(remark), due_date_time=remark.due, pointer=remark.pointer)
            for remark in fitted(agency, held, CONDITION_COUNT_MAX)
        ),
        duty_tax_fee=() if outcome is ReplyOutcome.REFUSED else tuple(lines),
        inspection=visit if outcome is ReplyOutcome.INSPECTION_REQUIRED else None,
        customs_valuation=tuple(valuations),
    )


FINDING_COUNT_MAX = 1000
CONDITION_COUNT_MAX = 100
"""How many findings and conditions a reply's schema takes."""


_ITEM = re.compile(r"(/[^/]+/GoodsShipment)/GovernmentAgencyGoodsItem\[([0-9]+)\](.*)")

RUNS_MAX = 50
"""How many runs of items one remark names, so that its words fit the reply's schema."""


def fitted(agency: str, remarks: Sequence[Remark], most: int) -> list[Remark]:
    """At most ``most`` remarks that say what all of these say, as far as that many can."""
    if len(remarks) <= most:
        return list(remarks)
    grouped = sorted(_grouped(remarks), key=lambda remark: STRONGEST_FIRST.index(remark.outcome))
    if len(grouped) <= most:
        return grouped
    listed, rest = grouped[: most - 1], grouped[most - 1 :]
    due = min((remark.due for remark in rest if remark.due is not None), default=None)
    text = words.Text(
        f"There are {len(rest)} more of this kind than are listed here.", f"此处未列出的同类意见另有{len(rest)}条。"
    )
    return [*listed, Remark(rest[0].outcome, f"{agency}.more", None, text, due)]


def _grouped(remarks: Iterable[Remark]) -> list[Remark]:
    """One remark for those that differ in the item alone, at the shipment; its place is that of the first of them."""
    alike: dict[tuple[object, ...], list[tuple[int, Remark]]] = {}
    for remark in remarks:
        of_item = _ITEM.fullmatch(remark.pointer or "")
        place = remark.pointer if of_item is None else (of_item[1], of_item[3])
        number = 0 if of_item is None else int(of_item[2])
        alike.setdefault((remark.outcome, remark.code, place, remark.text, remark.due), []).append((number, remark))
    return [one for group in alike.values() for one in _on_items(group)]


def _on_items(group: Sequence[tuple[int, Remark]]) -> list[Remark]:
    first = group[0][1]
    if len(group) == 1:
        return [first]
    runs = _runs(sorted(number for number, _ in group))
    pointer = (first.pointer or "").partition("/GovernmentAgencyGoodsItem[")[0]
    return [
        replace(first, pointer=pointer, text=_naming(first.text, runs[start : start + RUNS_MAX]))
        for start in range(0, len(runs), RUNS_MAX)
    ]


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers in rising order as runs without gaps, each by its first and its last."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _naming(text: words.Text, runs: Sequence[tuple[int, int]]) -> words.Text:
    en = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
    zh = "、".join(str(first) if first == last else f"{first}至{last}" for first, last in runs)
    return words.Text(f"{text.en.removesuffix('.')} (items {en}).", f"{text.zh.removesuffix('。')}（第{zh}项）。")


def _texts(remark: Remark) -> tuple[Text, ...]:
    return (
        Text(value=remark.text.en, language_id=LanguageCode.EN),
        Text(value=remark.text.zh, language_id=LanguageCode.ZH),
    )
