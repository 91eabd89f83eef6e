"""`onewindow rate`: how well a case was handled."""

import asyncio
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from .options import Json, Url


def rate(
    case_id: str,
    score: Annotated[int, Parameter(validator=Number(gte=1, lte=5))],
    /,
    *,
    comment: str | None = None,
    url: Url = "http://127.0.0.1:8080",
    as_json: Json = False,
) -> int:
    """Rate how a decided case was handled, from 1 (very poor) to 5 (very good), once.

    办结后评价一次，1（很差）至 5（很好）。

    Exit status: 0 taken; 1 the case does not allow it, or there is no such case; 2 wrong usage; 3 no gateway, or it is
    too busy.
    退出码：0 已接受；1 办件状态不允许，或无此办件；2 用法有误；3 网关无法连接或繁忙。

    :param case_id: The case's id, as the receipt has it. 办件编号，见受理回执
    :param score: From 1 to 5. 评分
    :param comment: In your own words. 评语
    :param url: The gateway. 网关地址
    :param as_json: The status as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    from .requesting import settle

    given = {"score": score} if comment is None else {"score": score, "comment": comment}
    return asyncio.run(settle(url, lambda client: client.ask(case_id, "rating", given), as_json=as_json))
