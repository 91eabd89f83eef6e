"""`onewindow sample`: a valid declaration on standard output."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from .ending import DONE, USAGE, Stop

if TYPE_CHECKING:
    from ...codecs.messages.declaration import Declaration


def sample(
    *,
    items: Annotated[int, Parameter(validator=Number(gte=1, lte=999))] = 3,
    type: Literal["IM", "EX"] = "IM",  # noqa: A002 - the option's name in the contract
    format: Literal["xml", "json"] = "xml",  # noqa: A002 - the option's name in the contract
    reference: str | None = None,
) -> int:
    """Write a valid declaration to standard output.

    Everybody and everything in it is made up. Goods differ from item to item, and the outcome with them.
    将一份有效的申报单写到标准输出，内容均为虚构。

    :param items: Number of goods items, 1 to 999. 商品项数
    :param type: IM import 进口 or EX export 出口.
    :param format: xml or json. 格式
    :param reference: The declarant's reference; by default one that was not used before. 业务编号
    """
    from ...codecs import DECLARATION
    from ...codecs.messages.codes import DeclarationType
    from ..sample import sample as declaration
    from .console import write_bytes

    now = datetime.now(UTC)
    name = f"SAMPLE-{now:%Y%m%d-%H%M%S-%f}" if reference is None else reference
    value = declaration(items, DeclarationType(type), name, now)
    if reference is not None:
        _check(value)
    encoded = DECLARATION.encode_xml(value) if format == "xml" else DECLARATION.encode_json(value)
    write_bytes(_indented(encoded, format) + b"\n")
    return DONE


def _indented(document: bytes, form: Literal["xml", "json"]) -> bytes:
    """The document with an element, or a member, to a line: findings name lines, and people read samples."""
    import msgspec
    from lxml import etree

    if form == "json":
        return msgspec.json.format(document)
    tree = etree.fromstring(document)
    etree.indent(tree)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def _check(value: Declaration) -> None:
    """Raises Stop where the reference that was given is not one: all else in a sample is valid."""
    from ...codecs import DECLARATION
    from ...codecs.finding import Rejected

    try:
        DECLARATION.decode_json(DECLARATION.encode_json(value))
    except UnicodeEncodeError:
        words_en, words_zh = "these bytes are no text in UTF-8.", "不是 UTF-8 文字。"
        raise Stop(USAGE, "reference", f"--reference: {words_en}", f"--reference：{words_zh}") from None
    except Rejected as refusal:
        words = refusal.findings[0].message
        raise Stop(USAGE, "reference", f"--reference: {words.en}", f"--reference：{words.zh}") from None
