"""`onewindow agency dead-letters`: what agencies sent that is no answer, and what an operator does about it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number

from .ending import DONE, NO, Stop
from .language import label
from .options import File, Json, Outcome, Url

if TYPE_CHECKING:
    from ..dead_letter import DeadLetter
    from .answering import Answer

State = Literal["open", "sent-again", "answered", "discarded"]

dead_letters = App(
    name="dead-letters", help="What agencies sent that is no answer: look into it, send again, answer, put aside. 死信"
)


@dead_letters.command(name="list")
def list_dead_letters(
    *,
    agency: str | None = None,
    state: State | None = None,
    limit: Annotated[int, Parameter(validator=Number(gte=1, lte=200))] = 50,
    url: Url = "http://127.0.0.1:8080",
    as_json: Json = False,
) -> int:
    """List dead letters, newest first. 列出死信.

    列出死信，最近的在前。

    :param agency: Only this agency's, by its code. 部门代码
    :param state: Only those that stand here. 死信状态
    :param limit: At most so many. 最多条数
    :param url: The gateway. 网关地址
    :param as_json: The list as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    asked = {"agency": agency, "state": state, "limit": str(limit)}
    return asyncio.run(_list(url, {name: value for name, value in asked.items() if value is not None}, as_json=as_json))


async def _list(url: str, asked: dict[str, str], *, as_json: bool) -> int:
    from .client import Client
    from .console import stdout, write_json
    from .dead_letters_view import show_list

    async with Client(url) as client:
        page, body = await client.dead_letters(asked)
    if as_json:
        write_json(body)
    else:
        show_list(stdout(), page.dead_letters, more=page.next_cursor is not None)
    return DONE


@dead_letters.command
def show(
    letter_id: str,
    /,
    *,
    raw: File | None = None,
    url: Url = "http://127.0.0.1:8080",
    as_json: Json = False,
) -> int:
    """Show a dead letter, how its message stands, and the beginning of what came. 查看死信.

    查看死信、所涉分发报文的现状及原始内容（控制字符已转义）。

    :param letter_id: The dead letter's id. 死信编号
    :param raw: Write what came to this file, byte for byte; - is standard output. 原样写入文件，- 为标准输出
    :param url: The gateway. 网关地址
    :param as_json: The dead letter as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    return asyncio.run(_show(url, letter_id, raw, as_json=as_json))


async def _show(url: str, letter_id: str, raw: Path | None, *, as_json: bool) -> int:
    from .client import Client
    from .console import stdout, write_bytes, write_json
    from .dead_letters_view import show_evidence, show_letter
    from .saving import save

    async with Client(url) as client:
        shown, document = await client.dead_letter(letter_id)
        body = b"" if as_json and raw is None else await client.evidence(letter_id)
    if raw == Path("-"):
        write_bytes(body)
        return DONE
    if as_json:
        write_json(document)
    else:
        show_letter(stdout(), shown)
        show_evidence(stdout(), body)
    if raw is not None:
        save(raw, body, label("Evidence 原始内容"))
    return DONE


@dead_letters.command
def resend(letter_id: str, /, *, url: Url = "http://127.0.0.1:8080", as_json: Json = False) -> int:
    """Send the message of a dead letter again, now and under its id. 重新分发.

    立即以原编号重新分发死信所涉报文。

    Exit status: 0 on its way; 1 it is not awaited any more, or there is no such letter; 2 wrong usage; 3 no gateway.
    退出码：0 已重新分发；1 无需重新分发或无此死信；2 用法有误；3 无法连接网关。

    :param letter_id: The dead letter's id. 死信编号
    :param url: The gateway. 网关地址
    :param as_json: The dead letter as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    return asyncio.run(_settle(url, letter_id, "resend", None, as_json=as_json))


@dead_letters.command
def discard(letter_id: str, /, *, note: str, url: Url = "http://127.0.0.1:8080", as_json: Json = False) -> int:
    """Put a dead letter aside. 搁置死信.

    Its message goes on being tried if its case awaits it.

    搁置死信，所涉分发报文不受影响。

    :param letter_id: The dead letter's id. 死信编号
    :param note: Why. 备注
    :param url: The gateway. 网关地址
    :param as_json: The dead letter as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    return asyncio.run(_settle(url, letter_id, "discard", {"note": note}, as_json=as_json))


async def _settle(url: str, letter_id: str, what: Literal["resend", "discard"], given: object, *, as_json: bool) -> int:
    from .client import Client
    from .console import stderr, write_json

    async with Client(url) as client:
        shown, body = await client.settle_dead_letter(letter_id, what, given)
    if as_json:
        write_json(body)
    elif what == "resend":
        stderr().print(f"{label('Sent again 已重新分发')}  {shown.letter.message_id}", style="quiet", soft_wrap=True)
    else:
        stderr().print(f"{label('Put aside 已搁置')}  {letter_id}", style="quiet", soft_wrap=True)
    return DONE


@dead_letters.command
def answer(
    letter_id: str,
    /,
    *,
    outcome: Outcome | None = None,
    en: str | None = None,
    zh: str | None = None,
    reply: File | None = None,
    token_file: Path | None = None,
    url: Url = "http://127.0.0.1:8080",
) -> int:
    """Answer by hand the message that a dead letter is about, in the agency's place. 人工答复.

    人工答复死信所涉分发报文。

    Exit status: 0 taken; 1 not taken, or there is no such letter; 2 wrong usage; 3 no gateway, or it is too busy.
    退出码：0 已接受；1 未被接受或无此死信；2 用法有误；3 网关无法连接或繁忙。

    :param letter_id: The dead letter's id. 死信编号
    :param outcome: What the agency decided. 办理结果
    :param en: What it found, in English. 审核意见（英文）
    :param zh: What it found, in Chinese. 审核意见（中文）
    :param reply: A whole reply, XML or JSON, in place of these; - is standard input. 完整答复文件，- 为标准输入
    :param token_file: Holds the agency's token, where it has one. 部门令牌文件
    :param url: The gateway. 网关地址
    """
    from .answering import Answer

    return asyncio.run(_answer(url, letter_id, Answer(outcome, en, zh, reply), token_file))


async def _answer(url: str, letter_id: str, answer: Answer, token_file: Path | None) -> int:
    from .answering import answer_by_hand
    from .client import Client

    async with Client(url) as client:
        shown, _ = await client.dead_letter(letter_id)
    message_id = _answerable(shown.letter)
    return await answer_by_hand(url, shown.letter.agency, message_id, answer, token_file)


def _answerable(letter: DeadLetter) -> str:
    """The message that a dead letter is about. Raises Stop where it is about none."""
    if letter.message_id is None:
        en, zh = "What came names no message that could be answered.", "该死信未指明任何分发报文，无法答复。"
        raise Stop(NO, "message-unknown", en, zh)
    return letter.message_id
