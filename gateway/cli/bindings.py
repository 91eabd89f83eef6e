"""`onewindow bindings`: typed structs from anybody's XSD."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from .ending import DONE, NO, Stop, unreadable
from .language import label
from .options import Json

Output = Annotated[Path, Parameter(name=("--output", "-o"))]


def bindings(file: Path, /, *, output: Output, as_json: Json = False) -> int:
    """Write a Python module of typed structs for an XSD and all that it includes and imports.

    What structs can't say without losing something is refused with its line, and no module is written.
    由 XSD 生成 Python 结构体模块。

    :param file: The XSD; what it includes and imports is read from local files only. XSD 文件
    :param output: The module to write; one that is there already is replaced. 输出模块
    :param as_json: The file and the number of its structs as one JSON document and nothing else. 以 JSON 输出
    """
    import msgspec
    from lxml.etree import XMLSyntaxError
    from rich.text import Text
    from xmlschema import XMLSchemaException

    from ...codecs.bounded_file import SETTINGS_BYTES_MAX, check_regular
    from ...codecs.compiler import compile_module
    from ...codecs.unsupported import UnsupportedConstruct
    from .console import stdout, write_json
    from .saving import save

    try:
        check_regular(file, SETTINGS_BYTES_MAX)
    except OSError as error:
        raise unreadable(str(file), error) from error
    try:
        source = compile_module(file)
    except UnsupportedConstruct as refusal:
        place = f"{refusal.file}:{refusal.line}"
        words = f"{place}: structs can't express {refusal.construct}."
        raise Stop(NO, "unsupported-construct", words, f"{place}：无法用结构体表达该构造。") from None
    except (XMLSchemaException, XMLSyntaxError, OSError, SyntaxError) as error:
        said = str(error).strip().partition("\n")[0].rstrip(":.")
        raise Stop(
            NO, "not-a-schema", f"{file} is no schema: {said}.", f"{file} 不是可用的 XSD，详见英文说明。"
        ) from None
    save(output, source.encode(), "Bindings")
    counted = {
        "file": str(output),
        "structs": source.count("(Struct, frozen=True") + source.count("\n    Struct, frozen"),
    }
    if as_json:
        write_json(msgspec.json.encode(counted))
    else:
        line = f"{counted['file']}: {counted['structs']} structs"
        stdout().print(Text.assemble((label("done 完成"), "good"), "  ", line), soft_wrap=True)
    return DONE
