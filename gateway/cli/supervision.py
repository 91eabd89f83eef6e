"""`onewindow supervision`: how agencies and procedures did."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from .ending import DONE, USAGE, Stop
from .options import Json, Url, in_utc

if TYPE_CHECKING:
    from collections.abc import Mapping


def supervision(
    *,
    start: Annotated[datetime | None, Parameter(name="--from")] = None,
    end: Annotated[datetime | None, Parameter(name="--to")] = None,
    procedure: Literal["import", "export"] | None = None,
    agency: str | None = None,
    url: Url = "http://127.0.0.1:8080",
    as_json: Json = False,
) -> int:
    """Show what agencies answered in time, late or not at all, how long they took, and how cases ended.

    查看各部门按时、超时和未答复的情况、用时以及办件结果。

    :param start: Cases received from this date or time on; by default the last 30 days. 受理时间起
    :param end: Cases received before this date or time; by default now. 受理时间止（不含）
    :param procedure: Only cases of this procedure. 流程
    :param agency: Only messages to this agency, by its code. 部门代码
    :param url: The gateway. 网关地址
    :param as_json: The figures as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    asked = {
        "from": None if start is None else in_utc("--from", start).isoformat(),
        "to": None if end is None else in_utc("--to", end).isoformat(),
        "procedure": procedure,
        "agency": agency,
    }
    return asyncio.run(
        _supervision(url, {name: value for name, value in asked.items() if value is not None}, as_json=as_json)
    )


async def _supervision(url: str, asked: Mapping[str, str], *, as_json: bool) -> int:
    from .client import Client
    from .console import stdout, write_json
    from .supervision_view import show_supervision

    async with Client(url) as client:
        try:
            found, body = await client.supervision(asked)
        except Stop as stop:
            if any(each.pointer == "?agency" for each in stop.findings):
                stop.status = USAGE  # as for a --procedure that does not exist
            raise
    if as_json:
        write_json(body)
    else:
        show_supervision(stdout(), found)
    return DONE
