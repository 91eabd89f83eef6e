"""`onewindow submit --batch` against a gateway in a process of its own, and against what is none."""

import csv
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec
import pytest
from support.batches import NDJSON, one_bad_in_a_hundred, spoilt, twin
from support.command_line import Ended, Run
from support.gateway_process import GatewayProcess, free_port

from onewindow.codecs.finding import Text
from onewindow.gateway.cli import batch_validation
from onewindow.gateway.cli.batch_report import Row, Wait, write

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
        (("-", "--report", "report.pdf"), "usage"),
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


def rows(file: Path) -> list[dict[str, str]]:
    """The rows of a report in CSV, which has to have a byte order mark."""
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))


def test_a_report(run: Run, gateway: GatewayProcess, tmp_path: Path) -> None:
    """A report says of each line what became of it, as CSV and as JSON lines, without a call for each case."""
    lines = twin("CLI-R-A") + b"\n\n" + spoilt("CLI-R-B") + b"\n" + twin("CLI-R-C")
    for name in ("report.csv", "report.ndjson"):
        ended = run("submit", "--batch", "-", "--report", tmp_path / name, "--url", gateway.url, stdin=lines)
        assert (1, [(1, 202), (3, 422), (4, 202)]) == (ended.status, statuses(ended))
    first, second, third = rows(tmp_path / "report.csv")
    assert ("1", "taken", "CLI-R-A", "decided", "cleared") == tuple(
        first[name] for name in ("line", "result", "reference", "status", "outcome")
    )
    assert ("3", "invalid", "") == tuple(second[name] for name in ("line", "result", "case"))
    assert second["wrong_en"].startswith("/Declaration/TypeCode: ")
    assert "TypeCode" in second["wrong_zh"]
    again = [msgspec.json.decode(line) for line in (tmp_path / "report.ndjson").read_bytes().splitlines()]
    assert ["taken-before", "invalid", "taken-before"] == [row["result"] for row in again]
    assert [first["case"], None, third["case"]] == [row["case"] for row in again]
    assert ["decided", None, "decided"] == [row["status"] for row in again]


def test_a_dry_run(run: Run, gateway: GatewayProcess, tmp_path: Path) -> None:
    """With --dry-run each line is answered with what would become of it, and nothing is taken."""
    lines = twin("CLI-D-A") + b"\n" + spoilt("CLI-D-B")
    report = tmp_path / "report.csv"
    for _ in range(2):
        ended = run("submit", "--batch", "-", "--dry-run", "--report", report, "--url", gateway.url, stdin=lines)
        assert (1, [(1, 200), (2, 422)]) == (ended.status, statuses(ended))
        assert "1 would be taken, 1 would be refused" in ended.err
    assert [("would-be-taken", "cleared"), ("invalid", "")] == [(row["result"], row["outcome"]) for row in rows(report)]
    assert run("submit", "--batch", "-", "--url", gateway.url, stdin=twin("CLI-D-A")).err.startswith("1 taken, 0 taken")


def test_validation_without_a_gateway(run: Run, tmp_path: Path) -> None:
    """Each line is validated without a gateway, with the findings that it would have alone; one too long is one."""
    report = tmp_path / "report.ndjson"
    long = b" " * (batch_validation.LINE_BYTES_MAX + 1)
    at_limit = twin("CLI-V-D").ljust(batch_validation.LINE_BYTES_MAX)
    lines = b"\n".join((twin("CLI-V-A"), b"", spoilt("CLI-V-B"), long, b"{", at_limit))
    ended = run("validate", "--batch", "-", "--report", report, stdin=lines)
    found = [msgspec.json.decode(line) for line in ended.out.splitlines()]
    assert 1 == ended.status
    assert [(1, True), (3, False), (4, False), (5, False), (6, True)] == [
        (each["line"], each["valid"]) for each in found
    ]
    assert ["CLI-V-A", None, None, None, "CLI-V-D"] == [each["reference"] for each in found]
    assert ["/Declaration/TypeCode", "body-bytes"] == [
        found[1]["findings"][0]["pointer"],
        found[2]["findings"][0]["code"],
    ]
    assert "2 valid, 3 not" in ended.err
    assert 5 == len(report.read_bytes().splitlines())
    assert 0 == run("validate", "--batch", "-", stdin=twin("CLI-V-C")).status
    assert 2 == run("validate", "--batch", "-", stdin=b"\n \n").status


def test_a_report_of_nothing_that_a_spreadsheet_would_work_out(tmp_path: Path) -> None:
    """A cell that a spreadsheet would take for a formula is text, and a line that waits says for whom and why."""
    waits = (Wait("tax", Text("has its message and has not answered yet", "已分发，尚未答复")),)
    file = tmp_path / "report.csv"
    write(file, [Row(line=1, result="taken", reference="=1+1", case="c", status="processing", waits_for=waits)])
    (row,) = rows(file)
    assert ("'=1+1", "tax has its message and has not answered yet") == (row["reference"], row["waits_for_en"])
    assert "tax 已分发，尚未答复" == row["waits_for_zh"]
