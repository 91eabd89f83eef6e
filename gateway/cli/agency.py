"""`onewindow agency`: the agencies that are installed."""

from datetime import timedelta
from pathlib import Path

from cyclopts import App

from .ending import DONE
from .options import Json

agency = App(name="agency", help="The agencies that are installed. 部门")


@agency.command(name="list")
def list_agencies(*, config: Path | None = None, as_json: Json = False) -> int:
    """List the agencies: code, name, how each is reached, and how long it may take.

    列出各部门、传输方式和办理时限。

    :param config: The gateway's configuration file. 配置文件
    :param as_json: The list as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    import msgspec

    from ...agencies.registry import installed
    from .console import stdout, write_json
    from .console import table as new_table
    from .starting import configured

    settings = configured(config)
    rows = []
    for code, found in installed().items():
        own = settings.agency(code)
        limit = own.time_limit or found.time_limit
        rows.append(
            {
                "code": code,
                "name": found.name,
                "transport": own.transport,
                "time_limit_seconds": limit.total_seconds(),
                "reference_desk": found.assess is not None,
            }
        )
    if as_json:
        write_json(msgspec.json.encode(rows))
        return DONE
    table = new_table(expand=False)
    for heading in ("Code\n代码", "Agency\n部门", "Transport\n传输方式", "Time limit\n办理时限"):
        table.add_column(heading, no_wrap=True)
    for code, found in installed().items():
        own = settings.agency(code)
        limit = own.time_limit or found.time_limit
        table.add_row(code, f"{found.name.en} {found.name.zh}", own.transport, words(limit))
    stdout().print(table)
    return DONE


def words(limit: timedelta) -> str:
    """A time limit as the configuration writes it: `30m`, `2h`, `1d`."""
    seconds = int(limit.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
