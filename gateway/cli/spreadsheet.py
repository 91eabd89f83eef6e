"""`onewindow spreadsheet`: declarations written in a spreadsheet, as CSV."""

from pathlib import Path
from typing import Literal

from cyclopts import App

from .ending import DONE, NO, Stop
from .options import File

spreadsheet = App(name="spreadsheet", help="Declarations from a spreadsheet (CSV). 表格导入")


@spreadsheet.command
def template(*, items: int = 2, type: Literal["IM", "EX"] = "IM") -> int:  # noqa: A002 - the option's name elsewhere
    """Write a sheet to begin with, an example in its rows, to standard output. 输出表格模板.

    It has a column for each element. Each row is a goods item; rows with the same reference make one declaration, and a
    row without one goes on with the declaration above it. Columns may be left out, put in another order, or added: a
    column is named as findings name its element. Rows that begin with # are for people only.
    将表格模板写到标准输出：每行一项商品，业务编号相同的行为同一份申报单。

    :param items: Goods items of the example, 1 to 99. 示例商品项数
    :param type: IM import 进口 or EX export 出口.
    """
    from datetime import UTC, datetime

    from ...codecs.messages.codes import DeclarationType
    from ..sample import sample
    from ..spreadsheet import template as sheet
    from .console import write_bytes

    now = datetime.now(UTC)
    reference = f"SHEET-{now:%Y%m%d-%H%M%S-%f}"
    write_bytes(sheet(sample(min(max(items, 1), 99), DeclarationType(type), reference, now)))
    return DONE


@spreadsheet.command
def convert(file: File, /, *, config: Path | None = None) -> int:
    """Make declarations of a sheet, one in JSON on each line. 表格转为申报单.

    They are for `onewindow submit --batch`. Where anything is wrong nothing is written, and all of it is told by row
    and column.
    将表格转换为申报单（每行一份 JSON）；如有错误则不输出，并逐一列出所在行和列。

    Exit status: 0 done; 1 something is wrong; 2 wrong usage. 退出码：0 完成；1 有误；2 用法有误。

    :param file: The sheet, CSV in UTF-8 or GB 18030; - is standard input. CSV 表格，- 为标准输入
    :param config: The gateway's configuration file: documents that are required, say. 配置文件
    """
    from ..admission import admission_rules
    from ..spreadsheet import SHEET_BYTES_MAX, converted
    from .console import stderr, write_bytes
    from .document import content
    from .starting import agencies, configured

    found = converted(content(file, SHEET_BYTES_MAX), admission_rules(configured(config), agencies()))
    for each in found.findings:
        row = "" if each.row is None else f"row 第 {each.row} 行  "
        column = "" if each.column is None else f"{each.column}  "
        words = each.finding.message
        stderr().print(f"{row}{column}{words.en}  {words.zh}", markup=False, soft_wrap=True)
    if found.findings:
        count = len(found.findings)
        mistakes = "one mistake" if count == 1 else f"{count} mistakes"
        raise Stop(NO, "invalid", f"{file}: {mistakes}; nothing was written.", f"{file}：共 {count} 处错误，未输出。")
    write_bytes(b"".join(each + b"\n" for each in found.declarations))
    stderr().print(f"{len(found.declarations)} declarations 共 {len(found.declarations)} 份申报单", markup=False)
    return DONE
