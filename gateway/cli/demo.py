"""`onewindow demo`: one declaration through a real gateway, from submission to the verified response."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from .ending import DONE, NO, Stop


def demo(
    *,
    items: Annotated[int, Parameter(validator=Number(gte=1, lte=999))] = 3,
    type: Literal["IM", "EX"] = "IM",  # noqa: A002 - the option's name, as in `onewindow sample`
    keep: Path | None = None,
) -> int:
    """Show one declaration on its way through the window.

    A gateway starts on a free port of this machine, with its store in a temporary folder and fresh keys. A sample
    declaration goes in over HTTP, four reference agencies work on it side by side, one signed response comes out and
    is verified. Nothing is left behind. 在本机临时启动网关，演示一份申报单从提交到统一出件验签的全过程，不留痕迹。

    :param items: Number of goods items, 1 to 999; from 11 on two agencies want to see some of them. 商品项数
    :param type: IM import 进口 or EX export 出口.
    :param keep: A folder for the declaration, receipt, response and authority's certificate. 保存文件的文件夹
    """
    from tempfile import TemporaryDirectory

    from ...agencies.registry import UnusableAgency
    from ...codecs.messages.codes import DeclarationType
    from .demonstration import Demonstration
    from .log import log_to_stderr
    from .starting import unusable

    log_to_stderr("error")  # what happens is told in the demonstration's own words
    with TemporaryDirectory(prefix="onewindow-demo-") as folder:
        shown = Demonstration(Path(folder), items, DeclarationType(type), keep)
        try:
            asyncio.run(shown.run())
        except Stop as stop:
            raise Stop(NO, stop.code, stop.en, stop.zh, stop.findings) from stop
        except UnusableAgency as error:
            raise unusable(error) from error
    return DONE
