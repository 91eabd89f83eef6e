"""onewindow: one trade declaration in, one signed answer out.

Four floors, and imports run down only:

    gateway   the window: HTTP interface, cases, dispatch, merge, store, command line
    agencies  what each agency is sent, its reference rules, and the transports that reach it
    codecs    bytes to typed structs and back: parsing, validation, bindings, signatures
    schemas   the XSDs, the one source of every message
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("onewindow")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.0.0"
