"""`onewindow guide`: what a procedure asks for and what it promises."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .ending import DONE
from .options import Json, OptionalUrl

if TYPE_CHECKING:
    from ..service_guide import GuideList, ServiceGuide


def guide(
    procedure: Literal["import", "export"] | None = None,
    /,
    *,
    config: Path | None = None,
    url: OptionalUrl = None,
    as_json: Json = False,
) -> int:
    """Show the service guide: documents, steps, agencies, time limits, fees, legal basis, prohibited goods.

    It is that of the configuration that --config names; else of the gateway that --url or ONEWINDOW_URL names; else,
    without a gateway, of the defaults here.
    办事指南：材料、流程、部门、办理时限、收费、法律依据、禁止货物。
    依次取自 --config 的配置、--url 的网关或本机默认配置。

    :param procedure: import or export; without it the list of both. 流程，省略则列出全部
    :param config: A gateway's configuration file. 配置文件
    :param url: Ask this gateway. 网关地址
    :param as_json: One JSON document on standard output and nothing else. 以 JSON 输出
    """
    import msgspec

    from ..service_guide import GuideList
    from .console import stdout, write_json
    from .guide_view import show_guide, show_list

    if config is not None or url is None:
        found = _own(procedure, config)
        body = msgspec.json.encode(found)
    else:
        found, body = asyncio.run(_asked(procedure, url))
    if as_json:
        write_json(body)
    elif isinstance(found, GuideList):
        show_list(stdout(), found)
    else:
        show_guide(stdout(), found)
    return DONE


def _own(procedure: Literal["import", "export"] | None, config: Path | None) -> GuideList | ServiceGuide:
    """The guide of a configuration."""
    from ..service_guide import guide_list, service_guide
    from .starting import agencies, configured

    settings = configured(config)
    if procedure is None:
        return guide_list(settings, agencies())
    return service_guide(procedure, settings, agencies())


async def _asked(procedure: Literal["import", "export"] | None, url: str) -> tuple[GuideList | ServiceGuide, bytes]:
    """The guide of a gateway, read and as it came; what is no guide ends the command."""
    from ..service_guide import GuideList, ServiceGuide
    from .client import Client

    async with Client(url) as client:
        if procedure is None:
            return await client.guide("", GuideList)
        return await client.guide(procedure, ServiceGuide)
