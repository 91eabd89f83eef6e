"""The counters that traders queued at before, in their order, and what a clerk takes at each.

Nobody has published how long a clerk takes at each of these counters, so the times are assumptions; they are to be
replaced by measured ones, as the WCO's Guide to Measure the Time Required for the Release of Goods (Time Release Study,
version 3, 2018) says how to measure, in the configuration: `[agencies.CODE] latency`. What they are assumed to be is
said with every result.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from ...agencies.latency import Latency, log_normal
from ...codecs.finding import Text
from ..agency_latency import latency
from ..config import Config

_MINUTE: Final = 60.0

ASSUMED: Final = Text("assumption", "假设")


class Counter(Struct, frozen=True):
    """One counter. agency: its code, empty where it belongs to none. why: what it is there for, and in this place.

    service: what a clerk takes for one declaration, once its papers are keyed in. source: where that comes from.
    """

    name: Text
    agency: str
    service: Latency
    why: Text
    source: Text = ASSUMED


def _minutes(median: float, p90: float) -> Latency:
    return log_normal(median * _MINUTE, 0.9, p90 * _MINUTE)


COUNTERS: Final = (
    Counter(
        Text("Reception", "受理"),
        "",
        _minutes(6, 12),
        Text("papers are looked through and given a number", "审核单证是否齐备并编号"),
    ),
    Counter(
        Text("Quality inspection", "质检"),
        "quality-inspection",
        _minutes(10, 30),
        Text(
            "before customs: until 2018 customs asked for its release slip",
            "先报检后报关：2018年前须凭通关单报关",
        ),
    ),
    Counter(
        Text("Market supervision", "市场监管"),
        "market-supervision",
        _minutes(4, 12),
        Text("certificates and marks of listed goods", "列管商品的认证和标识"),
    ),
    Counter(
        Text("Customs", "海关"),
        "customs",
        _minutes(8, 25),
        Text("classification, value, origin, duty", "归类、估价、原产地和关税"),
    ),
    Counter(
        Text("Tax", "税务"),
        "tax",
        _minutes(5, 15),
        Text("after customs: import taxes are worked out on its value", "海关之后：进口环节税以海关审定价格为计税基础"),
    ),
    Counter(
        Text("Payment", "缴款"),
        "",
        _minutes(5, 10),
        Text("the bill is paid and the receipt stamped, last of all", "缴清税费、加盖收讫章，最后办理"),
    ),
)
"""Six counters in the order of the queue."""

KEYING: Final = _minutes(4, 8)
"""What a clerk takes to key in the papers, at each agency's counter anew; the window has them once."""

WALK: Final = _minutes(8, 20)
"""From one counter to the next, papers in hand."""

SOURCES: Final = (
    Text(
        "Counters, their order and all times not marked otherwise are assumptions, none of them measured.",
        "柜台、次序及未另注明的时间均为假设，未经实测。",
    ),
    Text(
        "How to measure real ones: WCO, Guide to Measure the Time Required for the Release of Goods, version 3 (2018).",
        "实测方法：世界海关组织《货物放行时间测量指南》第3版（2018年）。",
    ),
    Text(
        "Put them in with [agencies.CODE] latency = { file = ... } and --config.",
        "实测数据可经 [agencies.CODE] latency = { file = ... } 和 --config 代入。",
    ),
)


def counters(config: Config) -> tuple[Counter, ...]:
    """The counters, an agency's with the time that the configuration gives it."""
    given = {code: own.latency for code, own in config.agencies.items() if own.latency is not None}
    configured: Mapping[str, Latency] = {code: latency(table) for code, table in given.items()}
    words = Text("configuration", "配置")
    return tuple(
        Counter(each.name, each.agency, configured[each.agency], each.why, words) if each.agency in configured else each
        for each in COUNTERS
    )
