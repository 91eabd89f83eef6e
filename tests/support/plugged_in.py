"""Agencies outside the package, installed by pip as their owners would, with no network, in a folder of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PIP = (
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-index",
    "--no-build-isolation",
    "--no-deps",
)


def install(package: Path, folder: Path) -> Path:
    """Install a package's folder; the folder to be put on PYTHONPATH for whoever is to find it.

    A copy is built: building leaves files beside the source.
    """
    source, target = folder / f"{package.name}-source", folder / f"{package.name}-installed"
    shutil.copytree(package, source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build"))
    python(*PIP, "--target", str(target), str(source))
    return target


def python(*arguments: str, path: Sequence[Path] = (), folder: Path | None = None, status: int = 0) -> str:
    """What a Python of its own writes, with these folders on its path; it has to end with `status`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ONEWINDOW_")}
    environment["PYTHONPATH"] = os.pathsep.join(str(each) for each in path)
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    ended = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=folder, env=environment
    )
    assert status == ended.returncode, ended.stdout + ended.stderr
    return ended.stdout
