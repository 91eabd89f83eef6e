"""Who imports whom: the package's floors, modules and imports, read from its source.

The floors and their order come from the root docstring, so the first thing a reader sees, the test of the layers
(tests/test_layers.py) and the picture of them (picture.py) are one statement.
"""

import ast
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

PACKAGE = "onewindow"
ROOT = Path(__file__).resolve().parent.parent


class Floor(NamedTuple):
    """One of the folders that the root docstring names, with what it says about it."""

    name: str
    purpose: str


class Import(NamedTuple):
    """One import of one module of the package by another; names are dotted and without `onewindow.` in front."""

    source: str
    target: str
    path: Path
    line: int
    absolute: bool


def floors(root: Path) -> tuple[Floor, ...]:
    """The floors in the order of the root docstring: the top one first."""
    text = ast.get_docstring(ast.parse((root / "__init__.py").read_text("utf-8"))) or ""
    return tuple(Floor(name, purpose) for name, purpose in re.findall(r"^ {4}(\w+) +(.+)$", text, re.MULTILINE))


def modules(root: Path) -> dict[str, Path]:
    """Every module on the floors, by dotted name; a package goes by its folder's name, the root by the empty one."""
    found = {"": root / "__init__.py"}
    for floor in floors(root):
        for path in sorted((root / floor.name).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(root: Path) -> list[Import]:
    """Every import inside the package, in the order of modules and lines."""
    known = modules(root)
    found: list[Import] = []
    for source, path in known.items():
        folder = source if path.name == "__init__.py" else source.rpartition(".")[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
            for target, absolute in _targets(node, folder, known):
                found.append(Import(source, target, path, getattr(node, "lineno", 0), absolute))
    return found


def _targets(node: ast.AST, folder: str, known: Mapping[str, Path]) -> Iterator[tuple[str, bool]]:
    """The modules of the package that one statement imports, each with whether it is named absolutely."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            top, _, rest = alias.name.partition(".")
            if top == PACKAGE:
                yield _module(rest, known), True
    elif isinstance(node, ast.ImportFrom):
        stem = node.module or ""
        if node.level:
            folders = folder.split(".") if folder else []
            base = ".".join([*folders[: len(folders) - node.level + 1], *([stem] if stem else [])])
        elif stem.partition(".")[0] == PACKAGE:
            base = stem.partition(".")[2]
        else:
            return
        for alias in node.names:
            yield _module(f"{base}.{alias.name}".strip("."), known), node.level == 0


def _module(name: str, known: Mapping[str, Path]) -> str:
    """The longest beginning of a dotted name that is a module: what is left over is a name inside it."""
    while name not in known:
        name = name.rpartition(".")[0]
    return name


def upward(root: Path, found: Iterable[Import]) -> list[Import]:
    """The imports that go up a floor; from outside the floors, the root's own, any import of a floor counts."""
    height = {floor.name: -index for index, floor in enumerate(floors(root))}
    ground = -len(height)
    return [
        each
        for each in found
        if each.target and height.get(each.source.partition(".")[0], ground) < height[each.target.partition(".")[0]]
    ]


def packages(root: Path) -> dict[str, list[str]]:
    """The floors and the packages directly on them, each with its modules; a deeper folder counts as one module."""
    known = modules(root)
    held: dict[str, set[str]] = {
        name: set() for name, path in known.items() if name and path.name == "__init__.py" and name.count(".") < 2
    }
    for name in known:
        if name and name not in held:
            package = home(name, held)
            held[package].add(name.removeprefix(f"{package}.").partition(".")[0])
    return {name: sorted(held[name]) for name in sorted(held)}


def home(module: str, packages: Container[str]) -> str:
    """The package that a module counts to: itself, the one directly on its floor, or the floor."""
    pair = ".".join(module.split(".")[:2])
    return pair if pair in packages else module.partition(".")[0]


def edges(root: Path) -> list[tuple[str, str]]:
    """The pairs of packages of which the first imports the second, sorted."""
    held = packages(root)
    pairs = {
        (home(each.source, held), home(each.target, held)) for each in imports(root) if each.source and each.target
    }
    return sorted(pair for pair in pairs if pair[0] != pair[1])
