"""Modules compiled from XSDs on the spot, and the corpus of the United Kingdom's schemas and documents."""

import importlib.util
import itertools
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from onewindow.codecs.compiler import compile_module

_COUNT = itertools.count()


def loaded(source: str, folder: Path, name: str | None = None) -> ModuleType:
    """A generated module, imported under a name of its own."""
    name = name or f"bindings_{next(_COUNT)}"
    path = folder / f"{name}.py"
    path.write_text(source, "utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def compiled(schema: Path, folder: Path) -> ModuleType:
    """The module for an XSD, imported; its file is written into `folder`."""
    return loaded(compile_module(schema), folder)


def corpus_folder() -> Path:
    """Where the UK's schemas and documents are; skips the test where they are not."""
    beside = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "cds"
    folder = Path(os.environ.get("ONEWINDOW_CORPUS", beside))
    if not folder.is_dir():
        pytest.skip("the UK documents are not at ../shared/corpus/cds (nor where ONEWINDOW_CORPUS says)")
    return folder
