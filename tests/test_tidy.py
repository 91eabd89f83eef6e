"""The style guide, executed: each rule reads the source, names what breaks it, and is shown to catch a breach."""

import ast
import io
import re
import shutil
import subprocess
import tokenize
import tomllib
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("gateway", "agencies", "codecs", "schemas")
GENERATED = "codecs/messages/"
FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 500

# The imperative shell: what may read a clock or draw a random number. All else is told the time and given its ids.
SHELL = {
    "gateway/api/": "answers requests as they come",
    "gateway/cli/": "shows a person how long things take",
    "gateway/clock.py": "is the clock that is handed down",
    "gateway/dead_letter_office.py": "makes ids",
    "gateway/delivery.py": "spreads its retries",
    "gateway/lane.py": "spreads the probes of its breakers",
    "gateway/metrics.py": "measures how long each stage takes",
    "gateway/store/": "measures its commits and waits for a lock",
    "gateway/webhook_delivery.py": "spreads its retries",
    "gateway/webhooks.py": "makes ids and secrets",
    "gateway/window.py": "owns the clock and the ids, and hands both down",
}
# Who may speak to a database.
STORES = {
    "gateway/store/": "the window's journal and cases",
    "agencies/ledger.py": "an agency's own book of what it took and answered, on the agency's side of the wire",
}
# Who may wait by the clock: tests of real processes, which no test clock reaches.
WAITERS = {
    "tests/support/": "asks again until a process is up",
    "tests/faults/test_bus.py": "kills the bus at moments that are spread over its work",
    "tests/faults/test_gateway_strikes.py": "asks again until a process has answered or is gone",
    "tests/faults/test_transports.py": "kills agencies at moments that are spread over their work",
    "tests/faults/test_gateway_killed.py": "kills a process at moments that are spread over its work",
}
# Where money is worked out: no float may come near.
MONEY = ("agencies/*/*.py", "gateway/bill.py", "gateway/merge.py", "agencies/yuan.py", "agencies/apportionment.py")

CLOCKS = {
    *(f"time.{name}" for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")),
    *(f"datetime.datetime.{name}" for name in ("now", "utcnow", "today")),
    "datetime.date.today",
    *(f"uuid.{name}" for name in ("uuid1", "uuid4", "uuid6", "uuid7")),
    "os.urandom",
    *(f"secrets.{name}" for name in ("token_bytes", "token_hex", "token_urlsafe", "randbelow", "choice")),
}
SQL = re.compile(
    r"\s*(SELECT\b.+\bFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|PRAGMA\s"
    r"|(CREATE|DROP|ALTER)\s+(TABLE|UNIQUE|INDEX|VIEW|TRIGGER))\b",
    re.DOTALL,
)
DATABASES = {"sqlalchemy", "alembic", "sqlite3", "psycopg"}
LEFTOVERS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore)(?P<rest>.*)")
REASONED = re.compile(r"(: [A-Z]+\d+(, ?[A-Z]+\d+)*|\[[a-z, -]+\])\W+\w.{3,}")
MACHINES = re.compile(r"(?<![\w.$}~)/*-])/(root|work|home|tmp|opt|Users)(?=[/\s\"'`)]|$)", re.MULTILINE)
REGISTRIES = re.compile(r"\b(pypi|pythonhosted|npmjs|crates|debian|ubuntu|golang)\.(org|com|io|net)\b")


class Source(NamedTuple):
    """One file: its path from the root, with forward slashes, and its text."""

    path: str
    text: str

    @property
    def nodes(self) -> Iterator[ast.AST]:
        """Every node of its syntax tree."""
        return ast.walk(_parsed(self.text))

    @property
    def docstrings(self) -> set[int]:
        """The identities of the nodes that are docstrings."""
        homes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        return {
            id(node.body[0].value)
            for node in self.nodes
            if isinstance(node, homes) and node.body and isinstance(node.body[0], ast.Expr)
        }


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def files() -> tuple[Source, ...]:
    """Every file that is in the repository or about to be; where git can't tell, what is in no build or cache."""
    listed = None
    if git := shutil.which("git"):
        command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed is not None and listed.returncode == 0 and listed.stdout:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        tops = [path for path in ROOT.iterdir() if path.name == ".ci" or not path.name.startswith(".")]
        tops = [path for path in tops if path.name not in ("build", "dist") and path.suffix != ".egg-info"]
        paths = [path for top in tops for path in ([top] if top.is_file() else top.rglob("*"))]
        paths = [path for path in paths if "__pycache__" not in path.parts and "results" not in path.parts]
        paths = [path for path in paths if path.suffix != ".so"]
    present = sorted(path for path in paths if path.is_file())
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8", errors="replace")) for path in present
    )


def _dotted(node: ast.AST, names: dict[str, str]) -> str:
    """The full name that a name or an attribute stands for, by the module's imports; empty if it is something else."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute) and (base := _dotted(node.value, names)):
        return f"{base}.{node.attr}"
    return ""


def _imported(source: Source) -> dict[str, str]:
    """What each imported name stands for."""
    names: dict[str, str] = {}
    for node in source.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.split(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _comments(source: Source) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


# --- the rules: each yields (line, what is wrong) ---

Breaches = Iterator[tuple[int, str]]


def long_functions(source: Source) -> Breaches:
    """A function has at most 60 lines, its docstring among them."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield node.lineno, f"{node.name} has {lines} lines"


def long_files(source: Source) -> Breaches:
    """A file has at most 500 lines."""
    if (lines := len(source.text.splitlines())) > FILE_LINES_MAX:
        yield lines, f"{lines} lines"


def sql(source: Source) -> Breaches:
    """Only the store speaks to a database."""
    docstrings = source.docstrings
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            if id(node) not in docstrings:
                yield node.lineno, f"SQL: {node.value.strip()[:40]}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in DATABASES:
                    yield node.lineno, f"imports {alias.name}"
        elif isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] in DATABASES:
            yield node.lineno, f"imports {node.module}"


def clocks(source: Source) -> Breaches:
    """Outside the shell, times and ids come in as arguments."""
    names = _imported(source)
    for node in source.nodes:
        if isinstance(node, ast.Name | ast.Attribute):
            meant = _dotted(node, names)
            if meant in CLOCKS or meant.startswith("random."):
                yield node.lineno, f"uses {meant}"


def floats(source: Source) -> Breaches:
    """No float comes near money."""
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"the float {node.value}"
        elif isinstance(node, ast.Name) and node.id == "float":
            yield node.lineno, "the name float"


def leftovers(source: Source) -> Breaches:
    """Nothing unfinished is left behind."""
    for line, comment in _comments(source):
        if found := LEFTOVERS.search(comment):
            yield line, found[1]
    for node in source.nodes:
        if isinstance(node, ast.Name) and node.id in ("NotImplementedError", "breakpoint"):
            yield node.lineno, node.id


def prints(source: Source) -> Breaches:
    """The product does not print: it answers, logs, or writes to the console that it was given."""
    for node in source.nodes:
        if isinstance(node, ast.Name) and node.id == "print":
            yield node.lineno, "print"


def suppressions(source: Source) -> Breaches:
    """A finding of linter or type checker that is switched off is named, with the reason."""
    for line, comment in _comments(source):
        if (found := SUPPRESSION.match(comment)) and not REASONED.fullmatch(found["rest"]):
            yield line, comment


def sentences(source: Source) -> Breaches:
    """Every test opens with the sentence that it proves."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            words = ast.get_docstring(node) or ""
            if not re.fullmatch(r"\S+\s\S+\s.+\.", words, re.DOTALL):
                yield node.lineno, f"{node.name} says {words!r}"


def _literal(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return all(map(_literal, node.elts))
    if isinstance(node, ast.Dict):
        return all(key is not None and _literal(key) for key in node.keys) and all(map(_literal, node.values))
    return isinstance(node, ast.UnaryOp) and _literal(node.operand)


def expected_first(source: Source) -> Breaches:
    """An assertion has the expected value first."""
    for node in source.nodes:
        match node:
            case ast.Assert(test=ast.Compare(left, [ast.Eq()], [right])) if _literal(right) and not _literal(left):
                yield node.lineno, ast.unparse(node)


def sleeps(source: Source) -> Breaches:
    """A test never sleeps; asyncio.sleep(0) lets other tasks run."""
    names = _imported(source)
    for node in source.nodes:
        match node:
            case ast.Call(args=[ast.Constant(value=0), *_]):
                continue
            case ast.Call(func=called) if _dotted(called, names) in ("time.sleep", "asyncio.sleep"):
                yield node.lineno, ast.unparse(node)


def unreasoned_skips(source: Source) -> Breaches:
    """A test that is skipped or expected to fail says why."""
    names = _imported(source)
    marks = tuple(f"pytest.mark.{name}" for name in ("skip", "skipif", "xfail"))
    calls = {id(node.func): node for node in source.nodes if isinstance(node, ast.Call)}
    for node in source.nodes:
        meant = _dotted(node, names)
        if meant in marks or meant in ("pytest.skip", "pytest.xfail"):
            call = calls.get(id(node))
            reason = call and (
                any(word.arg == "reason" for word in call.keywords) or (meant not in marks and call.args)
            )
            if not reason:
                yield getattr(node, "lineno", 0), meant


def addresses(source: Source) -> Breaches:
    """No file holds a path of a machine or the host of a package registry."""
    for pattern in (MACHINES, REGISTRIES):
        for found in pattern.finditer(source.text):
            yield source.text.count("\n", 0, found.start()) + 1, found[0]


# --- where each rule holds, and a breach that it must catch ---


def python(path: str) -> bool:
    """Python that people write: all of it but the generated messages."""
    return path.endswith(".py") and not path.startswith(GENERATED)


def product(path: str) -> bool:
    """The package itself."""
    return python(path) and (path.split("/")[0] in FLOORS or path == "__init__.py")


def in_tests(path: str) -> bool:
    """The tests and what they share."""
    return python(path) and path.startswith("tests/")


def sleepless(path: str) -> bool:
    """The tests but for what waits for real processes."""
    return in_tests(path) and not path.startswith(tuple(WAITERS))


def core(path: str) -> bool:
    """The package but for its imperative shell."""
    return product(path) and not path.startswith(tuple(SHELL))


def storeless(path: str) -> bool:
    """The package but for its stores."""
    return product(path) and not path.startswith(tuple(STORES))


def money(path: str) -> bool:
    """Where money is worked out."""
    return any(fnmatch(path, pattern) for pattern in MONEY)


class Rule(NamedTuple):
    """One rule, the files that it holds for, and the text of a file that breaks it."""

    check: Callable[[Source], Breaches]
    holds_for: Callable[[str], bool]
    breach: str


RULES = [
    Rule(long_functions, python, "def f():\n" + "    pass\n" * FUNCTION_LINES_MAX),
    Rule(long_functions, python, "class A:\n    async def f():\n" + "        pass\n" * FUNCTION_LINES_MAX),
    Rule(long_files, python, "x = 1\n" * (FILE_LINES_MAX + 1)),
    Rule(sql, storeless, 'x = "SELECT 1 FROM cases"'),
    Rule(
        sql,
        storeless,
        "from sqlalchemy.engine import Engine",
    ),
    Rule(clocks, core, "import time\nx = time.time()"),
    Rule(
        clocks,
        core,
        "from datetime import datetime as d\nd.now()",
    ),
    Rule(
        clocks,
        core,
        "from random import random\nx = random",
    ),
    Rule(floats, money, "rate = 0.13"),
    Rule(
        floats,
        money,
        "def f(amount):\n    return float(amount)",
    ),
    Rule(leftovers, python, "x = 1  # TO" + "DO: later"),
    Rule(leftovers, python, "def f():\n    raise NotImplemented" + "Error"),
    Rule(prints, product, "print(1)"),
    Rule(suppressions, product, "x = 1  # " + "noqa: E501"),
    Rule(suppressions, product, "x = 1  # " + "type: ignore - because"),
    Rule(sentences, in_tests, "def test_a():\n    pass"),
    Rule(sentences, in_tests, 'class TestA:\n    async def test_a(self):\n        """no sentence"""'),
    Rule(expected_first, in_tests, "assert f(1) == 2"),
    Rule(expected_first, in_tests, "assert f(1) == [-1, {'a': None}]"),
    Rule(sleeps, sleepless, "import asyncio as a\nawait a.sleep(0.1)"),
    Rule(unreasoned_skips, in_tests, "import pytest\n@pytest.mark.skip\ndef test_a(): ..."),
    Rule(unreasoned_skips, in_tests, "from pytest import mark\n@mark.skipif(True)\ndef test_a(): ..."),
    Rule(addresses, lambda _: True, "cd /" + "root/x"),
    Rule(addresses, lambda _: True, "index = 'https://py" + "pi.org/simple'"),
]


def breaches(rule: Rule, sources: Iterable[Source]) -> list[str]:
    """What breaks a rule, as `path:line what`."""
    return [
        f"{source.path}:{line} {what}"
        for source in sources
        if rule.holds_for(source.path)
        for line, what in rule.check(source)
    ]


@pytest.mark.parametrize("rule", {rule.check: rule for rule in RULES}.values(), ids=lambda rule: rule.check.__name__)
def test_rule_holds(rule: Rule) -> None:
    """The rule holds in every file that it is made for, and there are such files."""
    assert any(rule.holds_for(source.path) for source in files())
    found = breaches(rule, files())
    assert [] == found, "\n" + "\n".join(found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.check.__name__)
def test_rule_catches_a_breach(rule: Rule) -> None:
    """The rule finds a planted breach, once, and finds nothing in a file that keeps it."""
    kept = '"""A file."""\n\nimport time\n\nx: list[int] = []\nassert 1 == x[0]\n'
    assert 1 == len(list(rule.check(Source("planted.py", rule.breach))))
    assert [] == list(rule.check(Source("kept.py", kept)))


EXCEPTIONS = (
    [(clocks, place) for place in SHELL] + [(sql, place) for place in STORES] + [(sleeps, place) for place in WAITERS]
)


@pytest.mark.parametrize(("check", "place"), EXCEPTIONS, ids=lambda value: getattr(value, "__name__", value))
def test_exception_is_needed(check: Callable[[Source], Breaches], place: str) -> None:
    """What is excepted from a rule would break it: a list of exceptions can't keep what it no longer needs."""
    excepted = [source for source in files() if source.path.startswith(place) and python(source.path)]
    assert any(True for source in excepted for _ in check(source))


# --- the files beside the code ---


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_every_package_is_listed(project: dict[str, Any]) -> None:
    """Each folder with Python on the four floors is a package that pyproject.toml names, and it names no other."""
    folders = {source.path.rpartition("/")[0] for source in files() if source.path.endswith(".py")}
    on_floors = {folder for folder in folders if folder.split("/")[0] in FLOORS}
    named = {".".join(["onewindow", *folder.split("/")]) for folder in on_floors}
    assert sorted({"onewindow", *named}) == sorted(project["tool"]["setuptools"]["packages"])
    assert [] == sorted(folder for folder in on_floors if not (ROOT / folder / "__init__.py").is_file())


def test_every_data_file_is_shipped(project: dict[str, Any]) -> None:
    """Each file on the four floors that isn't Python is package data, so an installed gateway has it too."""
    patterns = project["tool"]["setuptools"]["package-data"]
    missing = [
        source.path
        for source in files()
        if source.path.split("/")[0] in FLOORS and not source.path.endswith((".py", ".pyx", ".pxi"))
        for package in [".".join(["onewindow", *source.path.split("/")[:-1]])]
        if not any(fnmatch(source.path.rpartition("/")[2], pattern) for pattern in patterns.get(package, []))
    ]
    assert [] == missing


def test_switched_off_lint_rules_have_reasons() -> None:
    """Each linter rule that pyproject.toml switches off has its reason on the line."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    ignored = re.search(r"^ignore = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    assert ignored is not None
    assert [] == [line for line in ignored[1].splitlines() if not re.fullmatch(r' +"[A-Z]+\d+", *# .{5,}', line)]


def test_make_targets_of_the_contract() -> None:
    """The Makefile has the targets that others rely on."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set() == {"demo", "test", "serve", "check", "bench", "load"} - targets


def test_changelog_knows_the_version(project: dict[str, Any]) -> None:
    """The changelog has an entry for the version in pyproject.toml."""
    assert f"## {project['project']['version']}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
