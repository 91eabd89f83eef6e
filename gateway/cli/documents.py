"""`onewindow document`: documents on file, which declarations refer to by their digest."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from .ending import DONE, USAGE, Stop
from .language import label
from .options import Json, Url

if TYPE_CHECKING:
    from ..store.register import OnFile

document = App(name="document", help="Documents on file, for declarations to refer to. 存档单证")


@document.command
def add(
    file: Path,
    /,
    *,
    type: str,  # noqa: A002 - what the schema calls it
    id: str,  # noqa: A002 - what the schema calls it
    owner: str,
    expires: str | None = None,
    share: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    media_type: str | None = None,
    url: Url = "http://127.0.0.1:8080",
    as_json: Json = False,
) -> int:
    """Put a document on file. 单证存档.

    The same file again is no harm; what is said of it last holds.

    单证存档。重复存档无影响，各项信息以最后一次为准。

    Exit status: 0 on file; 1 not taken; 2 wrong usage; 3 no gateway, or it is too busy.
    退出码：0 已存档；1 未予存档；2 用法有误；3 网关无法连接或繁忙。

    :param file: The document, a scan say. 单证文件
    :param type: What it is, a code of the list DocumentType: 705 is a bill of lading. 单证类别代码，如 705 提单
    :param id: The document's own number. 单证编号
    :param owner: The party whose document it is, by its identifier. 存档方企业编号
    :param expires: Until when it holds, such as 2027-01-04T23:59:59+08:00. 有效期至
    :param share: A party that may refer to it too; may be given again. 可一并引用的企业编号，可重复
    :param media_type: By default what the file's name ends in says. 媒体类型，默认按文件扩展名
    :param url: The gateway. 网关地址
    :param as_json: The entry as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    from ..document_media_types import ENDINGS, guessed

    kind = media_type or guessed(file)
    if kind is None:
        endings = " ".join(ending for each in ENDINGS.values() for ending in each)
        en = f"{file}: the name does not say what it is ({endings}); say it with --media-type."
        zh = f"{file}：无法从扩展名判断媒体类型（{endings}），请用 --media-type 指定。"
        raise Stop(USAGE, "media-type", en, zh)
    stated = {"owner": owner, "type_code": type, "id": id}
    if expires is not None:
        stated["expires_at"] = expires
    if share:
        stated["shared_with"] = ",".join(share)
    return asyncio.run(_add(file, kind, stated, url, as_json=as_json))


async def _add(file: Path, media_type: str, stated: dict[str, str], url: str, *, as_json: bool) -> int:
    from .client import Client
    from .console import stdout, write_json
    from .transfer import sending

    async with Client(url) as client:
        with sending(file, quiet=as_json) as outgoing:
            entry, body = await client.put_document(stated, media_type, outgoing)
    if as_json:
        write_json(body)
        return DONE
    console = stdout()
    console.print(
        f"{label('On file 已存档')}  {entry.type_code} {entry.id}, {entry.bytes} bytes", markup=False, soft_wrap=True
    )
    console.print(entry.digest, markup=False, soft_wrap=True)
    console.print(label("A declaration refers to it so 在申报单中引用："), style="quiet")
    console.print(
        f"<AdditionalDocument><TypeCode>{entry.type_code}</TypeCode><ID>{entry.id}</ID>"
        f"<Digest>{entry.digest}</Digest></AdditionalDocument>",
        style="quiet",
        markup=False,
        soft_wrap=True,
    )
    return DONE


@document.command(name="list")
def list_documents(
    *,
    owner: str | None = None,
    limit: Annotated[int, Parameter(validator=Number(gte=1, lte=200))] = 50,
    url: Url = "http://127.0.0.1:8080",
    as_json: Json = False,
) -> int:
    """List documents on file, newest first. 列出存档单证.

    列出存档单证，最近存档的在前。

    :param owner: Only this party's. 存档方企业编号
    :param limit: At most so many. 最多条数
    :param url: The gateway. 网关地址
    :param as_json: The list as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    return asyncio.run(_list(owner, limit, url, as_json=as_json))


async def _list(owner: str | None, limit: int, url: str, *, as_json: bool) -> int:
    from .client import Client
    from .console import write_json

    async with Client(url) as client:
        page, body = await client.documents(owner, limit)
    if as_json:
        write_json(body)
    else:
        _show(page.documents, more=page.next_cursor is not None)
    return DONE


def _show(entries: tuple[OnFile, ...], *, more: bool) -> None:
    """Two lines for each: a digest is to be copied, and no table of 80 columns has room for one."""
    from .console import stdout
    from .moments import moment

    console = stdout()
    for entry in entries:
        end = "" if entry.expires_at is None else f", {label('valid until 有效期至')} {moment(entry.expires_at)}"
        line = f"{entry.type_code} {entry.id}, {entry.bytes} {label('bytes, owner 存档方')} {entry.owner}{end}"
        console.print(line, markup=False, soft_wrap=True)
        console.print(f"    {entry.digest}", style="quiet", markup=False, soft_wrap=True)
    if not entries:
        console.print(label("There are none 无存档单证"), style="quiet")
    if more:
        console.print(label("There are more; see --limit and --owner. 未全部列出"), style="quiet", markup=False)


@document.command
def get(
    digest: str,
    /,
    *,
    output: Annotated[Path, Parameter(name=("--output", "-o"))],
    url: Url = "http://127.0.0.1:8080",
    as_json: Json = False,
) -> int:
    """Fetch a document on file into a file. 获取存档文件.

    It is written only if the bytes are those of the digest.

    获取存档文件，摘要相符方予写入。

    :param digest: The document's digest, sha256:... 文件摘要
    :param output: The file to write. 写入的文件
    :param url: The gateway. 网关地址
    :param as_json: What was written, as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    return asyncio.run(_get(digest, output, url, as_json=as_json))


async def _get(digest: str, output: Path, url: str, *, as_json: bool) -> int:
    import msgspec

    from .client import Client
    from .console import stderr, write_json
    from .transfer import receiving

    async with Client(url) as client:
        with receiving(output, digest, quiet=as_json) as incoming:
            media_type = await client.fetch_document(digest, incoming)
    if as_json:
        written = {"digest": digest, "file": str(output), "bytes": incoming.size, "media_type": media_type}
        write_json(msgspec.json.encode(written))
    else:
        stderr().print(f"{label('Document 存档文件')}  {output}", style="quiet", markup=False)
    return DONE
