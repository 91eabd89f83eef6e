"""`onewindow agency run`: a reference agency as a process of its own."""

import asyncio
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from .ending import DONE
from .options import Url

Transport = Literal["http", "mailbox", "nats"]
Kind = Literal["declaration", "inspection-order"]


def run(
    code: str,
    /,
    *,
    transport: Transport = "http",
    ledger: Path | None = None,
    by_hand: Annotated[tuple[Kind, ...], Parameter(consume_multiple=True, negative=())] = (),
    token_file: Path | None = None,
    host: str = "127.0.0.1",
    port: Annotated[int, Parameter(validator=Number(gte=0, lte=65535))] = 0,
    certificate: Path | None = None,
    private_key: Path | None = None,
    ca: Path | None = None,
    url: Url = "http://127.0.0.1:8080",
    bus: str = "nats://127.0.0.1:4222",
    credentials: Path | None = None,
) -> int:
    """Run a reference agency until it is told to stop: it answers what it is sent by its reference rules.

    What it took and answered is in its ledger, on disk before anybody hears of it, so it may be killed at any time.
    运行参考部门，按参考规则答复所收报文，直至停止。台账先写入磁盘再对外答复，可随时强行终止。

    Exit status: 0 stopped; 1 it can't be run like this; 2 wrong usage. 退出码：0 已停止；1 无法运行；2 用法有误。

    :param code: The agency's code. 部门代码
    :param transport: How it is reached: http listens, mailbox fetches, nats takes from the bus. 传输方式
    :param ledger: The file of its ledger; without it CODE.ledger.db. 台账文件，默认为 CODE.ledger.db
    :param by_hand: What it only takes, for a person to answer. 仅接收、留待人工答复的报文类别
    :param token_file: Holds the bearer token that window and agency show each other. 令牌文件
    :param host: With http, the address to listen at. 监听地址（http）
    :param port: With http, the port to listen at; 0 takes any free one. 监听端口（http），0 为任意空闲端口
    :param certificate: With http and nats, its certificate (PEM), for TLS. 证书（http、nats，PEM）
    :param private_key: With http and nats, the certificate's key (PEM). 私钥（http、nats，PEM）
    :param ca: The authority (PEM) of callers' certificates; with nats, of the server's. 对方证书的签发机构（PEM）
    :param url: With mailbox, the gateway. 网关地址（mailbox）
    :param bus: With nats, the server: nats://HOST:PORT or tls://HOST:PORT. 总线地址（nats）
    :param credentials: With nats, a NATS credentials file. 凭证文件（nats）
    """
    from .log import log_to_stderr
    from .reference_agency import Place, run_agency

    log_to_stderr("info")
    place = Place(
        transport=transport,
        ledger=ledger or Path(f"{code}.ledger.db"),
        by_hand=frozenset(by_hand),
        token_file=token_file,
        host=host,
        port=port,
        certificate=certificate,
        private_key=private_key,
        ca=ca,
        url=url,
        bus=bus,
        credentials=credentials,
    )
    asyncio.run(run_agency(code, place))
    return DONE
