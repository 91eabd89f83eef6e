"""`onewindow agency`: the agencies that are installed, and answering in the place of one."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Literal

from cyclopts import App

from .ending import DONE
from .options import Json, Url

Outcome = Literal["approved", "approved-with-conditions", "refused", "supplement-required", "inspection-required"]

agency = App(name="agency", help="The agencies that are installed. 部门")


@agency.command(name="list")
def list_agencies(*, config: Path | None = None, as_json: Json = False) -> int:
    """List the agencies: code, name, how each is reached, how long it may take, and by which business calendar.

    列出各部门、传输方式、办理时限和工作日历。

    :param config: The gateway's configuration file. 配置文件
    :param as_json: The list as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    import msgspec

    from ...agencies.registry import installed
    from .console import stdout, write_json
    from .console import table as new_table
    from .starting import configured

    settings = configured(config)
    rows = []
    for code, found in installed().items():
        own = settings.agency(code)
        limit = own.time_limit or found.time_limit
        rows.append(
            {
                "code": code,
                "name": found.name,
                "transport": own.transport,
                "time_limit_seconds": limit.total_seconds(),
                "calendar": own.calendar,
                "reference_desk": found.assess is not None,
            }
        )
    if as_json:
        write_json(msgspec.json.encode(rows))
        return DONE
    table = new_table(expand=False)
    for heading in ("Code\n代码", "Agency\n部门", "Transport\n传输方式", "Time limit\n办理时限", "Calendar\n工作日历"):
        table.add_column(heading, no_wrap=True)
    for code, found in installed().items():
        own = settings.agency(code)
        limit = own.time_limit or found.time_limit
        table.add_row(code, f"{found.name.en} {found.name.zh}", own.transport, words(limit), own.calendar)
    stdout().print(table)
    return DONE


@agency.command
def answer(
    code: str,
    message_id: str,
    /,
    *,
    outcome: Outcome,
    en: str | None = None,
    zh: str | None = None,
    url: Url = "http://127.0.0.1:8080",
) -> int:
    """Answer a message by hand: one that was taken and left to a person, or the result of an inspection.

    人工答复：部门已接收待人工办理的报文，或反馈查验结果。

    Exit status: 0 taken; 1 not taken; 2 wrong usage; 3 no gateway, or it is too busy.
    退出码：0 已接受；1 未被接受；2 用法有误；3 网关无法连接或繁忙。

    :param code: The agency's code. 部门代码
    :param message_id: The message that is answered. 所答复的分发报文编号
    :param outcome: What the agency decided. 办理结果
    :param en: What it found, in English. 审核意见（英文）
    :param zh: What it found, in Chinese. 审核意见（中文）
    :param url: The gateway. 网关地址
    """
    from .answering import answer_by_hand

    return asyncio.run(answer_by_hand(url, code, message_id, outcome, (en, zh)))


def words(limit: timedelta) -> str:
    """A time limit as the configuration writes it: `30m`, `2h`, `1d`."""
    seconds = int(limit.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
