"""`onewindow webhook`: have events delivered to a URL."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from .ending import DONE, NO
from .language import label, said
from .options import Cursor, Json, Url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..webhook import WebhookStatus

webhook = App(name="webhook", help="Have events delivered to a URL. 推送订阅")


@webhook.command
def add(
    to: str,
    /,
    *,
    declarant: str | None = None,
    event: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    after: Cursor = "now",
    url: Url = "http://127.0.0.1:8080",
    as_json: Json = False,
) -> int:
    """Have events sent to a URL, each as a signed JSON document. 新增推送订阅.

    The secret is shown this once.

    将事件逐一以签名的 JSON 文档推送至指定地址，密钥仅显示这一次。

    :param to: Where to send them, such as http://127.0.0.1:9000/onewindow. 推送地址
    :param declarant: Only cases of this declarant. 仅限该申报人
    :param event: Only events of this name, such as decided; may be given more than once. 仅限该名称的事件，可重复给出
    :param after: Only events after this cursor; now for what is still to come, 0-0 for all. 起始游标
    :param url: The gateway. 网关地址
    :param as_json: The webhook as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    wish = {"url": to, "declarant": declarant, "events": event, "after": after}
    return asyncio.run(_add(wish, url, as_json=as_json))


async def _add(wish: Mapping[str, object], url: str, *, as_json: bool) -> int:
    from .client import Client
    from .console import stdout, write_json

    async with Client(url) as client:
        made, body = await client.add_webhook(wish)
    if as_json:
        write_json(body)
        return DONE
    stdout().print(f"{label('Webhook 推送订阅')}  {made.id}", markup=False)
    stdout().print(f"{label('Secret 密钥')}       {made.secret}", markup=False, soft_wrap=True)
    stdout().print(label("Keep the secret: it is not shown again. 请妥善保存密钥，不再显示。"), style="quiet")
    return DONE


@webhook.command(name="list")
def list_webhooks(*, url: Url = "http://127.0.0.1:8080", as_json: Json = False) -> int:
    """List all webhooks: where they lead, how far they are, and what is wrong. 列出推送订阅.

    列出全部推送订阅及其进度与故障。

    :param url: The gateway. 网关地址
    :param as_json: The list as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    return asyncio.run(_list(url, as_json=as_json))


async def _list(url: str, *, as_json: bool) -> int:
    from .client import Client
    from .console import stdout, write_json
    from .language import label

    async with Client(url) as client:
        found, body = await client.webhooks()
    if as_json:
        write_json(body)
        return DONE
    console = stdout()
    for each in found.webhooks:
        wanted = ", ".join(each.events) or label("all 全部")
        declarant = "" if each.declarant is None else f", {each.declarant}"
        console.print(each.id, style="term", soft_wrap=True)
        console.print(f"  {each.url}  {label('events 事件')} {wanted}{declarant}", soft_wrap=True)
        counted = f"{label('delivered 已推送')} {each.deliveries}, {label('cursor 游标')} {each.cursor}"
        console.print(f"  {counted}  {_state(each)}", soft_wrap=True)
    if not found.webhooks:
        console.print(label("There are none 无推送订阅"), style="quiet")
    return DONE


def _state(each: WebhookStatus) -> str:
    if each.switched_off_at is not None and each.last_error is not None:
        words = each.last_error.message
        since = f"{label('off since 停用于')} {each.switched_off_at.astimezone():%m-%d %H:%M:%S}"
        return f"{since}\n{said(words.en, words.zh, chr(10))}"
    if each.last_error is None:
        return (
            label("up to date 已同步") if each.lag_seconds == 0 else f"{each.lag_seconds:.0f} {label('s behind 滞后')}"
        )
    again = (
        "" if each.next_attempt_at is None else f", {label('again 重试')} {each.next_attempt_at.astimezone():%H:%M:%S}"
    )
    why = each.last_error.message
    return f"{each.failures} x {said(why.en, why.zh)}{again}"


@webhook.command
def remove(webhook_id: str, /, *, url: Url = "http://127.0.0.1:8080") -> int:
    """End a webhook: nothing is sent to it any more. 取消推送订阅.

    取消推送订阅。

    :param webhook_id: The webhook's id. 推送订阅编号
    :param url: The gateway. 网关地址
    """
    return asyncio.run(_remove(webhook_id, url))


async def _remove(webhook_id: str, url: str) -> int:
    from .client import Client
    from .console import stderr

    async with Client(url) as client:
        await client.remove_webhook(webhook_id)
    stderr().print(f"{label('Ended 已取消')}  {webhook_id}", style="quiet", markup=False)
    return DONE


@webhook.command
def resend(webhook_id: str, /, *, after: Cursor, url: Url = "http://127.0.0.1:8080", as_json: Json = False) -> int:
    """Send a webhook everything after a cursor again, under the ids that it had. 自游标之后重新推送.

    One that its subscriber has switched off (410) is on again. 自游标之后重新推送，webhook-id 不变；已停用的恢复推送。

    :param webhook_id: The webhook's id. 推送订阅编号
    :param after: The cursor: 0-0 for everything, the webhook's own to try again at once. 游标，0-0 为全部
    :param url: The gateway. 网关地址
    :param as_json: The webhook as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    return asyncio.run(_resend(webhook_id, after, url, as_json=as_json))


async def _resend(webhook_id: str, after: str, url: str, *, as_json: bool) -> int:
    from .client import Client
    from .console import stdout, write_json

    async with Client(url) as client:
        found, body = await client.resend(webhook_id, after)
    if as_json:
        write_json(body)
    else:
        stdout().print(f"{label('Sent again from 重新推送自')}  {found.cursor}", markup=False)
    return DONE


@webhook.command(name="test")
def send_test(webhook_id: str, /, *, url: Url = "http://127.0.0.1:8080", as_json: Json = False) -> int:
    """Send a webhook one signed document that is no event, and tell what came of it. 发送测试文档.

    发送一份测试文档，并告知结果。

    Exit status: 0 it was taken; 1 it was not, or there is no such webhook; 2 wrong usage; 3 no gateway.
    退出码：0 已接收；1 未接收，或无此订阅；2 用法有误；3 无法连接网关。

    :param webhook_id: The webhook's id. 推送订阅编号
    :param url: The gateway. 网关地址
    :param as_json: What came of it as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    return asyncio.run(_send_test(webhook_id, url, as_json=as_json))


async def _send_test(webhook_id: str, url: str, *, as_json: bool) -> int:
    from .client import Client
    from .console import stdout, write_json

    async with Client(url) as client:
        found, body = await client.test_webhook(webhook_id)
    if as_json:
        write_json(body)
    elif found.error is None:
        stdout().print(label("taken 已接收"), style="good")
    else:
        why = found.error.message
        stdout().print(said(f"not taken: {why.en}", f"未接收：{why.zh}"), style="bad", markup=False)
    return DONE if found.delivered else NO
