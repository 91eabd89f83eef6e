"""`onewindow submit`: a declaration goes in, the signed response comes out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from .ending import DONE, NO, USAGE, Stop
from .language import label
from .options import File, Json, Url

if TYPE_CHECKING:
    from .client import Taken


def submit(
    file: File,
    /,
    *,
    url: Url = "http://127.0.0.1:8080",
    wait: Annotated[float, Parameter(validator=Number(gte=0))] = 30.0,
    receipt: Path | None = None,
    response: Path | None = None,
    dry_run: Annotated[bool, Parameter(negative=())] = False,
    batch: Annotated[bool, Parameter(negative=())] = False,
    report: Path | None = None,
    as_json: Json = False,
) -> int:
    """Submit a declaration, watch the agencies at work, show the response.

    A response that is not there in time is no failure: the receipt is the gateway's promise that it will come.
    提交申报单，显示各部门办理情况和统一出件；未按时办结不算失败，受理回执即为承诺。

    Exit status: 0 decided and not refused, or taken and not decided yet; 1 refused, not valid, or the reference is used
    for another declaration; 2 wrong usage; 3 no gateway, or it is too busy.
    退出码：0 已办结且未被拒绝，或尚未办结；1 不予放行、申报单无效或业务编号已被使用；2 用法有误；3 网关无法连接或繁忙。

    :param file: The declaration, XML or JSON; - is standard input. 申报单，- 为标准输入
    :param url: The gateway. 网关地址
    :param wait: Seconds to wait for the response; 0 for the receipt only. 等待出件的秒数，0 为只取受理回执
    :param receipt: Keep the receipt in this file (JSON). 受理回执存入此文件
    :param response: Keep the signed response in this file (XML). 统一出件存入此文件
    :param dry_run: Only say what would become of it; nothing is stored or sent. 试申报，不存储、不分发
    :param batch: FILE has a declaration in JSON on each line, and each is answered by a line. 批量提交，每行一份
    :param report: With --batch: tell in this file (.csv, .ndjson) what became of each line and why it waits. 逐行报告
    :param as_json: Receipt, status and response as one JSON document and nothing else. 以 JSON 输出
    """
    if batch:
        if receipt is not None or response is not None or as_json:
            raise Stop(
                USAGE,
                "usage",
                "--batch writes a line of JSON for each declaration; --json, --receipt and --response are for one.",
                "--batch 逐行输出 JSON 结果；--json、--receipt、--response 仅用于单份申报单。",
            )
        from .batch import submit_batch

        return submit_batch(file, url, dry_run=dry_run, report=report, wait=wait)
    if report is not None:
        raise Stop(USAGE, "usage", "--report is for a batch: add --batch.", "--report 仅用于批量提交，请加 --batch。")
    if dry_run:
        return asyncio.run(_dry_run(file, url, as_json=as_json))
    return asyncio.run(_submit(file, url, wait, receipt, response, as_json=as_json))


async def _dry_run(file: Path, url: str, *, as_json: bool) -> int:
    from .client import Client
    from .console import write_json
    from .document import read
    from .dry_run_view import show_dry_run

    given = read(file)
    async with Client(url) as client:
        found, body = await client.dry_run(given)
    if as_json:
        write_json(body)
    else:
        show_dry_run(found)
    conflict = found.reference_used is not None and found.reference_used.conflict
    return NO if conflict or found.outcome == "refused" else DONE


async def _submit(
    file: Path, url: str, wait: float, receipt: Path | None, response: Path | None, *, as_json: bool
) -> int:
    from .case_view import show_decided, show_open
    from .client import Client
    from .console import stderr
    from .document import read
    from .following import follow
    from .saving import save

    given = read(file)
    async with Client(url) as client:
        taken = await client.submit(given)
        case_id = taken.receipt.id
        if receipt is not None:
            save(receipt, taken.body, label("Receipt 受理回执"))
        words = label("was taken before 此前已受理") if taken.replay else label("taken 已受理")
        stderr().print(f"Declaration {taken.receipt.reference} {words}: case {case_id}", markup=False, soft_wrap=True)
        if wait:
            status = await follow(client, case_id, wait, quiet=as_json)
        else:
            status, _ = await client.status(case_id)
        document = await client.response(case_id) if status.outcome is not None else None
        body = (await client.status(case_id))[1] if as_json else b""
    if response is not None and document is not None:
        save(response, document, label("Response 统一出件"))
    if as_json:
        _write_json(taken, body, document)
    elif document is None:
        show_open(status, url)
    else:
        show_decided(status, document, url, saved=response is not None)
    return NO if status.outcome == "refused" else DONE


def _write_json(taken: Taken, body: bytes, document: bytes | None) -> None:
    import msgspec

    from ...codecs import RESPONSE
    from ..status import Status
    from .console import write_json

    status = msgspec.json.decode(body, type=Status)
    answer = {
        "id": status.id,
        "reference": status.reference,
        "status": status.status,
        "outcome": status.outcome,
        "replay": taken.replay,
        "elapsed_seconds": status.elapsed_seconds,
        "receipt": msgspec.Raw(taken.body),
        "response": None if document is None else msgspec.Raw(RESPONSE.encode_json(RESPONSE.decode_xml(document))),
    }
    write_json(msgspec.json.encode(answer))
