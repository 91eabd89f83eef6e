"""What libxml2 keeps of documents: nothing of one is there for the next."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from onewindow.codecs import DECLARATION, REPLY, Codec, parser
from onewindow.codecs.finding import Rejected
from onewindow.codecs.name_dictionary import REMEMBERED_BYTES_MAX

MIB = 1024 * 1024
FLOOD_BYTES = 24 * MIB
NAME_CHARS = 49_000
KEPT_BYTES_MAX = 8 * MIB
"""What a thread may hold after a flood that would leave three times as much, with what the allocator keeps."""

_numbers = count()
_STATM = Path("/proc/self/statm")

pytestmark = pytest.mark.skipif(not _STATM.exists(), reason="nothing tells how much memory the process holds")


def _name() -> str:
    return f"n{next(_numbers)}".ljust(NAME_CHARS, "x")


KINDS: dict[str, Callable[[], str]] = {
    "elements": lambda: f"<{_name()}/>",
    "attributes": lambda: f"<a {_name()}=''/>",
    "prefixes": lambda: f"<a xmlns:{_name()}='urn:a'/>",
    "namespaces": lambda: f"<a xmlns='urn:{_name()}'/>",
    "targets of processing instructions": lambda: f"<a><?{_name()} a?></a>",
    "what breaks off": lambda: f"<{_name()}><b></{_name()}>",
}


def _resident() -> int:
    return int(_STATM.read_text().split()[1]) * 4096


def _flood(read: Callable[[bytes], object], document: Callable[[], str]) -> int:
    """By how many bytes the process has grown after a flood, in a thread of its own."""

    def flood() -> int:
        send(1)  # what a first mistake makes, for good, is there before anything is measured
        before = _resident()
        send(FLOOD_BYTES)
        return _resident() - before

    def send(size: int) -> None:
        while size > 0:
            body = document().encode()
            size -= len(body)
            with suppress(Rejected):
                read(body)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(flood).result()


@pytest.fixture
def unforgetting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread keeps all names, as lxml has it."""
    monkeypatch.setattr(parser, "REMEMBERED_BYTES_MAX", 100 * FLOOD_BYTES)


@pytest.mark.parametrize("kind", KINDS)
def test_names_of_a_flood_are_not_kept(kind: str) -> None:
    """After a flood of documents with ever new names a thread holds no more than before it."""
    assert KEPT_BYTES_MAX > _flood(parser.parse, KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("unforgetting")
def test_kept_names_would_be_seen(kind: str) -> None:
    """Without the letting go the same flood stays in memory."""
    assert KEPT_BYTES_MAX < _flood(parser.parse, KINDS[kind])


@pytest.mark.parametrize("codec", [DECLARATION, REPLY], ids=lambda codec: codec.name)
def test_names_in_refused_messages_are_not_kept(codec: Codec[Any]) -> None:
    """Validating and explaining what is refused keeps nothing of it either."""
    head = f'<{codec.root} xmlns="{codec.namespace}" {{}}=""><{{}}/></{codec.root}>'
    assert KEPT_BYTES_MAX > _flood(codec.decode_xml, lambda: head.format(_name(), _name()))


@pytest.mark.parametrize(("beyond", "times"), [(0, 0), (1, 1)])
def test_names_are_let_go_of_past_the_limit(beyond: int, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread lets go of names once it has read more than the limit, and not before."""
    forgotten: list[None] = []
    monkeypatch.setattr(parser, "forget", lambda: forgotten.append(None))
    half = REMEMBERED_BYTES_MAX // 2

    def read() -> None:
        parser.parse(b"<a/>".ljust(half))
        parser.parse(b"<a/>".ljust(half + beyond))

    with ThreadPoolExecutor(1) as thread:
        thread.submit(read).result()
    assert times == len(forgotten)


def test_a_tree_outlives_the_names_of_its_thread() -> None:
    """A tree that is still in use is whole, however much the thread has read since, and can be put into another."""

    def read() -> bytes:
        kept = parser.parse(b'<kept xmlns:p="urn:p" p:a="1"><p:inner/></kept>')
        parser.parse(b"<a/>".ljust(REMEMBERED_BYTES_MAX + 1))
        other = parser.parse(b"<other/>")
        other.append(kept[0])
        del kept
        parser.parse(b"<a/>".ljust(REMEMBERED_BYTES_MAX + 1))
        return etree.tostring(other)

    with ThreadPoolExecutor(1) as thread:
        assert b'<other><p:inner xmlns:p="urn:p"/></other>' == thread.submit(read).result()
