"""`onewindow simulate`: six counters against the window."""

import asyncio
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from .ending import DONE, NO, Stop
from .options import Json


def simulate(
    *,
    declarations: Annotated[int, Parameter(validator=Number(gte=1, lte=100_000))] = 500,
    per_hour: Annotated[float, Parameter(validator=Number(gt=0, lte=10_000))] = 30.0,
    seed: Annotated[int, Parameter(validator=Number(gte=0))] = 1,
    through: Annotated[int, Parameter(validator=Number(gte=0, lte=1000))] = 40,
    speed: Annotated[float, Parameter(validator=Number(gte=1, lte=3600))] = 600.0,
    plot: Path | None = None,
    config: Path | None = None,
    as_json: Json = False,
) -> int:
    """Do the same declarations at six counters and by the window, with the same times at agencies, and compare.

    The counters' queues are simulated; so are the agencies' in the window, to which the gateway's own measured time is
    added. The first declarations also go through a real gateway in this process, faster than life, to show that the
    simulation of the window holds. 以相同的申报和部门用时，对比六个柜台逐一办理与单一窗口并联办理。

    :param declarations: How many. 申报份数
    :param per_hour: Submitted an hour, at times that chance has chosen. 每小时申报份数
    :param seed: Of all that is drawn; the same seed draws the same. 随机种子
    :param through: How many of them also go through a real gateway. 实际经网关办理的份数
    :param speed: How many times faster than life they do. 加速倍数
    :param plot: An SVG file to draw the times into. 图形文件（SVG）
    :param config: A gateway's configuration: its agencies' latencies and `after` are taken. 配置文件
    :param as_json: The result as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    from datetime import UTC, datetime

    from ..simulation import Settings, run
    from ..simulation import plot as drawn
    from .log import log_to_stderr
    from .saving import save
    from .simulation_view import show, write
    from .starting import configured, tried_agencies

    tried_agencies()  # one that can't be used is told now, not from within
    log_to_stderr("error")
    settings = Settings(
        declarations=declarations, per_hour=per_hour, seed=seed, through=min(through, declarations), speed=speed
    )
    try:
        result = asyncio.run(run(settings, configured(config), datetime.now(UTC)))
    except TimeoutError as error:
        raise Stop(NO, "not-decided", f"{error}.", "部分申报未能办结。") from error
    if as_json:
        write(result)
    else:
        show(result)
    if plot is not None:
        save(plot, drawn(result).encode(), "Plot")
    return DONE
