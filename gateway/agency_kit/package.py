"""An agency package as it begins: its names, its files, and writing them where nothing is yet."""

import re
import shutil
from collections.abc import Collection, Mapping
from importlib.resources import files
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import Final

from msgspec import Struct

from ...codecs.compiler import compile_module
from ...codecs.finding import Text

CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""How a code is written; the schemas take 2 to 35 characters."""

CODE_CHARS_MAX: Final = 35
NAME: Final = re.compile(r"[^\x00-\x1f\x7f\"'\\<>&$]{1,60}")
"""What a name may be: it goes into XML, TOML and Python alike."""


class BadName(Exception):
    """A name that can't be taken; `words` say why."""

    def __init__(self, code: str, words: Text) -> None:
        super().__init__(words.en)
        self.code = code
        self.words = words


class Names(Struct, frozen=True):
    """What the package and its parts are called.

    code: the agency's. package: the Python package. root: the message's root element and struct. en, zh: the agency.
    """

    code: str
    package: str
    root: str
    en: str
    zh: str

    @property
    def namespace(self) -> str:
        """The message's namespace; `example` is for its owner to replace."""
        return f"urn:example:{self.code}:1"


def names(code: str, en: str | None, zh: str | None, taken: Collection[str]) -> Names:
    """The names that follow from a code; `taken` are the codes of agencies that are installed. Raises BadName."""
    if not CODE.fullmatch(code) or not 2 <= len(code) <= CODE_CHARS_MAX:
        words = f"{code!r} is no agency code: small letters, digits and single hyphens, a letter first, at most 35"
        raise BadName(
            "agency-code", Text(words, f"“{code}”不能作部门代码：小写字母开头，可含数字和单个连字符，最多35个字符")
        )
    package = code.replace("-", "_")
    if code in taken:
        raise BadName("agency-code-taken", Text(f"an agency {code} is installed already", f"已安装部门 {code}"))
    if iskeyword(package) or find_spec(package) is not None:
        words = f"Python has something called {package} already: choose another code"
        raise BadName("agency-code-taken", Text(words, f"Python 中已有 {package}，请另选代码"))
    english = code.replace("-", " ").capitalize() if en is None else en
    for name in (english, zh or english):
        if not NAME.fullmatch(name):
            words = f"{name!r} is no name: at most 60 characters, without quotes, <, >, &, $ and backslashes"
            raise BadName(
                "agency-name", Text(words, f"“{name}”不能作名称：最多60个字符，不含引号、<、>、&、$ 和反斜杠")
            )
    root = "".join(part.capitalize() for part in code.split("-"))
    return Names(code, package, root, english, zh or english)


def contents(named: Names) -> Mapping[str, str]:
    """The package's files: path from its folder, with forward slashes, and text."""
    package, code = named.package, named.code
    templates = {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        f"{package}/__init__.py": "init.py",
        f"{package}/split.py": "split.py",
        f"{package}/rules.py": "rules.py",
        f"{package}/{code}.xsd": "message.xsd",
        f"tests/test_{package}.py": "test.py",
    }
    made = {path: _filled(template, named) for path, template in templates.items()}
    return {**made, f"{package}/message.py": _compiled(code, made[f"{package}/{code}.xsd"])}


def _filled(template: str, named: Names) -> str:
    text = (files(__package__) / f"{template}.template").read_text("utf-8")
    return Template(text).substitute(
        code=named.code, package=named.package, root=named.root, en=named.en, zh=named.zh, namespace=named.namespace
    )


def _compiled(code: str, schema: str) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{code}.xsd"
        path.write_text(schema, "utf-8")
        return compile_module(path)


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files into a folder that is made for them.

    Raises FileExistsError where there is one, or anything else, of its name, and other OSError; then nothing is left.
    """
    folder.mkdir(parents=True)
    try:
        for path, text in texts.items():
            target = folder / path
            target.parent.mkdir(exist_ok=True)
            target.write_text(text, "utf-8")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
