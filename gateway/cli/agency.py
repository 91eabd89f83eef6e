"""`onewindow agency`: the agencies that are installed, checking one, and answering in the place of one."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from .ending import DONE, USAGE, Stop
from .options import File, Json, Outcome, Url

agency = App(name="agency", help="The agencies that are installed. 部门")
agency.command(
    f"{__package__}.agency_run:run",
    name="run",
    help="Run a reference agency, to try a transport with. 运行参考部门",
)
agency.command(
    f"{__package__}.queue:queue",
    name="queue",
    help="List the messages that an agency has taken and that wait for a person to answer them. 待人工答复的报文",
)
agency.command(
    f"{__package__}.dead_letters:dead_letters",
    name="dead-letters",
    help="What agencies sent that is no answer: look into it, send again, answer, put aside. 死信",
)


@agency.command(name="list")
def list_agencies(*, config: Path | None = None, as_json: Json = False) -> int:
    """List the agencies. 列出各部门.

    Code, name, how each is reached and where, whether with a token, its time limit and calendar.

    列出各部门、传输方式及地址、是否使用令牌、办理时限和工作日历。

    :param config: The gateway's configuration file. 配置文件
    :param as_json: The list as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    import msgspec
    from rich.text import Text

    from ..unnamed import unnamed
    from .console import stdout, write_json
    from .console import table as new_table
    from .language import label
    from .starting import configured, tried_agencies
    from .terms import both

    settings = configured(config)
    rows: list[dict[str, object]] = []
    table = new_table(expand=False)
    table.add_column("Code\n代码", no_wrap=True)
    for heading in ("Agency\n部门", "Transport\n传输方式", "Time limit\n办理时限", "Calendar\n工作日历"):
        table.add_column(heading)
    known = tried_agencies()
    left_out = unnamed(settings, known)
    for code, found in known.items():
        own = settings.agency(code)
        limit = own.time_limit or found.time_limit
        with_token = own.token_file is not None
        rows.append(
            {
                "code": code,
                "name": found.name,
                "transport": own.transport,
                "url": own.url or None,
                "token": with_token,
                "time_limit_seconds": limit.total_seconds(),
                "calendar": own.calendar,
                "reference_desk": found.assess is not None,
                "named": code not in left_out,
            }
        )
        transport = f"{own.transport}\n{label('token 令牌')}" if with_token else own.transport
        name = both(found.name)
        if code in left_out:
            name = Text.assemble(name, "\n", label("not named in the configuration 配置未列明"))
        table.add_row(code, name, transport, words(limit), own.calendar)
    if as_json:
        write_json(msgspec.json.encode(rows))
        return DONE
    stdout().print(table)
    for row in rows:
        if row["url"]:
            stdout().print(f"{row['code']}  {row['url']}", style="quiet", markup=False, soft_wrap=True)
    return DONE


@agency.command
def new(
    name: str,
    /,
    *,
    folder: Path | None = None,
    en: str | None = None,
    zh: str | None = None,
    as_json: Json = False,
) -> int:
    """Make a package for a new agency. 生成新部门的软件包.

    It has message schema, split, rules, guide entry and tests, and works as it is.
    Nothing that is there already is overwritten.
    生成新部门的软件包：报文模式、分发、规则、办事指南和测试，不覆盖已有文件。

    :param name: The agency's code, such as port-health. 部门代码
    :param folder: A folder that does not exist yet; by default the code, in the working directory. 尚不存在的文件夹
    :param en: The agency's name in English. 部门名称（英文）
    :param zh: The agency's name in Chinese. 部门名称（中文）
    :param as_json: Folder and files as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    from .making import make_agency

    return make_agency(name, folder, (en, zh), as_json=as_json)


@agency.command
def check(
    code: str,
    /,
    *,
    declaration: Annotated[tuple[Path, ...], Parameter(negative=())] = (),
    patience: str = "30s",
    listen: str | None = None,
    config: Path | None = None,
    as_json: Json = False,
) -> int:
    """Send an agency test messages and report, line by line, whether it keeps the contract. 核查部门.

    Every message has an id that begins with CHECK-, and so has its reference: an agency can tell them from work.
    What it fetches, or brings later, it does at the gateway's address, where the check stands in for the gateway; on a
    bus it is answered at an address of the check's own, beside the gateway.
    通过传输方式向部门发送测试报文（编号均以 CHECK- 开头），逐项核查其是否符合约定；核查期间在网关地址代行网关职责；
    经总线时使用核查自有的返回地址，网关可照常运行。

    Exit status: 0 it keeps the contract; 1 it breaks something; 2 wrong usage.
    退出码：0 符合约定；1 有违反之处；2 用法有误。

    :param code: The agency's code. 部门代码
    :param declaration: A declaration to make messages of, beside the samples; may be given more than once. 自备申报单
    :param patience: How long to wait for any one answer, such as 30s. 每次等待答复的最长时间
    :param listen: Stand in for the gateway here (HOST:PORT), instead of at its own address. 代替网关地址
    :param config: The gateway's configuration file, which says how the agency is reached. 配置文件
    :param as_json: The report as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    from ...agencies.duration import parse_duration
    from .checking import Asked, check_agency
    from .log import log_to_stderr
    from .starting import configured

    waits = parse_duration(patience)
    if waits is None:
        raise Stop(USAGE, "patience", f"--patience {patience}: write 30s.", f"--patience {patience}：应写作 30s。")
    log_to_stderr("error")
    host, _, port = (listen or "").rpartition(":")
    given = {
        "gateway.host": ("--listen", host.strip("[]")),
        "gateway.port": ("--listen", int(port) if port.isdecimal() else port),
    }
    settings = configured(config, {} if listen is None else given)
    asked = Asked(files=declaration, patience=waits, listen=listen is not None)
    return check_agency(settings, code, asked, as_json=as_json)


@agency.command
def answer(
    code: str,
    message_id: str,
    /,
    *,
    outcome: Outcome | None = None,
    en: str | None = None,
    zh: str | None = None,
    reply: File | None = None,
    token_file: Path | None = None,
    url: Url = "http://127.0.0.1:8080",
) -> int:
    """Answer a message by hand: one that was left to a person, or an inspection's result. 人工答复.

    Give an outcome and words, or in a file all that a reply can hold: findings with their pointers, conditions with
    due dates, duties line by line, times for an inspection. XML is a whole reply as reply.xsd has it; JSON has the same
    names and may leave out MessageID, AgencyCode, AgencyReferenceID and DecisionDateTime.
    人工答复：部门已接收待人工办理的报文，或反馈查验结果。可填写结果和意见，也可用文件提供完整答复：带位置的意见、
    带期限的条件、逐项税费、查验时段。XML 须符合 reply.xsd；JSON 可省略报文编号、部门、受理编号和决定时间。

    Exit status: 0 taken; 1 not taken; 2 wrong usage; 3 no gateway, or it is too busy.
    退出码：0 已接受；1 未被接受；2 用法有误；3 网关无法连接或繁忙。

    :param code: The agency's code. 部门代码
    :param message_id: The message that is answered. 所答复的分发报文编号
    :param outcome: What the agency decided. 办理结果
    :param en: What it found, in English. 审核意见（英文）
    :param zh: What it found, in Chinese. 审核意见（中文）
    :param reply: A whole reply, XML or JSON, in place of these; - is standard input. 完整答复文件，- 为标准输入
    :param token_file: Holds the agency's token, where it has one. 部门令牌文件
    :param url: The gateway. 网关地址
    """
    from .answering import Answer, answer_by_hand

    return asyncio.run(answer_by_hand(url, code, message_id, Answer(outcome, en, zh, reply), token_file))


def words(limit: timedelta) -> str:
    """A time limit as the configuration writes it: `30m`, `2h`, `1d`."""
    seconds = int(limit.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
