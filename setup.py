"""The optional compiled walker; without a C compiler or Cython the package installs without it, in Python alone."""

import os
from pathlib import Path

from setuptools import Extension, setup

SOURCE = "codecs/_walk.pyx"
PARTS = ["codecs/_walk_table.pxi", "codecs/_walk_reading.pxi", "codecs/_walk_writing.pxi", "codecs/_walk_survey.pxi"]

# Python's own -O3 -g compiles for three times as long, and decoding is no faster for it. CFLAGS asks for other flags.
FLAGS = [] if os.name == "nt" or "CFLAGS" in os.environ else ["-O1", "-g0"]


def extensions() -> list[Extension]:
    """The extension to try, where what writes its C code is at hand and takes lxml's declarations."""
    try:
        import lxml
        from Cython.Build import cythonize
        from Cython.Compiler.Errors import CompileError
    except ImportError:
        return []
    module = Extension(
        "onewindow.codecs._walk", [SOURCE], depends=PARTS, include_dirs=lxml.get_include(), extra_compile_args=FLAGS
    )
    site = str(Path(lxml.__file__).parent.parent)
    try:
        found: list[Extension] = cythonize([module], include_path=[site], build_dir="build/cython")
    except CompileError:
        return []
    for each in found:
        each.optional = True  # said here, because cythonize makes extensions of its own
    return found


setup(ext_modules=extensions())
