"""`onewindow validate`: what the gateway would say of a declaration, without a gateway."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from .ending import DONE, USAGE, Stop, rejected
from .options import File, Json


def validate(
    file: File,
    /,
    *,
    config: Path | None = None,
    batch: Annotated[bool, Parameter(negative=())] = False,
    report: Path | None = None,
    as_json: Json = False,
) -> int:
    """Check a declaration without sending it anywhere.

    Every finding at once: of the schema, and of the rules for a whole declaration, prohibited goods and dates among
    them. Off a terminal each is one line: code, line, pointer, words. 校验申报单，不发送；一次列出全部问题。

    Exit status: 0 valid; 1 not valid; 2 wrong usage. 退出码：0 有效；1 无效；2 用法有误。

    :param file: The declaration, XML or JSON; - is standard input. 申报单，- 为标准输入
    :param config: The gateway's configuration file: documents that are required, say. 配置文件
    :param batch: FILE has a declaration in JSON on each line; each is answered by a line. 批量校验，每行一份
    :param report: With --batch: tell in this file (.csv, .ndjson) what is wrong with each line. 逐行报告
    :param as_json: One JSON document on standard output and nothing else. 以 JSON 输出
    """
    from datetime import UTC, datetime

    import msgspec
    from rich.text import Text

    from ...codecs.digest import digest
    from ...codecs.finding import Rejected
    from ..admission import admission_rules
    from ..intake import read as read_declaration
    from ..plausible_dates import date_rules
    from .console import stdout, write_json
    from .document import read
    from .language import label, said
    from .starting import agencies, configured

    rules = (*admission_rules(configured(config), agencies()), *date_rules(datetime.now(UTC)))
    if batch:
        if as_json:
            raise Stop(USAGE, "usage", "--batch writes lines of JSON as it is.", "--batch 已逐行输出 JSON。")
        from .batch_validation import validate_batch

        return validate_batch(file, rules, report)
    if report is not None:
        raise Stop(USAGE, "usage", "--report is for a batch: add --batch.", "--report 仅用于批量校验，请加 --batch。")
    given = read(file)
    try:
        declaration = read_declaration(given.body, given.media_type, rules)
    except Rejected as refusal:
        raise rejected(refusal, given.name) from None
    reference, count = declaration.functional_reference_id, declaration.goods_item_quantity
    if as_json:
        answer = {"valid": True, "reference": reference, "items": count, "digest": digest(given.body), "findings": []}
        write_json(msgspec.json.encode(answer))
    else:
        items = "1 goods item" if count == 1 else f"{count} goods items"
        line = f"  {given.name}: {reference}, {declaration.type_code.value}, {said(items, f'共 {count} 项')}"
        stdout().print(Text.assemble((label("valid 有效"), "good"), line), soft_wrap=True)
    return DONE
