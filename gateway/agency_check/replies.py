"""What a reply has to be, seen by itself."""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from ...agencies.agency import AnyAgency
from ...codecs.finding import Rejected, Text
from ...codecs.messages.codes import LanguageCode, ReplyOutcome
from ...codecs.messages.reply import Reply
from ..pointer import Tracer
from ..reply_reading import CLOCKS_APART_MAX
from .probe import Exchange
from .specimen import Specimen
from .verdict import Verdict, broken, kept

CONTENT: Final = (
    "reply-schema",
    "message-id",
    "agency-code",
    "decision-time",
    "reasons",
    "languages",
    "pointers",
    "levies",
)
"""The checks of a reply's content."""


class Read(Struct, frozen=True):
    """An exchange whose answer could be read: what was sent, and the reply."""

    specimen: Specimen
    exchange: Exchange
    reply: Reply


def read(agency: AnyAgency, exchange: Exchange) -> Reply | Rejected:
    """The reply that came, or why it is none."""
    try:
        return agency.reply.decode_xml(exchange.reply)
    except Rejected as refusal:
        return refusal


def content(agency: AnyAgency, answered: list[tuple[Specimen, Exchange]]) -> tuple[list[Verdict], list[Read]]:
    """The verdicts on the content of replies, the first breach of each named; and the replies that could be read."""
    breaches: dict[str, Text] = {}
    readable: list[Read] = []
    for specimen, exchange in answered:
        reply = read(agency, exchange)
        if isinstance(reply, Rejected):
            breaches.setdefault("reply-schema", Text(str(reply), f"不符合模式：{_zh(reply)}"))
            continue
        each = Read(specimen, exchange, reply)
        readable.append(each)
        for name, words in _breaches(agency, each):
            breaches.setdefault(name, words)
    count = len(readable)
    seen = (f"{count} {'reply' if count == 1 else 'replies'}", f"{count} 份回执报文")
    said = [name for name in CONTENT if readable or name in breaches]
    verdicts = [
        broken(name, breaches[name].en, breaches[name].zh) if name in breaches else kept(name, *seen) for name in said
    ]
    return verdicts, readable


def _zh(refusal: Rejected) -> str:
    return refusal.findings[0].message.zh if refusal.findings else refusal.problem


def _breaches(agency: AnyAgency, each: Read) -> Iterator[tuple[str, Text]]:
    reply, exchange = each.reply, each.exchange
    if reply.message_id != exchange.message_id:
        yield (
            "message-id",
            Text(
                f"{exchange.message_id} was answered as {reply.message_id}",
                f"{exchange.message_id} 的答复写作 {reply.message_id}",
            ),
        )
    if reply.agency_code != agency.code:
        yield "agency-code", Text(f"it calls itself {reply.agency_code}", f"自称 {reply.agency_code}")
    decided = reply.decision_date_time
    if not exchange.sent_at - CLOCKS_APART_MAX <= decided <= exchange.came_at + CLOCKS_APART_MAX:
        when = f"{decided.isoformat()}, {exchange.sent_at.isoformat()}"
        yield "decision-time", Text(f"decided and asked at {when}", f"决定与询问时间：{when}")
    yield from _words(reply)
    tracer = Tracer(each.specimen.message, each.specimen.message)
    for pointer in (*(found.pointer for found in reply.finding), *(held.pointer for held in reply.condition)):
        if pointer is not None and not _leads(tracer, agency.message.root, pointer):
            yield "pointers", Text(f"{pointer} is nowhere in the message", f"报文中没有 {pointer}")
    if reply.outcome_code is ReplyOutcome.REFUSED and reply.duty_tax_fee:
        yield "levies", Text(f"{len(reply.duty_tax_fee)} bill lines", f"{len(reply.duty_tax_fee)} 条收费")


def _leads(tracer: Tracer, root: str, pointer: str) -> bool:
    steps = pointer.split("/")
    return steps[0] == "" and steps[1] == root and len(tracer.trace(pointer).split("/")) == len(steps)


def _words(reply: Reply) -> Iterator[tuple[str, Text]]:
    """Whether what was decided is explained, and in both languages."""
    outcome = reply.outcome_code
    if outcome is not ReplyOutcome.APPROVED and not reply.finding and not reply.condition:
        yield "reasons", Text(f"{outcome.value} without a finding or a condition", f"{outcome.value} 未附意见或条件")
    if bool(reply.condition) and outcome is ReplyOutcome.APPROVED:
        yield "reasons", Text("approved outright, and yet with conditions", "结果为同意，却附有条件")
    for texts in (*(found.text for found in reply.finding), *(held.text for held in reply.condition)):
        languages = [text.language_id for text in texts]
        if sorted(languages) != sorted(LanguageCode):
            said = ", ".join(languages)
            yield "languages", Text(f"words in {said} only", f"仅有 {said}")
