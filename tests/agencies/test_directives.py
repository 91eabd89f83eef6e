"""Directives: what test references ask agencies to act out."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow.agencies.directives import (
    FAILURES_MAX,
    NOTHING,
    POINTER,
    Directive,
    Fault,
    directions,
    directive_words,
    unknown_agencies,
)
from onewindow.codecs.limits import VALUE_CHARS_MAX
from onewindow.codecs.messages.codes import ReplyOutcome

REFUSED = Directive(outcome=ReplyOutcome.REFUSED)


def test_the_reference_of_the_contract() -> None:
    """Four agencies, an outcome and three faults, and an end that tells references apart."""
    asked = directions(
        "TEST-customs=refuse;tax=timeout;quality-inspection=late:30s;market-supervision=duplicate-20261121-1"
    )
    assert () == asked.mistakes
    assert {
        "customs": REFUSED,
        "tax": Directive(fault=Fault.TIMEOUT),
        "quality-inspection": Directive(fault=Fault.LATE, delay=timedelta(seconds=30)),
        "market-supervision": Directive(fault=Fault.DUPLICATE, failures=None),
    } == asked.of


@pytest.mark.parametrize(
    ("text", "directive"),
    [
        ("approve", Directive(outcome=ReplyOutcome.APPROVED)),
        ("approve-7", Directive(outcome=ReplyOutcome.APPROVED)),
        ("approve-with-conditions", Directive(outcome=ReplyOutcome.APPROVED_WITH_CONDITIONS)),
        ("approve-with-conditions-7", Directive(outcome=ReplyOutcome.APPROVED_WITH_CONDITIONS)),
        ("inspect", Directive(outcome=ReplyOutcome.INSPECTION_REQUIRED)),
        ("supplement", Directive(outcome=ReplyOutcome.SUPPLEMENT_REQUIRED)),
        ("supplement-R1", Directive(outcome=ReplyOutcome.SUPPLEMENT_REQUIRED)),
        ("supplement-required-1", Directive(outcome=ReplyOutcome.SUPPLEMENT_REQUIRED)),
        *((outcome.value, Directive(outcome=outcome)) for outcome in ReplyOutcome),
        ("out-of-order", Directive(fault=Fault.OUT_OF_ORDER)),
        ("late:1.5h-7", Directive(fault=Fault.LATE, delay=timedelta(minutes=90))),
        ("late:1d", Directive(fault=Fault.LATE, delay=timedelta(days=1))),
        ("unreachable", Directive(fault=Fault.UNREACHABLE)),
        ("unreachable:always", Directive(fault=Fault.UNREACHABLE)),
        ("unreachable:3", Directive(fault=Fault.UNREACHABLE, failures=3)),
        (f"unreachable:{FAILURES_MAX}", Directive(fault=Fault.UNREACHABLE, failures=FAILURES_MAX)),
        ("malformed", Directive(fault=Fault.MALFORMED, failures=1)),
        ("malformed:2-x", Directive(fault=Fault.MALFORMED, failures=2)),
        ("malformed:always", Directive(fault=Fault.MALFORMED)),
        ("refuse;tax=late:5s", Directive(outcome=ReplyOutcome.REFUSED, fault=Fault.LATE, delay=timedelta(seconds=5))),
        ("late:5s;tax=refuse", Directive(outcome=ReplyOutcome.REFUSED, fault=Fault.LATE, delay=timedelta(seconds=5))),
    ],
)
def test_words(text: str, directive: Directive) -> None:
    """Each word asks for its outcome or its fault; an agency may have one of both."""
    asked = directions(f"TEST-tax={text}")
    assert ({"tax": directive}, ()) == (asked.of, asked.mistakes)


@pytest.mark.parametrize("reference", ["TEST-1", "TEST-", "TEST-tax", "DEMO-1", "tax=refuse", "test-tax=refuse", ""])
def test_references_that_ask_nothing(reference: str) -> None:
    """A reference that does not begin with TEST-, or in which no = follows, is a reference like any other."""
    assert NOTHING == directions(reference)


@pytest.mark.parametrize(
    "wrong",
    [
        "tax=",
        "=refuse",
        "tax=refusee",
        "tax=Refuse",
        "tax=refuse:3",
        "tax=approve-with-condition",
        "tax=supplement-requird",
        "tax=late",
        "tax=late:",
        "tax=late:30",
        "tax=late:25h",
        "tax=timeout:3s",
        "tax=unreachable:0",
        f"tax=unreachable:{FAILURES_MAX + 1}",
        "tax=unreachable:03",
        "tax=malformed:never",
        "tax",
        "tax=refuse 1",
    ],
)
def test_what_cannot_be_followed(wrong: str) -> None:
    """What can't be followed is one mistake that says where it stands and lists every word, and asks nothing."""
    asked = directions(f"TEST-{wrong};customs=refuse")
    assert {"customs": REFUSED} == asked.of
    (mistake,) = asked.mistakes
    assert ("test-directive", POINTER, wrong) == (mistake.code, mistake.pointer, mistake.value)
    for word in directive_words():
        assert word.form in mistake.message.en
        assert word.form in mistake.message.zh


@pytest.mark.parametrize("text", ["refuse-1;customs=approve", "refuse;;customs=approve", "refuse;tax=approve"])
def test_one_mistake_in_a_row(text: str) -> None:
    """Only the last word may be followed by something else, and an agency has one outcome."""
    assert 1 == len(directions(f"TEST-tax={text}").mistakes)


@pytest.mark.parametrize("text", ["approve-with-condition", "approved-with", "supplement-requird", "refused1"])
def test_a_misspelt_end_is_no_end(text: str) -> None:
    """What looks like the end of a longer word, misspelt, is a mistake and not what tells references apart."""
    assert [f"tax={text}"] == [each.value for each in directions(f"TEST-tax={text}").mistakes]


def test_two_faults_of_one_agency() -> None:
    """An agency has one fault."""
    assert ["tax=timeout"] == [each.value for each in directions("TEST-tax=duplicate;tax=timeout").mistakes]


def test_agencies_that_are_not_there() -> None:
    """Each agency that is none is one mistake that names those that there are."""
    asked = directions("TEST-taxes=refuse;customs=refuse;fisheries=late:1s")
    found = unknown_agencies(asked, ("customs", "tax"))
    assert ["taxes", "fisheries"] == [each.value for each in found]
    assert {"customs, tax"} == {each.expected for each in found}


def test_attempts_that_fail() -> None:
    """A fault that is to pass fails as often as it says; one that is not, always."""
    passing, lasting = Directive(fault=Fault.UNREACHABLE, failures=2), Directive(fault=Fault.UNREACHABLE)
    assert [True, True, False] == [passing.fails(attempt) for attempt in (1, 2, 3)]
    assert lasting.fails(1_000)


def test_every_fault_and_outcome_has_a_word() -> None:
    """The list of words has one for every outcome and every fault, in both languages, and each can be written."""
    asked = set()
    for word in directive_words():
        assert word.meaning.en
        assert word.meaning.zh
        written = word.form.replace("DURATION", "1s").replace("[:COUNT]", ":1")
        asked.add(directions(f"TEST-tax={written}").of["tax"])
    assert {each.outcome for each in asked} == {*ReplyOutcome, None}
    assert {each.fault for each in asked} == {*Fault, None}


@given(st.text(max_size=140))
def test_any_reference_can_be_read(text: str) -> None:
    """No reference makes reading it fail, and no finding repeats more of it than a finding may."""
    asked = directions(f"TEST-{text}")
    assert all(len(mistake.value or "") <= VALUE_CHARS_MAX for mistake in asked.mistakes)
    assert {code for code in asked.of if code == ""} == set()
