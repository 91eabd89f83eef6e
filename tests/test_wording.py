"""Chinese in the product: full-width punctuation, and one word for one thing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("gateway", "agencies", "codecs")
GENERATED = ROOT / "codecs" / "messages"

HAN = "\u4e00-\u9fff"
HALF_WIDTH = re.compile(rf"[{HAN}][,:;?!()]|[,:;?!](?=[{HAN}])|\((?=[{HAN}])")
OUTDATED = {
    "报关单": "申报单",
    "申报者": "申报人",
    "不同意": "不予同意",
    "环境税": "环境保护税",
    "等项": "等 N 项",
}
"""Words that the glossary has another one for, and that one."""


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text of the program but its docstrings; of an f-string, what ends in `zh` counts as Chinese."""
    homes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    skipped = {id(node.value) for home in ast.walk(tree) if isinstance(home, homes) for node in home.body
               if isinstance(node, ast.Expr)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
            yield node.lineno, "".join(map(_part, node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.lineno, node.value


def _part(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    inner = ast.unparse(part.value) if isinstance(part, ast.FormattedValue) else ""
    return "中" if inner.endswith("zh") else "\x00"


def half_width(source: str) -> list[str]:
    """The texts that have half-width punctuation beside Chinese characters, or between values in a Chinese text."""
    found = []
    for line, text in texts(ast.parse(source)):
        chinese = re.search(f"[{HAN}]", text) and not re.search("[A-Za-z]{2,} [A-Za-z]{2,}", text)
        if HALF_WIDTH.search(text) or (chinese and re.search("\x00[,:;]\x00。", text)):
            found.append(f"{line}: {text}")
    return found


def sources() -> list[Path]:
    """Python that people write."""
    return [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py")) if GENERATED not in path.parents]


def test_punctuation_is_full_width() -> None:
    """No Chinese text of the product has half-width punctuation."""
    found = [f"{path.relative_to(ROOT)}:{each}" for path in sources() for each in half_width(path.read_text("utf-8"))]
    assert [] == found


@pytest.mark.parametrize(
    "breach",
    [
        'x = "文件为空,请检查"',
        'x = "应为: 数值"',
        'x = "缺少(Importer)"',
        'x = f"无法读取{name}:{cause}。"',
        'x = f"{place}:{words.zh}"',
    ],
)
def test_half_width_punctuation_is_found(breach: str) -> None:
    """The rule finds a planted breach, and nothing in texts that keep it."""
    assert 1 == len(half_width(breach))
    kept = (
        '"""文档 (a, b)."""\nx = "文件为空，请检查（a, b）"\ny = f"Case 办件 {a}: {b}"\nz = f"{host}:{port} 已占用"\n'
    )
    assert [] == half_width(kept)


def test_one_word_for_one_thing() -> None:
    """No text of the product or the schemas uses a word that the glossary has another one for."""
    schemas = sorted((ROOT / "schemas").glob("*.xsd"))
    found = [
        f"{path.relative_to(ROOT)}: {word} should be {right}"
        for path in [*sources(), *schemas]
        for word, right in OUTDATED.items()
        if word in path.read_text("utf-8")
    ]
    assert [] == found
