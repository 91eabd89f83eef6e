"""What the headers Accept and Prefer ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow.gateway.api.negotiation import JSON, XML, choose, wait_seconds


@pytest.mark.parametrize(
    ("expected", "accept"),
    [
        (JSON, None),
        (JSON, ""),
        (JSON, "*/*"),
        (XML, "application/xml"),
        (XML, "APPLICATION/XML"),
        (XML, "application/xml;charset=utf-8"),
        (JSON, "application/*"),
        (XML, "application/json;q=0.5, application/xml"),
        (JSON, "application/json, application/xml"),
        (XML, "application/json;q=0, */*"),
        (XML, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        (XML, "*/*;q=0.1, application/xml;q=0.2"),
        (None, "text/plain"),
        (None, "application/xml;q=0"),
        (None, "application/xml;q=nan"),
        (None, "application/xml;q=0.12345"),
        (None, "application"),
        (None, ",;,="),
    ],
)
def test_accept(expected: str | None, accept: str | None) -> None:
    """The media type chosen is the one that Accept weighs most, JSON among equals, none where none is wanted."""
    assert expected == choose(accept, (JSON, XML))


@given(st.text())
def test_any_accept_header_is_read(accept: str) -> None:
    """Whatever Accept says, the choice is an offered type or none."""
    assert choose(accept, (JSON, XML)) in (JSON, XML, None)


@pytest.mark.parametrize(
    ("expected", "prefer"),
    [
        (None, None),
        (None, ""),
        (None, "respond-async"),
        (None, "wait"),
        (None, "wait=soon"),
        (None, "wait=-1"),
        (None, "wait=1.5"),
        (0, "wait=0"),
        (10, "wait=10"),
        (10, 'Wait = "10"'),
        (10, "respond-async, wait=10; foo=bar"),
        (10, "wait=10, wait=20"),
        (60, "wait=61"),
        (60, "wait=" + "9" * 5000),
        (10, "wait=00000000000010"),
        (None, "wait=１０"),
    ],
)
def test_prefer_wait(expected: int | None, prefer: str | None) -> None:
    """`Prefer: wait` is whole seconds, at most the longest wait; what can't be read is ignored (RFC 7240)."""
    assert expected == wait_seconds(prefer, 60)
