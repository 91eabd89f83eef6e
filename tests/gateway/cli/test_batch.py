"""`onewindow submit --batch` against a gateway in a process of its own, and against what is none."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec
import pytest
from support.batches import NDJSON, one_bad_in_a_hundred, twin
from support.command_line import Ended, Run
from support.gateway_process import GatewayProcess, free_port

HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: {NDJSON}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()


def statuses(ended: Ended) -> list[tuple[int, int]]:
    """Line and status of each answer on standard output."""
    found = [msgspec.json.decode(line) for line in ended.out.splitlines()]
    return [(each["line"], each["status"]) for each in found]


def test_a_file_of_lines(run: Run, gateway: GatewayProcess, tmp_path: Path) -> None:
    """Each line is answered by a line on standard output, and one that is refused makes it a no."""
    file = tmp_path / "declarations.ndjson"
    file.write_bytes(b"".join(one_bad_in_a_hundred("CLI-B", 200)))
    ended = run("submit", "--batch", file, "--url", gateway.url)
    assert 1 == ended.status
    assert [(number, 202 if number % 100 else 422) for number in range(1, 201)] == statuses(ended)
    assert "198 taken, 0 taken before, 2 refused" in ended.err


def test_standard_input(run: Run, gateway: GatewayProcess) -> None:
    """Where every line is taken it is a yes, and so it is the second time."""
    lines = twin("CLI-B-A") + b"\n\n" + twin("CLI-B-B")
    for words in ("2 taken, 0 taken before, 0 refused", "0 taken, 2 taken before, 0 refused"):
        ended = run("submit", "--batch", "-", "--url", gateway.url, stdin=lines)
        assert (0, [(1, 202), (3, 202)]) == (ended.status, statuses(ended))
        assert words in ended.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("-",), "empty"),
        (("nowhere.ndjson",), "unreadable"),
        (("-", "--json"), "usage"),
        (("-", "--dry-run"), "usage"),
        (("-", "--receipt", "receipt.json"), "usage"),
        (("-", "--response", "response.xml"), "usage"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], code: str, run: Run, gateway: GatewayProcess) -> None:
    """A file that is empty or not there, and options that mean nothing here, are wrong usage."""
    ended = run("submit", "--batch", *arguments, "--url", gateway.url)
    assert 2 == ended.status
    assert code in ended.err


def test_no_gateway(run: Run) -> None:
    """Where there is no gateway it can't be reached."""
    ended = run("submit", "--batch", "-", "--url", f"http://127.0.0.1:{free_port()}", stdin=twin("CLI-B-C"))
    assert (3, "") == (ended.status, ended.out)
    assert "unreachable" in ended.err


Canned = Callable[[bytes], str]


@pytest.fixture
def canned() -> Iterator[Canned]:
    """The URL of a server that answers one request with these bytes and hangs up."""
    with ExitStack() as ending:

        def serve(answer: bytes) -> str:
            listening = ending.enter_context(closing(socket.create_server(("127.0.0.1", 0))))

            def respond() -> None:
                connection, _ = listening.accept()
                with connection:
                    received = b""
                    while b"\r\n0\r\n\r\n" not in received:
                        received += connection.recv(65_536)
                    connection.sendall(answer)

            thread = threading.Thread(target=respond)
            thread.start()
            ending.callback(thread.join)
            return f"http://127.0.0.1:{listening.getsockname()[1]}"

        yield serve


def chunks(*lines: str) -> bytes:
    """The lines, in a chunk each."""
    return b"".join(b"%x\r\n%s\n\r\n" % (len(line) + 1, line.encode()) for line in lines)


def test_a_batch_that_the_gateway_ends(run: Run, canned: Canned) -> None:
    """Where the gateway ends a batch before its end it is said from which line on to send it again."""
    answers = chunks('{"line":1,"status":202}', '{"line":2,"status":503,"last":true}')
    ended = run("submit", "--batch", "-", "--url", canned(HEAD + answers + b"0\r\n\r\n"), stdin=b"{}\n{}\n{}\n")
    assert (3, [(1, 202), (2, 503)]) == (ended.status, statuses(ended))
    assert "1 taken, 0 taken before, 0 refused" in ended.err
    assert "batch-ended" in ended.err
    assert "at line 2" in ended.err


def test_a_connection_that_breaks(run: Run, canned: Canned) -> None:
    """Where the connection breaks it is said after which answer, and that sending all again does no harm."""
    ended = run("submit", "--batch", "-", "--url", canned(HEAD + chunks('{"line":1,"status":202}')), stdin=b"{}\n{}\n")
    assert (3, [(1, 202)]) == (ended.status, statuses(ended))
    assert "batch-cut-off" in ended.err
    assert "after the answer to line 1" in ended.err


def test_what_is_no_gateway(run: Run, canned: Canned) -> None:
    """What answers with anything else than answers to lines is no gateway."""
    ended = run("submit", "--batch", "-", "--url", canned(HEAD + chunks("<html>") + b"0\r\n\r\n"), stdin=b"{}\n")
    assert (3, "") == (ended.status, ended.out)
    assert "not-a-gateway" in ended.err


def test_a_refusal_of_the_whole(run: Run, canned: Canned) -> None:
    """A batch that is not begun is refused as a declaration is."""
    problem = (
        b'{"type": "urn:onewindow:problem:stopping", "title": "Stopping", "detail": "The window is about to stop."}'
    )
    head = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 5\r\n"
    answer = head + b"Content-Length: %d\r\n\r\n" % len(problem) + problem
    ended = run("submit", "--batch", "-", "--url", canned(answer), stdin=b"{}\n")
    assert (3, "") == (ended.status, ended.out)
    assert "Try again in 5 s." in ended.err
