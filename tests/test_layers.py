"""The four floors: imports run down only, are relative inside the package, and the picture of them is fresh."""

from pathlib import Path

import pytest

from onewindow.docs.imports import ROOT, Import, floors, home, imports, modules, upward
from onewindow.docs.picture import PICTURE, picture


def outside_users(found: list[Import]) -> list[Import]:
    """The imports of one agency's own folder by anything that is not in it."""
    folders = {name for name, path in modules(ROOT).items() if name.count(".") == 1 and path.name == "__init__.py"}
    return [
        each
        for each in found
        if home(each.target, folders).startswith("agencies.")
        and home(each.target, folders) != home(each.source, folders)
    ]


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A package with our floors, one module on each, and no imports yet."""
    (tmp_path / "__init__.py").write_text((ROOT / "__init__.py").read_text("utf-8"), "utf-8")
    for floor in floors(ROOT):
        (tmp_path / floor.name).mkdir()
        (tmp_path / floor.name / "__init__.py").write_text('"""."""\n', "utf-8")
        (tmp_path / floor.name / "thing.py").write_text('"""."""\n', "utf-8")
    return tmp_path


def test_floors_are_those_of_the_root_docstring() -> None:
    """The root docstring names the four floors from the top down."""
    assert ["gateway", "agencies", "codecs", "schemas"] == [floor.name for floor in floors(ROOT)]


def test_imports_run_down() -> None:
    """No module imports one on a floor above its own."""
    assert [] == upward(ROOT, imports(ROOT))


def test_imports_are_relative() -> None:
    """Inside the package every import of the package is relative, so it also works under another name."""
    assert [] == [each for each in imports(ROOT) if each.absolute]


def test_agencies_stand_alone() -> None:
    """Nothing imports an agency's folder but the folder itself, so a fifth agency needs no change elsewhere."""
    assert [] == outside_users(imports(ROOT))


@pytest.mark.parametrize(
    ("floor", "line"),
    [
        ("schemas", "from ..codecs import thing"),
        ("schemas", "from ..codecs.thing import name"),
        ("codecs", "from .. import gateway"),
        ("codecs", "def late():\n    from ..agencies import thing"),
        ("codecs", "import onewindow.gateway.thing"),
        ("agencies", "from onewindow.gateway import thing"),
    ],
)
def test_upward_import_is_found(planted: Path, floor: str, line: str) -> None:
    """A planted import that goes up a floor is found, however it is written."""
    assert [] == upward(planted, imports(planted))
    (planted / floor / "thing.py").write_text(f"{line}\n", "utf-8")
    assert [f"{floor}.thing"] == [each.source for each in upward(planted, imports(planted))]


@pytest.mark.parametrize("line", ["import codecs", "from . import thing", "from ..schemas import thing"])
def test_other_imports_are_left_alone(planted: Path, line: str) -> None:
    """The standard library's codecs, a neighbour and a floor below are no upward imports."""
    (planted / "codecs" / "thing.py").write_text(f"{line}\n", "utf-8")
    assert [] == upward(planted, imports(planted))


def test_root_imports_no_floor(planted: Path) -> None:
    """The root module itself stands under all floors: an import of one from there is found."""
    (planted / "__init__.py").write_text(
        (ROOT / "__init__.py").read_text("utf-8") + "\nfrom .schemas import thing\n", "utf-8"
    )
    assert ["schemas.thing"] == [each.target for each in upward(planted, imports(planted))]


def test_absolute_import_is_told_apart(planted: Path) -> None:
    """A planted absolute import of the package is marked as one, a relative one isn't."""
    (planted / "gateway" / "thing.py").write_text("from onewindow.codecs import thing\nfrom ..codecs import thing\n")
    assert [("codecs.thing", True), ("codecs.thing", False)] == [
        (each.target, each.absolute) for each in imports(planted)
    ]


def test_use_of_an_agency_is_found() -> None:
    """An agency's folder that another module imports is found, and its own modules aren't."""
    foreign = Import("gateway.merge", "agencies.customs.rules", ROOT, 1, absolute=False)
    sibling = Import("agencies.tax.rules", "agencies.customs", ROOT, 1, absolute=False)
    own = Import("agencies.customs.split", "agencies.customs.tables", ROOT, 1, absolute=False)
    shared = Import("gateway.merge", "agencies.agency", ROOT, 1, absolute=False)
    assert [foreign, sibling] == outside_users([foreign, sibling, own, shared])


def test_picture_is_fresh() -> None:
    """docs/imports.svg is what `make picture` draws from the source as it is."""
    fresh = picture(ROOT) == PICTURE.read_text("utf-8")
    assert fresh, "run `make picture`"


def test_picture_shows_what_is_planted(planted: Path) -> None:
    """The picture follows the source: a new module and a new import change it."""
    bare = picture(planted)
    (planted / "gateway" / "tariff.py").write_text("from ..codecs import thing\n", "utf-8")
    drawn = picture(planted)
    assert (False, False) == (">tariff<" in bare, "gateway imports codecs" in bare)
    assert (True, True) == (">tariff<" in drawn, "gateway imports codecs" in drawn)
