"""The XSDs: the one source of every message, its types, its code lists and its words in English and Chinese.

`codes` and `common` (and `charges`, what a trader declares as charged on goods) have no namespace and are included by
the ten message schemas. Schemas include each other by relative file name, so they are read from local files only.

In every `xs:documentation` the words before the first full stop are the label a form shows; what follows explains it.
"""

from importlib.resources import files
from pathlib import Path
from typing import Literal

_FOLDER = Path(str(files(__name__)))


class UnknownSchema(LookupError):
    """There is no such schema or sample; `wanted` is what was asked for, `existing` what there is."""

    def __init__(self, wanted: str, existing: tuple[str, ...]) -> None:
        super().__init__(f"no schema named {wanted!r}; there are: {', '.join(existing)}")
        self.wanted = wanted
        self.existing = existing


def names() -> tuple[str, ...]:
    """Every schema's name (the file name without `.xsd`), sorted."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.xsd")))


def path(name: str) -> Path:
    """The file of the schema `name`. Raises UnknownSchema."""
    return _existing(name, names(), _FOLDER / f"{name}.xsd")


def text(name: str) -> bytes:
    """The bytes of the schema `name` (UTF-8, with an XML declaration). Raises UnknownSchema."""
    return path(name).read_bytes()


def sample(kind: Literal["import", "export"]) -> bytes:
    """A valid declaration of three items, as XML. Raises UnknownSchema for another kind."""
    return _existing(kind, ("export", "import"), _FOLDER / "samples" / f"{kind}.xml").read_bytes()


def harmonized_system() -> str:
    """The subheadings of the Harmonized System, a heading and the last digits of its subheadings on a line."""
    return (_FOLDER / "harmonized-system.txt").read_text("ascii")


def _existing(wanted: str, existing: tuple[str, ...], file: Path) -> Path:
    if wanted not in existing:
        raise UnknownSchema(wanted, existing)
    return file
