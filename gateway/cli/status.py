"""`onewindow status`: where a case stands."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from .ending import DONE, NO, USAGE, Stop
from .language import label, said
from .options import Json, Url

if TYPE_CHECKING:
    from ..status import Status
    from .client import Client


def status(
    case_id: str | None = None,
    /,
    *,
    reference: str | None = None,
    declarant: str | None = None,
    follow: Annotated[bool, Parameter(negative=())] = False,
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative=())] = False,
    url: Url = "http://127.0.0.1:8080",
    as_json: Json = False,
) -> int:
    """Show where a case stands, agency by agency.

    查看办件在各部门的办理情况，办结的一并显示统一出件。

    Exit status: 0 not decided yet, or decided and not refused; 1 refused, or no such case; 2 wrong usage; 3 no gateway.
    退出码：0 尚未办结，或已办结且未被拒绝；1 不予放行，或无此办件；2 用法有误；3 无法连接网关。

    :param case_id: The case's id, as the receipt has it. 办件编号，见受理回执
    :param reference: In place of the id, the reference that its declarant gave it. 业务编号，代替办件编号
    :param declarant: Whose reference, where several have used the same. 申报人，用于区分相同的业务编号
    :param follow: Watch until it is decided, or waits for you or an inspection. 持续查看直至办结、待补正或待查验
    :param verbose: Also which documents are on file. 另列存档单证
    :param url: The gateway. 网关地址
    :param as_json: The status as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    if (case_id is None) == (reference is None) or (case_id is not None and declarant is not None):
        en, zh = (
            "Give a case's id, or --reference, with --declarant perhaps. See onewindow status --help.",
            "请填写办件编号，或 --reference（可另填 --declarant）。用法见 onewindow status --help。",
        )
        raise Stop(USAGE, "usage", en, zh)
    named = case_id if case_id is not None else (reference or "", declarant)
    return asyncio.run(_status(named, url, watch=follow, verbose=verbose, as_json=as_json))


async def _status(named: str | tuple[str, str | None], url: str, *, watch: bool, verbose: bool, as_json: bool) -> int:
    from .client import Client
    from .console import stdout, write_json
    from .following import follow

    async with Client(url) as client:
        case_id = named if isinstance(named, str) else await _found(client, *named)
        if watch:
            await client.status(case_id)  # a case that does not exist has no events to wait for
            await follow(client, case_id, None, quiet=as_json)
        found, body = await client.status(case_id)
        document = await client.response(case_id) if found.outcome is not None and not as_json else None
    ended = NO if found.outcome == "refused" else DONE
    if as_json:
        write_json(body)
        return ended
    _show(found)
    if verbose:
        from .case_details import show_details

        show_details(found)
    if document is not None:
        from ...codecs import RESPONSE
        from .response_view import show_response

        show_response(stdout(), RESPONSE.decode_xml(document))
    return ended


async def _found(client: Client, reference: str, declarant: str | None) -> str:
    """The id of the case with this reference. Raises Stop where there is none, or where several declarants have one."""
    asked = {"reference": reference, **({} if declarant is None else {"declarant": declarant})}
    cases = (await client.cases(asked)).declarations
    if not cases:
        en, zh = f"There is no case with the reference {reference}.", f"没有业务编号为 {reference} 的办件。"
        raise Stop(NO, "not-found", en, zh)
    if len(cases) > 1:
        whose = ", ".join(f"{each.declarant} ({each.id})" for each in cases)
        en = f"Several declarants have used the reference {reference}: {whose}; say whose with --declarant."
        zh = f"多个申报人使用了业务编号 {reference}：{whose}；请用 --declarant 指定。"
        raise Stop(USAGE, "reference-ambiguous", en, zh)
    return cases[0].id


def _show(found: Status) -> None:
    from .agencies_view import agencies_table, lanes
    from .case_details import show_messages
    from .case_view import TIME_ENDS, show_asked, show_failures, show_unasked, show_waiting
    from .console import stdout
    from .moments import moment
    from .settlement_view import settlement_table
    from .terms import CASES, agency_names, term

    console = stdout()
    console.print(f"{label('Case 办件')} {found.id}", markup=False)
    if found.test:
        console.print(label("Taken in test mode 测试模式受理"), style="mixed")
    words = term(CASES, found.status)
    console.print(
        f"{found.reference}, {label('received 受理于')} {moment(found.received_at)}:", words.text(), soft_wrap=True
    )
    if found.due_at is not None:
        console.print(f"{said(TIME_ENDS.en, TIME_ENDS.zh)} {moment(found.due_at)}", markup=False)
    console.print()
    console.print(agencies_table(lanes(found), found.elapsed_seconds))
    console.print()
    show_messages(found)
    settlement = settlement_table(found)
    if settlement.row_count:
        console.print(settlement)
        console.print()
    if found.status == "awaiting-trader":
        show_asked(console, found)
    if found.waiting is not None:
        show_waiting(console, found.waiting)
    if found.outcome is None:  # a response says it by itself
        show_unasked(console, found)
        show_failures(console, found)
    overdue = agency_names(agency.code for agency in found.agencies if agency.overdue)
    if overdue:
        console.print(f"{label('Overdue 超时')}  {overdue}", style="bad", markup=False)
