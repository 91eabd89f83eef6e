"""Agencies tried on the samples: what fails is named with its place, before a trader's declaration meets it."""

from importlib import import_module
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.windows import now

from onewindow.agencies import UnusableAgency, installed
from onewindow.agencies.agency import AnyAgency, NotConcerned
from onewindow.agencies.agency_fault import CAUSE_CHARS_MAX
from onewindow.agencies.trial import tried
from onewindow.codecs.finding import Text

PLUG_IN = """
import msgspec
from msgspec.structs import replace
from onewindow.agencies.customs import AGENCY as CUSTOMS
from onewindow.agencies.projection import projection

class Message(msgspec.Struct):
    functional_reference_idd: str

def misspelt(declared):
    return projection(declared, Message)

def failing(declared):
    return {}[declared.functional_reference_id]

def leaving(declared):
    raise SystemExit("I leave")

def untold(declared):
    class Untold(Exception):
        def __str__(self):
            raise KeyError
    raise Untold

def at_length(declared):
    raise ValueError("two\\nlines" + "x" * 1000)

def half(declared):
    return replace(CUSTOMS.split(declared), functional_reference_id="")

def other(declared):
    return "no message"

def ruling(message, message_id, now):
    raise OSError(5, "no such port")

def deciding(message, message_id, now):
    return replace(CUSTOMS.assess(message, message_id, now), message_id="")
"""


@pytest.fixture
def agency(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> AnyAgency:
    """An agency of a package of its own, with the split or the rules that are asked for."""
    part, name = request.param
    (tmp_path / f"port_{name}.py").write_text(PLUG_IN, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    function = getattr(import_module(f"port_{name}"), name)
    return replace(installed()["customs"], code="port-health", **{part: function})


@pytest.mark.parametrize(
    ("agency", "code", "cause", "place"),
    [
        (("split", "misspelt"), "split-fails", "ValidationError: Object missing required", "return projection"),
        (("split", "failing"), "split-fails", "KeyError: ", "return {}"),
        (("split", "leaving"), "split-fails", "SystemExit: I leave", 'SystemExit("'),
        (("split", "untold"), "split-fails", "with Untold", "raise Untold"),
        (("split", "at_length"), "split-fails", f"two lines{'x' * (CAUSE_CHARS_MAX - 9)}...", "raise ValueError("),
        (("split", "half"), "split-fails", "Rejected: invalid: /Customs/FunctionalReferenceID", "def half"),
        (("split", "other"), "split-fails", "Error: ", "def other"),
        (("assess", "ruling"), "rules-fail", "OSError: [Errno 5] no such port", "raise OSError"),
        (("assess", "deciding"), "rules-fail", "Rejected: invalid: /Reply/MessageID", "def deciding"),
    ],
    indirect=["agency"],
)
def test_what_fails_is_named(agency: AnyAgency, code: str, cause: str, place: str) -> None:
    """An agency whose own code fails on a sample is refused: exception, text, file and line, in both languages."""
    with pytest.raises(UnusableAgency) as caught:
        tried([*installed().values(), agency], now())
    found = caught.value.finding
    line = next(number for number, text in enumerate(PLUG_IN.splitlines(), start=1) if place in text)
    file = f"port_{(agency.split if code == 'split-fails' else agency.assess).__name__}.py"  # type: ignore[union-attr]
    assert (f"agency.{code}", "onewindow.agencies/port-health") == (found.code, found.pointer)
    assert all("'port-health'" in each or "“port-health”" in each for each in (found.message.en, found.message.zh))
    assert all(cause.removeprefix("with ") in each for each in (found.message.en, found.message.zh))
    assert f" in {file}, line {line}, with " in found.message.en
    assert f" {file} 第 {line} 行" in found.message.zh


def test_what_is_sound_passes() -> None:
    """The agencies that are installed pass, and so do one that is not concerned and one without rules."""
    customs = installed()["customs"]
    reason = NotConcerned(Text("None of our business.", "不属于本部门职责。"))
    aloof = [replace(customs, split=lambda declared, said=said: said) for said in (None, reason)]
    tried([*installed().values(), *aloof, replace(customs, assess=None)], now())
