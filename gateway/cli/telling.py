"""Telling the user why a command ends."""

from rich.text import Text

from .console import stderr, write_json
from .ending import Stop
from .findings_view import show_findings
from .language import spoken


def tell(stop: Stop, *, as_json: bool) -> int:
    """Say it on standard error, with --json also as a problem document on standard output; the exit status."""
    if as_json:
        write_json(stop.problem or stop.document())
    else:
        # Where the ending says what its only finding says, once is enough.
        show_findings(stderr(), [finding for finding in stop.findings if finding.message.en not in stop.en])
    stderr().print(Text(stop.code, "bad.strong"), end=" ")
    english, chinese = spoken()
    if english or not stop.zh:
        stderr().print(stop.en, soft_wrap=True)
    if chinese and stop.zh:
        stderr().print(stop.zh, soft_wrap=True, style="quiet" if english else "")
    return stop.status
