"""`onewindow deliver`: a document that was to follow."""

import asyncio
from typing import Annotated

from cyclopts import Parameter

from .options import File, Json, Url


def deliver(
    case_id: str,
    file: File,
    /,
    *,
    type_code: Annotated[str, Parameter(name="--type")],
    number: str,
    url: Url = "http://127.0.0.1:8080",
    as_json: Json = False,
) -> int:
    """Give a document that was to follow, by the digest of its bytes.

    补交容缺单证，以其内容的 SHA-256 摘要为凭。

    Exit status: 0 taken; 1 the case does not allow it, or there is no such case; 2 wrong usage; 3 no gateway, or it is
    too busy.
    退出码：0 已接受；1 办件状态不允许，或无此办件；2 用法有误；3 网关无法连接或繁忙。

    :param case_id: The case's id, as the receipt has it. 办件编号，见受理回执
    :param file: The document; - is standard input. 单证文件，- 为标准输入
    :param type_code: Its type's code, as declared. 单证类型代码，同申报单
    :param number: Its own number, as declared. 单证编号，同申报单
    :param url: The gateway. 网关地址
    :param as_json: The status as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    from .document import digest_of
    from .requesting import settle

    given = {"type_code": type_code, "id": number, "digest": digest_of(file)}
    return asyncio.run(settle(url, lambda client: client.ask(case_id, "documents", given), as_json=as_json))
