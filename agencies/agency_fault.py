"""An agency's fault: its own code, a split or reference rules, fails; which agency's, how, and where in its package.

Other agencies have no part in it: whoever runs an agency's code does so within `faults_of`.
"""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import PurePath
from typing import Any, Final

from ..codecs.finding import Text
from .agency import AnyAgency

CAUSE_CHARS_MAX: Final = 300
"""What is shown of an exception's own text."""


class Work(StrEnum):
    """What of an agency's code has failed."""

    SPLIT = "split"
    RULES = "rules"


_WORK: Final = {Work.SPLIT: Text("its split", "其分发程序"), Work.RULES: Text("its rules", "其审核规则")}


class AgencyFault(Exception):
    """An agency's own code has failed; the exception that it raised is the cause of this one.

    agency: its code. name: its name. work: which code. words: what was raised, by type and text, and where: file (its
    folders are nobody's business) and line.
    """

    def __init__(self, agency: AnyAgency, work: Work, words: Text) -> None:
        super().__init__(f"{agency.code}: {words.en}")
        self.agency = agency.code
        self.name = agency.name
        self.work = work
        self.words = words


@contextmanager
def faults_of(agency: AnyAgency, work: Work) -> Iterator[None]:
    """Whatever the agency's code raises in here, an exit from the process included, is raised as AgencyFault."""
    try:
        yield
    except (Exception, SystemExit) as error:
        raise AgencyFault(agency, work, _words(agency, work, error)) from error


def _words(agency: AnyAgency, work: Work, error: BaseException) -> Text:
    what, cause = _WORK[work], _cause(error)
    place = _place(agency.split if work is Work.SPLIT else agency.assess, error)
    if place is None:
        return Text(f"{what.en} fails with {cause}", f"{what.zh}出错：{cause}")
    file, line = place
    return Text(
        f"{what.en} fails in {file}, line {line}, with {cause}", f"{what.zh}在 {file} 第 {line} 行出错：{cause}"
    )


def _cause(error: BaseException) -> str:
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 - an exception of theirs may have faults of its own
        said = ""
    said = "".join(character if character.isprintable() else " " for character in said)
    said = said if len(said) <= CAUSE_CHARS_MAX else said[:CAUSE_CHARS_MAX] + "..."
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _place(function: Callable[..., Any] | None, error: BaseException) -> tuple[str, int] | None:
    """The last line of the agency's own package on the way to the error; else where the function begins."""
    module = getattr(function, "__module__", None) or ""
    package = module.rpartition(".")[0] or module
    own = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if f"{frame.f_globals.get('__name__', '')}.".startswith(f"{package}.")
    ]
    code = getattr(function, "__code__", None)
    if not own and code is not None:
        own = [(code.co_filename, code.co_firstlineno)]
    return (PurePath(own[-1][0]).name, own[-1][1]) if own else None
