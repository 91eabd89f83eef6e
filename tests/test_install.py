"""How `install.sh` chooses between uv and pip, by stand-ins that write down how they are called."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ("chmod", "cp", "cut", "date", "env", "grep", "head", "ls", "rm", "sed", "sh", "tr")
LOCK = "some-package==1.0 \\\n    --hash=sha256:00\n    # via onewindow\nother-package==2.0 \\\n    --hash=sha256:11\n"
DEV_LOCK = LOCK + "uv==3.0 \\\n    --hash=sha256:22\n    # via onewindow\nxdist==1.0 \\\n    --hash=sha256:33\n"
FETCHED = "cp fetched .venv/bin/uv; chmod +x .venv/bin/uv"


class Place:
    """A folder with locks, the places of Python and uv, and nothing else on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "path").mkdir()
        (folder / "codecs").mkdir()
        (folder / ".venv" / "bin").mkdir(parents=True)
        for program in PROGRAMS:
            found = shutil.which(program)
            assert found, program
            (folder / "path" / program).symlink_to(found)
        (folder / "requirements.lock").write_text(LOCK, "utf-8")
        (folder / "requirements-dev.lock").write_text(DEV_LOCK, "utf-8")
        self.program(".venv/bin/python", "")

    def program(self, path: str, does: str) -> None:
        """A program that writes its arguments down and then does `does`."""
        name = Path(path).name
        text = f'#!/bin/sh\necho "{name} $*" >>calls\n{does}\n'
        (self.folder / path).write_text(text, "utf-8")
        (self.folder / path).chmod(0o755)

    def install(self, lock: str = "requirements.lock", **variables: str) -> list[str]:
        """The lines that install.sh writes, less the seconds."""
        environment = {"PATH": str(self.folder / "path"), "LC_ALL": "C", **variables}
        command = [shutil.which("sh") or "sh", str(ROOT / "install.sh"), lock]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=True)
        assert "" == done.stderr
        return done.stdout.splitlines()

    @property
    def calls(self) -> list[str]:
        """The calls that install something, as they were written down."""
        return [call for call in (self.folder / "calls").read_text("utf-8").splitlines() if " install " in call]

    @property
    def installs(self) -> list[str]:
        """Who installed what, in order."""
        last = [call.split()[-1] for call in self.calls]
        return [f"{call.split()[0]}: {what}" for call, what in zip(self.calls, last, strict=True)]

    @property
    def unchecked(self) -> list[str]:
        """The calls that install from a registry without looking at hashes."""
        return [call for call in self.calls if "--require-hashes" not in call and "--no-build-isolation" not in call]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder to install in."""
    return Place(tmp_path)


def test_uv_on_the_path_installs(place: Place) -> None:
    """A uv on the path installs lock and project, and pip is not asked."""
    place.program("path/uv", "")
    assert "Installing the 2 packages of requirements.lock with uv" == place.install()[0]
    assert ["uv: requirements.lock", "uv: ."] == place.installs
    assert [] == place.unchecked


def test_uv_is_fetched(place: Place) -> None:
    """Where no uv is on the path, pip fetches the pinned one, its hashes checked, and that one installs."""
    place.program("fetched", "")
    place.program(".venv/bin/python", f'case "$*" in *uv.lock) {FETCHED};; esac')
    assert "Fetching uv, which installs faster than pip" == place.install()[0]
    assert ["python: .venv/uv.lock", "fetched: requirements.lock", "fetched: ."] == place.installs
    pin = "uv==3.0 \\\n    --hash=sha256:22\n    # via onewindow\n"
    assert pin == (place.folder / ".venv" / "uv.lock").read_text("utf-8")
    assert [] == place.unchecked


def test_no_uv_to_be_had(place: Place) -> None:
    """Where uv can't be fetched either, pip installs, and one line says why."""
    place.program(".venv/bin/python", 'case "$*" in *uv.lock) echo "ERROR: no such wheel" >&2; exit 1;; esac')
    said = place.install()
    assert ["and none is to be had: ERROR: no such wheel"] == [line.split(" s, ")[1].strip() for line in said[1:2]]
    assert ["python: .venv/uv.lock", "python: requirements.lock", "python: ."] == place.installs
    assert [] == place.unchecked


def test_uv_fails(place: Place) -> None:
    """What uv fails at pip does instead, the rest too, and one line says why."""
    place.program("path/uv", 'echo "error: no route" >&2; echo "  to host" >&2; exit 2')
    said = place.install()
    assert ["and uv failed: error: no route to host"] == [line.split(" s, ")[1].strip() for line in said[1:2]]
    assert ["uv: requirements.lock", "python: requirements.lock", "python: ."] == place.installs
    assert [] == place.unchecked


def test_uv_is_not_wanted(place: Place) -> None:
    """UV=no leaves uv out, although it is on the path."""
    place.program("path/uv", "")
    place.install(UV="no")
    assert ["python: requirements.lock", "python: ."] == place.installs


def test_pips_settings_are_handed_on(place: Place) -> None:
    """A uv that pip fetched uses the index and the certificates that pip is set up with."""
    place.program("fetched", 'echo "$UV_DEFAULT_INDEX $SSL_CERT_FILE" >>seen')
    settings = "global.cert='/a/b.pem'\nglobal.extra-index-url='x'\nglobal.index-url='https://mirror.example/simple'\n"
    (place.folder / "settings").write_text(settings, "utf-8")
    (place.folder / "path" / "cat").symlink_to(shutil.which("cat") or "cat")
    place.program(".venv/bin/python", f'case "$*" in *uv.lock) {FETCHED};; *list) cat settings;; esac')
    place.install()
    assert ["https://mirror.example/simple /a/b.pem"] * 2 == (place.folder / "seen").read_text("utf-8").splitlines()


def test_development_lock_comes_on_top(place: Place) -> None:
    """The development lock is installed alone: the project is there already, and its walker stays."""
    place.program("path/uv", "")
    walker = place.folder / "codecs" / "_walk.abi.so"
    walker.touch()
    assert "Installing the 4 packages of requirements-dev.lock with uv" == place.install("requirements-dev.lock")[0]
    assert ["uv: requirements-dev.lock"] == place.installs
    assert walker.exists()


def test_walker_is_never_an_old_one(place: Place) -> None:
    """Where no walker can be compiled one of an earlier build goes, and a line says that Python does the work."""
    place.program("path/uv", "")
    (place.folder / "codecs" / "_walk.abi.so").touch()
    assert "no walker could be compiled here" in place.install()[-1]
    assert [] == list((place.folder / "codecs").iterdir())
