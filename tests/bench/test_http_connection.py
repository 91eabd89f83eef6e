"""The load generator's HTTP: requests as the gateway reads them, answers however the bytes come."""

import asyncio

import pytest

from onewindow.bench.http_connection import Answer, BrokenOff, HttpConnection, request, taken

HEAD = b"HTTP/1.1 202 Accepted\r\nLocation: /v1/declarations/7\r\ncontent-length: 5"
WHOLE = HEAD + b"\r\n\r\nhello"


@pytest.mark.parametrize("cut", range(len(WHOLE)))
def test_an_answer_in_two_pieces(cut: int) -> None:
    """Wherever an answer is cut, nothing is taken before its end, and then all of it and no more."""
    received = bytearray(WHOLE[:cut])
    assert None is taken(received)
    received += WHOLE[cut:] + b"HTTP"
    assert Answer(202, HEAD, b"hello") == taken(received)
    assert b"HTTP" == received


def test_headers() -> None:
    """A header is found whatever its letters' case, and None where it isn't there."""
    answer = Answer(202, HEAD, b"")
    assert ("/v1/declarations/7", "5", None) == tuple(map(answer.header, ("location", "Content-Length", "Retry-After")))


@pytest.mark.parametrize("head", [b"SSH-2.0\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 2x0 OK\r\n\r\n"])
def test_what_is_no_answer(head: bytes) -> None:
    """Another protocol, or an answer whose end can't be known, is refused."""
    with pytest.raises(ValueError, match=r"."):
        taken(bytearray(head))


def test_request() -> None:
    """A request has its headers, the length of its body, and the body."""
    expected = b"POST /v1 HTTP/1.1\r\nHost: here\r\nAccept: a/b\r\nContent-Length: 2\r\n\r\nhi"
    assert expected == request("POST", "/v1", "here", {"Accept": "a/b"}, b"hi")


async def test_one_after_the_other() -> None:
    """Requests on one connection get their answers in turn; one that the server breaks off is told as such."""
    answers = [WHOLE, WHOLE.replace(b"hello", b"again"), HEAD]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for each in answers:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(each)
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        connection = await HttpConnection.open(*server.sockets[0].getsockname())
        asked = request("GET", "/", "here", {})
        assert [b"hello", b"again"] == [(await connection.ask(asked)).body for _ in range(2)]
        with pytest.raises(BrokenOff):
            await connection.ask(asked)
        with pytest.raises(BrokenOff):
            await connection.ask(asked)
