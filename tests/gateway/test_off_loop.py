"""Where documents are worked on: on the event loop, or in a thread."""

import threading

import pytest

from onewindow import schemas
from onewindow.codecs import DECLARATION, Rejected
from onewindow.codecs.explaining import check_place
from onewindow.gateway import intake
from onewindow.gateway import off_loop as off_loop_module
from onewindow.gateway.off_loop import GIVEN_BACK_BYTES, THREAD_BYTES, THREAD_MARK_COUNT, off_loop, read_off_loop

SAMPLE = schemas.sample("import")


@pytest.mark.parametrize(
    ("body", "on_loop"),
    [
        (b"x" * THREAD_BYTES, True),
        (b"x" * (THREAD_BYTES + 1), False),
        (b"<i/>" * THREAD_MARK_COUNT, True),
        (b"<i/>" * THREAD_MARK_COUNT + b"<", False),
        (b"a='' " * THREAD_MARK_COUNT, True),
        (b"a='' " * THREAD_MARK_COUNT + b"=", False),
        (b"{}" * THREAD_MARK_COUNT, True),
        (b"{}," * THREAD_MARK_COUNT, False),
        (b"[" * THREAD_MARK_COUNT, True),
        (b"[" * (THREAD_MARK_COUNT + 1), False),
    ],
)
async def test_limits(body: bytes, on_loop: bool) -> None:
    """A document with as many bytes or marks as the limits is read on the loop, one with one more in a thread."""
    assert on_loop == (threading.get_ident() == await read_off_loop(body, threading.get_ident))


@pytest.mark.parametrize(("size", "on_loop"), [(THREAD_BYTES, True), (THREAD_BYTES + 1, False)])
async def test_own_documents(size: int, on_loop: bool) -> None:
    """Documents of our own are worked on on the loop up to the limit."""
    assert on_loop == (threading.get_ident() == await off_loop(size, threading.get_ident))


async def test_mistakes_are_explained_in_a_thread() -> None:
    """Work that comes to mistakes on the loop is done again in a thread, and ends there."""
    tried: list[int] = []

    def work() -> int:
        tried.append(threading.get_ident())
        check_place()
        return len(tried)

    assert 2 == await read_off_loop(SAMPLE, work)
    here, there = tried
    assert (threading.get_ident(), True) == (here, there != here)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (SAMPLE.replace(b"<FunctionCode>9<", b"<FunctionCode>x<"), intake.XML),
        (SAMPLE.replace(b"<GoodsItemQuantity>3<", b"<GoodsItemQuantity>4<"), intake.XML),
        (b'{"FunctionCode": 9}', intake.JSON),
        (b"{}", intake.JSON),
    ],
)
async def test_findings_are_the_same(body: bytes, media_type: str) -> None:
    """Where mistakes are explained changes nothing in the findings."""
    with pytest.raises(Rejected) as here:
        intake.read(body, media_type)
    with pytest.raises(Rejected) as there:
        await read_off_loop(body, lambda: intake.read(body, media_type))
    assert here.value.findings == there.value.findings


async def test_a_valid_document_is_read_where_it_is() -> None:
    """A valid document is read once, on the loop."""
    read: list[int] = []

    def work() -> object:
        read.append(threading.get_ident())
        return DECLARATION.decode_xml(SAMPLE)

    assert DECLARATION.decode_xml(SAMPLE) == await read_off_loop(SAMPLE, work)
    assert [threading.get_ident()] == read


@pytest.mark.parametrize(("size", "times"), [(GIVEN_BACK_BYTES, 0), (GIVEN_BACK_BYTES + 1, 1)])
async def test_memory_is_given_back(size: int, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a document took of memory is given back past the limit, whether or not it was taken."""
    given: list[None] = []
    give_back = off_loop_module.give_back

    def counted() -> None:
        given.append(give_back())

    def refused() -> None:
        raise Rejected("invalid", ())

    monkeypatch.setattr(off_loop_module, "give_back", counted)
    await read_off_loop(b"x" * size, lambda: None)
    assert times == len(given)
    with pytest.raises(Rejected):
        await read_off_loop(b"x" * size, refused)
    assert 2 * times == len(given)
