"""A new agency package: it works as it is made, its names are checked, and nothing is overwritten."""

from pathlib import Path

import pytest
from support.command_line import ONEWINDOW
from support.plugged_in import install, python

from onewindow.gateway.agency_kit import BadName, contents, names, write


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package as `onewindow agency new` makes it."""
    folder = tmp_path_factory.mktemp("new")
    python(*ONEWINDOW[1:], "agency", "new", "port-health", "--zh", "口岸卫生", folder=folder)
    return folder / "port-health"


@pytest.fixture(scope="module")
def installed(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it was installed."""
    return install(made, tmp_path_factory.mktemp("plugged"))


def test_its_tests_pass(made: Path, installed: Path) -> None:
    """The tests that are made with the package pass, with the package as it was installed."""
    python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", path=[installed], folder=made / "tests")


def test_it_keeps_the_contract(installed: Path) -> None:
    """It is installed by its code, and `onewindow agency check` finds nothing that it breaks."""
    assert "Port health 口岸卫生" in python(*ONEWINDOW[1:], "agency", "list", path=[installed])
    python(*ONEWINDOW[1:], "agency", "check", "port-health", path=[installed])


def test_same_shape_as_the_example() -> None:
    """The package has the parts that the example of maritime safety has."""
    example = Path(__file__).resolve().parents[3] / "docs" / "examples" / "maritime-safety"
    parts = set(contents(names("maritime-safety", None, None, ())))
    assert parts <= {path.relative_to(example).as_posix() for path in example.rglob("*")}


@pytest.mark.parametrize(
    ("code", "named"),
    [
        *((code, None) for code in ("Tax", "a", "plant_health", "-port", "port-", "port--health", "8port", "../port")),
        *((code, None) for code in ("", "port health", "p" * 36, "tax", "json", "class", "onewindow")),
        *(
            ("plant-health", name)
            for name in ("", 'Port "health"', "Port & health", "Port $x", "Port\nhealth", "P" * 61)
        ),
    ],
)
def test_bad_names(code: str, named: str | None) -> None:
    """What is no code, is taken, is a word or module of Python, or can't be a name is refused in both languages."""
    with pytest.raises(BadName) as caught:
        names(code, named, None, ("customs", "tax"))
    assert caught.value.words.en
    assert caught.value.words.zh


def test_names_that_follow_from_the_code() -> None:
    """Package, root element, namespace and the English name come from the code, as long as it may be."""
    named = names("plant-health", None, "植物检疫", ())
    assert ("plant_health", "PlantHealth", "Plant health", "植物检疫", "urn:example:plant-health:1") == (
        named.package,
        named.root,
        named.en,
        named.zh,
        named.namespace,
    )
    assert "p" * 35 == names("p" * 35, None, None, ()).package


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder or file of the name stays as it was, and is an error; what can't be written leaves nothing behind."""
    (tmp_path / "file").write_text("mine", "utf-8")
    (tmp_path / "folder").mkdir()
    for taken in ("file", "folder"):
        with pytest.raises(FileExistsError):
            write(tmp_path / taken, {"a": "b"})
    with pytest.raises(OSError, match="name too long"):
        write(tmp_path / "new", {"a": "b", "n" * 300: "c"})
    assert ["file", "folder"] == sorted(path.name for path in tmp_path.iterdir())
    assert ("mine", []) == ((tmp_path / "file").read_text("utf-8"), list((tmp_path / "folder").iterdir()))
