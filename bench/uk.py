"""The UK's declarations through our codecs: bindings for its schema are compiled into a temporary folder."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from onewindow.codecs import Codec
from onewindow.codecs.walker import Walker

ROOT = "MetaData"


def bound(schema: Path, folder: Path) -> type[Any]:
    """The struct of a UK declaration. Raises CalledProcessError where our compiler does not take the schema."""
    module = folder / "uk_declaration.py"
    command = [sys.executable, "-m", "onewindow.gateway.cli", "bindings", str(schema), "-o", str(module)]
    subprocess.run(command, check=True, capture_output=True)
    spec = spec_from_file_location(module.stem, module)
    if spec is None or spec.loader is None:
        raise ImportError(module.stem)
    made = sys.modules[module.stem] = module_from_spec(spec)
    spec.loader.exec_module(made)
    found: type[Any] = getattr(made, ROOT)
    return found


def codec(schema: Path, type_: type[Any], walker: Walker) -> Codec[Any]:
    """The codec of a UK declaration with this walker."""
    return Codec.of(schema, type_, walker=walker)


def through(work: Callable[[Any], object], documents: Sequence[Any]) -> Callable[[], None]:
    """The work done on each document, one after the other."""

    def run() -> None:
        for each in documents:
            work(each)

    return run
