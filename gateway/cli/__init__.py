"""The command line: `onewindow`. One module per command; what they need is imported when they run."""

import sys
from collections.abc import Sequence


def main(tokens: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0, 1, 2, 3 as the contract has them, 130 after Ctrl-C.

    tokens: the arguments, those of the process by default.
    """
    try:
        from .application import run

        return run(sys.argv[1:] if tokens is None else tokens)
    except KeyboardInterrupt:
        return 130
