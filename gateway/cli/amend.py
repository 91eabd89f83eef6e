"""`onewindow amend`: a new revision of a declaration whose case is open."""

import asyncio
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from .options import File, Json, Url


def amend(
    case_id: str,
    file: File,
    /,
    *,
    url: Url = "http://127.0.0.1:8080",
    wait: Annotated[float, Parameter(validator=Number(gte=0))] = 30.0,
    response: Path | None = None,
    as_json: Json = False,
) -> int:
    """Replace the declaration of an open case; only agencies whose own message changes are asked again.

    变更未办结办件的申报单，仅向报文有变化的部门重新分发。

    Exit status: 0 taken, and decided and not refused or not decided yet; 1 refused, not valid, or the case does not
    allow it; 2 wrong usage; 3 no gateway, or it is too busy.
    退出码：0 已接受，已办结且未被拒绝或尚未办结；1 不予放行、申报单无效或办件状态不允许；2 用法有误；
    3 网关无法连接或繁忙。

    :param case_id: The case's id, as the receipt has it. 办件编号，见受理回执
    :param file: The whole declaration, XML or JSON; - is standard input. 整份申报单，- 为标准输入
    :param url: The gateway. 网关地址
    :param wait: Seconds to wait for the response; 0 not to wait. 等待出件的秒数，0 为不等待
    :param response: Keep the signed response in this file (XML). 统一出件存入此文件
    :param as_json: The status as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    from .document import read
    from .requesting import request

    given = read(file)
    return asyncio.run(
        request(url, lambda client: client.revise(case_id, "amendments", given), wait, response, as_json=as_json)
    )
