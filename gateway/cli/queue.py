"""`onewindow agency queue`: what waits at an agency for a person."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from .ending import DONE
from .options import Json, Url

if TYPE_CHECKING:
    from ..agency_queue import AgencyQueue


def queue(
    code: str,
    /,
    *,
    limit: Annotated[int, Parameter(validator=Number(gte=1, lte=200))] = 50,
    token_file: Path | None = None,
    url: Url = "http://127.0.0.1:8080",
    as_json: Json = False,
) -> int:
    """List the messages that an agency has taken and that wait for a person to answer them.

    Each has the id by which `agency answer` answers it, alone on its line.
    列出部门已接收、待人工答复的报文；报文编号独占一行，供 agency answer 使用。

    Exit status: 0 done, also where nothing waits; 1 no such agency, or not yours; 2 wrong usage; 3 no gateway.
    退出码：0 完成（含无待办报文）；1 无此部门或无权查看；2 用法有误；3 无法连接网关。

    :param code: The agency's code. 部门代码
    :param limit: At most so many. 最多条数
    :param token_file: Holds the agency's token, where it has one. 部门令牌文件
    :param url: The gateway. 网关地址
    :param as_json: The list as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    return asyncio.run(_queue(code, limit, token_file, url, as_json=as_json))


async def _queue(code: str, limit: int, token_file: Path | None, url: str, *, as_json: bool) -> int:
    from .answering import naming_token_file, shown_token
    from .client import Client
    from .console import write_json

    async with Client(url, shown_token(token_file)) as client:
        with naming_token_file():
            found, body = await client.agency_queue(code, limit)
    if as_json:
        write_json(body)
    else:
        _show(found, url)
    return DONE


def _show(found: AgencyQueue, url: str) -> None:
    from .console import stderr, stdout
    from .language import label
    from .moments import moment

    console = stdout()
    for each in found.messages:
        console.print(each.message_id, style="term", soft_wrap=True)
        kind = label("order to inspect 查验通知" if each.kind == "inspection-order" else "declaration 申报")
        due = "" if each.due_at is None else f", {label('due 期限')} {moment(each.due_at)}"
        console.print(f"  {kind} {each.reference}{due}", soft_wrap=True, style="bad" if each.overdue else "quiet")
    if not found.messages:
        console.print(label("Nothing waits 无待办报文"), style="quiet")
        return
    if found.more:
        console.print(label("There are more; see --limit. 未全部列出，见 --limit"), style="quiet")
    answer = f"onewindow agency answer {found.agency} MESSAGE-ID --outcome approved --url {url}"
    stderr().print(f"{label('Answer one 答复')}  {answer}", style="quiet", soft_wrap=True)
