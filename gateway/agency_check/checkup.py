"""The whole check of one agency: every line of the report, in its order."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from ...agencies.agency import AnyAgency
from .aftermath import notices, orders
from .deliveries import concurrency, duplicate, duplicates_at_once, id_reused, not_its_own, order
from .probe import Came, Exchange, Probe
from .replies import content
from .rubbish import refusals
from .specimen import Specimen
from .verdict import TITLES, Verdict, broken, kept, skipped


async def check(
    agency: AnyAgency,
    probe: Probe,
    specimens: Sequence[Specimen],
    largest: Specimen | None,
    limit: timedelta,
    now: datetime,
) -> tuple[Verdict, ...]:
    """Does the agency keep the contract; one verdict for every name in TITLES, in that order.

    specimens: at least one message that concerns it. limit: how long it may take, by the window's configuration.
    """
    answered = await _asked(probe, specimens)
    verdicts = [_reachable(exchange for _, exchange in answered)]
    replied = [(specimen, exchange) for specimen, exchange in answered if exchange.came is Came.REPLY]
    if replied:
        verdicts += await _with_answers(agency, probe, specimens, replied, now)
        verdicts.append(await _largest(agency, probe, largest))
    last = await probe.send(probe.fresh_id(), specimens[0].body)
    verdicts.append(_late(probe))
    verdicts.append(_time(probe, limit))
    if last.came in (Came.REPLY, Came.TAKEN):
        verdicts.append(kept("still-there"))
    else:
        verdicts.append(broken("still-there", last.told(), last.told_zh()))
    return tuple(_complete(verdicts, taken=any(each.came is Came.TAKEN for _, each in answered)))


async def _asked(probe: Probe, specimens: Sequence[Specimen]) -> list[tuple[Specimen, Exchange]]:
    """Each specimen sent, and what came of it; where nothing comes of the first, nobody waits for the others."""
    answered = []
    for specimen in specimens:
        exchange = await probe.send(probe.fresh_id(), specimen.body)
        answered.append((specimen, exchange))
        if answered[0][1].came is Came.SILENT:
            break
    return answered


async def _with_answers(
    agency: AnyAgency,
    probe: Probe,
    specimens: Sequence[Specimen],
    replied: list[tuple[Specimen, Exchange]],
    now: datetime,
) -> list[Verdict]:
    verdicts, answers = content(agency, replied)
    if not answers:
        return verdicts
    first = answers[0]
    other = next((each for each in specimens if each.body != first.specimen.body), None)
    return [
        *verdicts,
        await duplicate(probe, first),
        await duplicates_at_once(probe, first.specimen),
        await id_reused(probe, first, other),
        await order(agency, probe, specimens),
        await concurrency(agency, probe, specimens),
        *await refusals(agency, probe, first.specimen),
        *await orders(agency, probe, answers, now),
        *await notices(agency, probe, first, now),
    ]


def _reachable(exchanges: Iterable[Exchange]) -> Verdict:
    came = list(exchanges)
    lost = [each for each in came if each.came not in (Came.REPLY, Came.TAKEN)]
    if lost:
        share = f"{len(lost)}/{len(came)}"
        return broken("reachable", f"{share}: {lost[0].told()}", f"{share}：{lost[0].told_zh()}")
    return kept("reachable", f"{len(came)} messages", f"{len(came)} 份报文")


async def _largest(agency: AnyAgency, probe: Probe, specimen: Specimen | None) -> Verdict:
    if specimen is None:
        return skipped("largest-message", "there is none", "没有可用样本")
    size = f"{len(specimen.body):,} bytes"
    came = await probe.send(probe.fresh_id(), specimen.body)
    wrong = not_its_own(agency, came)
    if wrong is not None:
        return broken("largest-message", f"{size}: {wrong}", f"{len(specimen.body):,} 字节：{wrong}")
    words = f"{len(specimen.body):,} / {len(came.reply):,}"
    return kept("largest-message", f"{words} bytes, {came.seconds:.1f} s", f"{words} 字节，{came.seconds:.1f} 秒")


def _late(probe: Probe) -> Verdict:
    """Of what was taken to be answered later, whether the answer came; that of an inspection may take days."""
    waiting = [each for each in probe.exchanges if each.came is Came.TAKEN and each.message_id.count("/") == 2]
    late = sum(each.late for each in probe.exchanges)
    if not waiting and not late:
        return skipped("late-answers", "it answers everything at once", "均即时答复")
    if not probe.hears_late_answers:
        return skipped("late-answers", "answers that come by themselves are not heard here", "此处无法接收后续答复")
    if waiting:
        words = f"{len(waiting)}: {waiting[0].message_id}"
        return broken("late-answers", f"no answer to {words}", f"未答复 {words}")
    return kept("late-answers", f"{late} answers", f"{late} 份答复")


def _time(probe: Probe, limit: timedelta) -> Verdict:
    slowest = max(probe.exchanges, key=lambda each: each.seconds)
    silent = next((each for each in probe.exchanges if each.came is Came.SILENT), None)
    if silent is not None:
        return broken("time", f"{silent.message_id}: {silent.detail}", f"{silent.message_id}：未有回音")
    words = f"{slowest.seconds:.3f} s, {limit.total_seconds():g} s"
    if slowest.seconds > limit.total_seconds():
        return broken("time", f"the slowest and the limit: {words}", f"最慢与时限：{words}")
    return kept("time", f"the slowest and the limit: {words}", f"最慢与时限：{words}")


def _complete(verdicts: Iterable[Verdict], *, taken: bool) -> Iterator[Verdict]:
    """Every check in its order; those that nothing could be said of are skipped."""
    said = {each.check: each for each in verdicts}
    why = (
        ("it answers later than it takes its message", "先接收后答复")
        if taken
        else ("there is no reply to go by", "没有可用的答复")
    )
    return (said.get(name, skipped(name, *why)) for name in TITLES)
