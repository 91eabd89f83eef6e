"""The words for codes of failures between the window and an agency."""

import re
from pathlib import Path

import pytest

from onewindow.gateway.failure_words import WORDS, failure_words, then_words

ROOT = Path(__file__).resolve().parents[2]
CODE = "[a-z]+(?:-[a-z]+)*"
RAISED = re.compile(rf'(?:Unreachable|_failure)\((?:work, )?"({CODE})"|REFUSED = "({CODE})"|errno\.E\w+: "({CODE})"')
NAMED = re.compile(rf"Unreachable(?:: |\()((?:`{CODE}`,?\s*)+)")


def codes(source: str) -> set[str]:
    """The codes that a module raises, and those that its docstrings say it raises."""
    raised = {code for groups in RAISED.findall(source) for code in groups if code}
    return raised | {code for names in NAMED.findall(source) for code in re.findall(CODE, names)}


@pytest.mark.parametrize(
    ("module", "one"),
    [
        ("agencies/http.py", "name-unknown"),
        ("agencies/nats.py", "bus-not-ready"),
        ("agencies/bus.py", "bus-unreachable"),
        ("agencies/inprocess.py", "no-desk"),
        ("agencies/simulated.py", "simulated-failure"),
        ("gateway/delivery.py", "result-missing"),
    ],
)
def test_every_code_has_words(module: str, one: str) -> None:
    """Every code that a transport raises, or says it raises, has words in both languages."""
    found = codes((ROOT / module).read_text("utf-8"))
    assert one in found
    assert set() == found - set(WORDS)
    assert all(failure_words(code).en != failure_words(code).zh for code in found)


def test_what_was_refused_rests() -> None:
    """Of a message that its agency refused nobody says that it is tried again at once."""
    assert {True} == {"rests for an hour" in then_words(f"message-{how}").en for how in ("refused", "undeliverable")}
    assert "It is tried again." == then_words("timeout").en
