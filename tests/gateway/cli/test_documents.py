"""`onewindow document` against a gateway in a process of its own."""

import re
from pathlib import Path

import pytest
from support.command_line import Ended, Run
from support.filing import DECLARANT, referring
from support.gateway_process import GatewayProcess

from onewindow.codecs.digest import digest


def add(run: Run, gateway: GatewayProcess, file: Path, *options: str | Path) -> Ended:
    """Put a file on file as the declarant's bill of lading."""
    stated = ("--type", "705", "--id", "BL-1", "--owner", DECLARANT, "--url", gateway.url)
    return run("document", "add", file, *stated, *options)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A document of two megabytes, other bytes in each test."""
    file = tmp_path / "scan.pdf"
    file.write_bytes(b"%PDF-1.7 " + str(tmp_path).encode() * 20_000)
    return file


def test_add_refer_and_get(run: Run, gateway: GatewayProcess, scan: Path, tmp_path: Path) -> None:
    """A document is put on file, referred to by a declaration as the command says, and fetched byte for byte."""
    added = add(run, gateway, scan)
    name = digest(scan.read_bytes())
    assert (0, "") == (added.status, added.err)
    assert f"<Digest>{name}</Digest>" in added.out
    ended = run("submit", "-", "--url", gateway.url, "--json", stdin=referring("DOC-1", name))
    assert 0 == ended.status
    shown = run("status", ended.json["id"], "--url", gateway.url, "--json")
    assert [(name, True)] == [(each["digest"], each["on_file"]) for each in shown.json["documents"]]
    seen = run("status", ended.json["id"], "--url", gateway.url, "--verbose").out
    assert ["705", "BL-1", "yes", "是"] == next(
        [*line.split()[:2], *line.split()[-2:]] for line in seen.splitlines() if "BL-1" in line
    )
    fetched = run("document", "get", name, "-o", tmp_path / "out.pdf", "--url", gateway.url)
    assert (0, "") == (fetched.status, fetched.out)
    assert scan.read_bytes() == (tmp_path / "out.pdf").read_bytes()


def test_json(run: Run, gateway: GatewayProcess, scan: Path, tmp_path: Path) -> None:
    """With --json each command prints one document, and what was stated is in it."""
    added = add(
        run, gateway, scan, "--share", "AAAAA", "--share", "BBBBB", "--expires", "2027-01-04T00:00:00Z", "--json"
    )
    stated = {
        name: added.json[name] for name in ("owner", "type_code", "id", "shared_with", "expires_at", "media_type")
    }
    assert {
        "owner": DECLARANT,
        "type_code": "705",
        "id": "BL-1",
        "shared_with": ["AAAAA", "BBBBB"],
        "expires_at": "2027-01-04T00:00:00Z",
        "media_type": "application/pdf",
    } == stated
    name = digest(scan.read_bytes())
    listed = run("document", "list", "--owner", DECLARANT, "--url", gateway.url, "--json")
    assert name in {entry["digest"] for entry in listed.json["documents"]}
    file = tmp_path / "out"
    fetched = run("document", "get", name, "--output", file, "--url", gateway.url, "--json")
    written = {"digest": name, "file": str(file), "bytes": scan.stat().st_size, "media_type": "application/pdf"}
    assert written == fetched.json


def test_list(run: Run, gateway: GatewayProcess, scan: Path) -> None:
    """A list names each document with its digest whole, so that it can be copied, and says when there are more."""
    add(run, gateway, scan, "--media-type", "image/png", "--expires", "2027-01-04T00:00:00Z")
    other = scan.with_suffix(".txt")
    other.write_bytes(b"another")
    add(run, gateway, other)
    ended = run("document", "list", "--limit", "1", "--url", gateway.url)
    assert 0 == ended.status
    assert digest(b"another") in ended.out
    assert "There are more" in ended.out
    none = run("document", "list", "--owner", "NOBODY1", "--url", gateway.url)
    assert (0, "There are none 无存档单证\n") == (none.status, none.out)
    assert "valid until 有效期至 2027-01-04" in run("document", "list", "--url", gateway.url).out


def test_refused(run: Run, gateway: GatewayProcess, scan: Path) -> None:
    """What the gateway does not take is a no with its findings."""
    ended = add(run, gateway, scan, "--expires", "tomorrow", "--share", "x")
    assert (1, "") == (ended.status, ended.out)
    assert re.search(r"\?expires_at.*\n.*\?shared_with", ended.err)
    large = scan.with_suffix(".tif")
    large.write_bytes(b"x" * (20 * 1024 * 1024 + 1))
    ended = add(run, gateway, large, "--json")
    assert (1, 413) == (ended.status, ended.json["status"])


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("scan.exe", b"x", "media-type"), ("empty.pdf", b"", "empty"), ("missing.pdf", None, "unreadable")],
)
def test_wrong_usage(
    run: Run, gateway: GatewayProcess, tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    """A file that is nothing to be sent is wrong usage."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ended = add(run, gateway, tmp_path / name)
    assert (2, "") == (ended.status, ended.out)
    assert ended.err.startswith(code)


def test_no_such_document(run: Run, gateway: GatewayProcess, tmp_path: Path) -> None:
    """Where there is no such document nothing is written, and a file that is there stays as it was."""
    file = tmp_path / "out.pdf"
    file.write_bytes(b"before")
    ended = run("document", "get", digest(b"none"), "-o", file, "--url", gateway.url)
    assert (1, b"before", [file]) == (ended.status, file.read_bytes(), list(tmp_path.iterdir()))
    assert "not-found" in ended.err


def test_place_that_can_not_be_written(run: Run, gateway: GatewayProcess, scan: Path, tmp_path: Path) -> None:
    """A place that can't be written is said in words."""
    add(run, gateway, scan)
    name = digest(scan.read_bytes())
    ended = run("document", "get", name, "-o", tmp_path / "no" / "out.pdf", "--url", gateway.url)
    assert 1 == ended.status
    assert "not-written" in ended.err


def test_no_gateway(run: Run, scan: Path) -> None:
    """Without a gateway every command says so."""
    url = ("--url", "http://127.0.0.1:9")
    stated = ("--type", "705", "--id", "BL-1", "--owner", DECLARANT)
    for command in (("add", scan, *stated), ("list",), ("get", digest(b"x"), "-o", scan.with_name("out"))):
        ended = run("document", *command, *url)
        assert (3, "") == (ended.status, ended.out)
        assert "unreachable" in ended.err
