"""Deliveries as they happen: again, at once, out of order, side by side, under an id that was used."""

import asyncio
from collections.abc import Sequence
from typing import Final

from ...agencies.agency import AnyAgency
from ...codecs.finding import Rejected
from .probe import Came, Exchange, Probe
from .replies import Read, read
from .specimen import Specimen
from .verdict import Verdict, broken, kept, skipped

AT_ONCE: Final = 8
"""Deliveries of one id at one time."""

SIDE_BY_SIDE: Final = 20
"""Different messages at one time."""


async def duplicate(probe: Probe, before: Read) -> Verdict:
    """The same id and bytes once more."""
    again = await probe.send(before.exchange.message_id, before.specimen.body, attempt=2)
    return same("duplicate", before.exchange, again)


def same(check: str, first: Exchange, again: Exchange) -> Verdict:
    """Whether two deliveries of one id were answered alike."""
    if again.came is not Came.REPLY:
        return broken(check, f"the second time: {again.told()}", f"第二次：{again.told()}")
    if again.reply != first.reply:
        return broken(check, "the second answer differs from the first", "第二次答复与第一次不同")
    return kept(check, f"{len(first.reply)} bytes", f"{len(first.reply)} 字节")


async def duplicates_at_once(probe: Probe, specimen: Specimen) -> Verdict:
    """One fresh id many times before the first is answered."""
    identifier = probe.fresh_id()
    sent = (probe.send(identifier, specimen.body, attempt=attempt) for attempt in range(1, AT_ONCE + 1))
    came = await asyncio.gather(*sent)
    others = [each for each in came if each.came is not Came.REPLY]
    if others:
        return broken("duplicates-at-once", f"one of {AT_ONCE}: {others[0].told()}", f"其中一次：{others[0].told()}")
    answers = len({each.reply for each in came})
    if answers > 1:
        return broken("duplicates-at-once", f"{answers} different answers", f"有 {answers} 种不同答复")
    return kept("duplicates-at-once", f"{AT_ONCE} deliveries", f"{AT_ONCE} 次送达")


async def id_reused(probe: Probe, before: Read, other: Specimen | None) -> Verdict:
    """The id of a message that was answered, with the content of another."""
    if other is None:
        return skipped("id-reused", "there is one specimen only", "只有一份样本")
    came = await probe.send(before.exchange.message_id, other.body)
    if came.came is Came.REFUSED:
        return kept("id-reused", came.told(), came.told())
    return broken("id-reused", f"it was not refused: {came.told()}", f"未被拒收：{came.told()}")


async def order(agency: AnyAgency, probe: Probe, specimens: Sequence[Specimen]) -> Verdict:
    """A case's second revision before its first."""
    first = probe.fresh_id()
    second = first.removesuffix("/1") + "/2"
    for identifier, specimen in zip((second, first), (specimens[-1], specimens[0]), strict=True):
        came = await probe.send(identifier, specimen.body)
        if (wrong := not_its_own(agency, came)) is not None:
            return broken("order", wrong, wrong)
    return kept("order", "revision 2 before revision 1", "第2版次先于第1版次")


async def concurrency(agency: AnyAgency, probe: Probe, specimens: Sequence[Specimen]) -> Verdict:
    """Different messages at one time."""
    sent = [(probe.fresh_id(), specimens[number % len(specimens)]) for number in range(SIDE_BY_SIDE)]
    came = await asyncio.gather(*(probe.send(identifier, specimen.body) for identifier, specimen in sent))
    for each in came:
        if (wrong := not_its_own(agency, each)) is not None:
            return broken("concurrency", wrong, wrong)
    return kept("concurrency", f"{SIDE_BY_SIDE} at one time", f"同时 {SIDE_BY_SIDE} 份")


def not_its_own(agency: AnyAgency, exchange: Exchange) -> str | None:
    """What is wrong with an answer that has to be the message's own; None where it is."""
    if exchange.came is not Came.REPLY:
        return f"{exchange.message_id}: {exchange.told()}"
    reply = read(agency, exchange)
    if isinstance(reply, Rejected):
        return f"{exchange.message_id}: {reply.problem}"
    return None if reply.message_id == exchange.message_id else f"{exchange.message_id}: {reply.message_id}"
