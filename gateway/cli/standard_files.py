"""Standard input, output and error: there whatever the caller closed, and quiet once nobody reads them any more."""

import os
import sys
from typing import IO


def open_standard_files() -> None:
    """Put the empty device where the caller has closed one: else the next file that is opened would take its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def discard(stream: IO[str]) -> None:
    """Let what is still to be written to a stream go nowhere, so that the end of the process is no failure."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
