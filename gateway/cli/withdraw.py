"""`onewindow withdraw`: a declaration is taken back."""

import asyncio
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from .options import Json, Url


def withdraw(
    case_id: str,
    /,
    *,
    reason: str,
    url: Url = "http://127.0.0.1:8080",
    wait: Annotated[float, Parameter(validator=Number(gte=0))] = 30.0,
    response: Path | None = None,
    as_json: Json = False,
) -> int:
    """Take a declaration back; its case ends in a signed response that says so.

    撤回申报单，办件以签名的统一出件办结。

    Exit status: 0 taken back; 1 the case is decided already, or there is no such case; 2 wrong usage; 3 no gateway, or
    it is too busy.
    退出码：0 已撤回；1 已办结，或无此办件；2 用法有误；3 网关无法连接或繁忙。

    :param case_id: The case's id, as the receipt has it. 办件编号，见受理回执
    :param reason: Why, in your own words. 撤回原因
    :param url: The gateway. 网关地址
    :param wait: Seconds to wait for the response; 0 not to wait. 等待出件的秒数，0 为不等待
    :param response: Keep the signed response in this file (XML). 统一出件存入此文件
    :param as_json: The status as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    from .requesting import request

    given = {"reason": reason}
    return asyncio.run(
        request(url, lambda client: client.ask(case_id, "withdrawal", given), wait, response, as_json=as_json)
    )
