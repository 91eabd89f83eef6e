"""Errors that are provoked, and what each says: the reason in words, with the file, option or host to look at."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command_line import ONEWINDOW, Run
from support.fabricated import fabricated_gateway
from support.gateway_process import free_port
from support.tls import server_certificate

from onewindow.gateway.cli import client


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A valid declaration."""
    file = tmp_path / "good.xml"
    file.write_bytes(Path(__file__).parents[3].joinpath("schemas", "samples", "import.xml").read_bytes())
    return file


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


URLS = (
    ("127.0.0.1:18100", "not an http or https URL"),
    ("ftp://127.0.0.1", "not an http or https URL"),
    ("localhost", "not an http or https URL"),
    ("", "not an http or https URL"),
    ("http://", "names no host"),
    ("http://127.0.0.1:99999", "can't be read"),
    ("http://127.0.0.1:0", "names no host and port"),
    ("http://[::1", "can't be read"),
    ("http://one two", "blanks"),
    ("http://me:secret@127.0.0.1", "a user, a query or a fragment"),
    ("http://127.0.0.1/?x=1", "a user, a query or a fragment"),
)


@pytest.mark.parametrize(("url", "words"), URLS)
@pytest.mark.parametrize("command", [("status", "ID"), ("guide",), ("agency", "run", "tax"), ("webhook", "list")])
def test_what_is_no_url(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], url: str, words: str
) -> None:
    """An address that is no http(s) URL is wrong usage, named with where it came from; a password is not repeated."""
    ended = run(*command, "--url", url)
    assert (2, "") == (ended.status, ended.out)
    assert f"url --url {url.replace('me:secret@', '')}: " in ended.err
    assert words in ended.err


@pytest.mark.parametrize("command", [("status", "ID"), ("guide",), ("agency", "run", "tax"), ("webhook", "list")])
def test_a_variable_that_is_no_url(run: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]) -> None:
    """Every command that asks a gateway holds ONEWINDOW_URL against the same rule, and names it."""
    monkeypatch.setenv("ONEWINDOW_URL", "127.0.0.1:18100")
    ended = run(*command)
    assert (2, "") == (ended.status, ended.out)
    assert "url ONEWINDOW_URL 127.0.0.1:18100: this is not an http or https URL" in ended.err


FILES = (
    (("validate", "/dev/zero"), 1, "more than 4194304 bytes"),
    (("verify", "GOOD", "--trust", "/dev/zero"), 2, "/dev/zero: The file can't be read: it is larger than 4194304"),
    (("verify", "GOOD", "--trust", "FOLDER"), 2, "FOLDER: The file can't be read: is a directory."),
    (("verify", "GOOD", "--trust", "GOOD", "--receipt", "/dev/zero"), 2, "not a certificate in PEM"),
    (("validate", "GOOD", "--config", "/dev/zero"), 2, "/dev/zero: the file can't be read: it is larger than 4194304"),
    (("validate", "GOOD", "--config", "FOLDER"), 2, "FOLDER: the file can't be read: is a directory"),
    (("validate", "GOOD/more"), 2, "GOOD/more can't be read: not a directory."),
    (("validate", "FOLDER"), 2, "FOLDER can't be read: is a directory."),
    (("validate", "FOLDER/none"), 2, "FOLDER/none can't be read: no such file or directory."),
    (("document", "add", "/dev/zero", "--type", "705", "--id", "1", "--owner", "1", "--media-type", "text/csv"), 2,
     "/dev/zero can't be read: it is not a regular file."),
    (("document", "add", "PIPE", "--type", "705", "--id", "1", "--owner", "1", "--media-type", "text/csv"), 2,
     "PIPE can't be read: it is not a regular file."),
    (("bindings", "/dev/zero", "-o", "FOLDER/m.py"), 2, "/dev/zero can't be read: it is not a regular file."),
    (("bindings", "FOLDER", "-o", "FOLDER/m.py"), 2, "FOLDER can't be read: is a directory."),
    (("agency", "check", "tax", "--declaration", "/dev/zero"), 1, "more than 4194304 bytes"),
    (("agency", "answer", "tax", "M", "--outcome", "approved", "--token-file", "/dev/zero"), 2,
     "/dev/zero: a file of --token-file can't be used: it is larger than 8192 bytes"),
    (("agency", "run", "tax", "--ledger", "FOLDER/l.db", "--certificate", "/dev/zero"), 1,
     "/dev/zero: it is not a regular file."),
    (("agency", "run", "tax", "--ledger", "FOLDER/l.db", "--certificate", "GOOD"), 1,
     "GOOD: the file holds no certificate or key in PEM"),
    (("agency", "run", "tax", "--ledger", "FOLDER/l.db", "--transport", "nats", "--credentials", "/dev/zero"), 1,
     "/dev/zero: it is larger than 65536 bytes."),
    (("submit", "--batch", "GOOD/more"), 2, "GOOD/more can't be read: not a directory."),
    (("sample", "--items", "many"), 2, "--items many is not allowed; allowed is a whole number."),
    (("webhook", "resend", "W", "--after", "0"), 2, "--after 0 is no cursor: write 0-0 for everything"),
    (("webhook", "add", "http://127.0.0.1:1", "--after", "1-"), 2, "--after 1- is no cursor"),
    (("events", "--after", "yesterday"), 2, "--after yesterday is no cursor"),
    (("keys", "init", "GOOD/more"), 1, "The folder for the keys can't be made: file exists."),
)  # fmt: skip


@pytest.mark.parametrize(("command", "status", "words"), FILES, ids=[" ".join(command) for command, _, _ in FILES])
def test_what_is_given(run: Run, good: Path, tmp_path: Path, command: tuple[str, ...], status: int, words: str) -> None:
    """What can't be read or used is named, with why, in both languages; and nothing is read without end."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def named(text: str) -> str:
        return text.replace("GOOD", str(good)).replace("FOLDER", str(tmp_path)).replace("PIPE", str(pipe))

    ended = run(*map(named, command))
    assert (status, "") == (ended.status, ended.out)
    assert named(words) in ended.err
    assert "not permitted" not in ended.err
    assert any("\u4e00" <= each <= "\u9fff" for each in ended.err)


def test_a_document_from_a_pipe(run: Run, good: Path) -> None:
    """A single document may come through a pipe that has a name, as shells hand it on, and from standard input."""
    reading, writing = os.pipe()
    os.write(writing, good.read_bytes()[:60_000])
    os.close(writing)
    try:
        assert 0 == run("validate", f"/dev/fd/{reading}").status
    finally:
        os.close(reading)
    assert 0 == run("validate", "-", stdin=good.read_bytes()).status


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of one who takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def test_a_gateway_that_is_not_there(run: Run, silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody there, a name that stands for nothing, and one who says nothing are three reasons."""
    nobody = f"http://127.0.0.1:{free_port()}"
    for url, words in (
        (nobody, "connection refused. Start one"),
        ("http://gateway.invalid", "the name stands for no address"),
        (f"http://{silent}", "it did not answer in time"),
    ):
        if silent in url:
            monkeypatch.setattr(client.Client._call, "__defaults__", (None, 0.05))
        ended = run("status", "ID", "--url", url)
        assert 3 == ended.status
        assert f"unreachable The gateway at {url} can't be reached: {words}" in ended.err


def test_a_proxy_that_is_down(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that can't be reached is named, with the variable that names it and the way past it."""
    proxy = f"http://127.0.0.1:{free_port()}"
    for scheme in ("http", "https"):
        monkeypatch.setenv(f"{scheme}_proxy", proxy.replace("//", "//me:secret@"))
        ended = run("status", "ID", "--url", f"{scheme}://gateway.example")
        assert 3 == ended.status
        words = f"proxy-unreachable The proxy {proxy} ({scheme.upper()}_PROXY), on the way to the gateway at"
        assert words in ended.err
        assert "connection refused. NO_PROXY=gateway.example goes past it." in ended.err
        assert "secret" not in ended.err


def test_a_proxy_that_is_none(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of another kind, and what is no address, are wrong usage."""
    for proxy in ("socks5://127.0.0.1:1", "nonsense"):
        monkeypatch.setenv("http_proxy", proxy)
        ended = run("status", "ID", "--url", "http://gateway.example")
        assert 2 == ended.status
        assert f"The environment names the proxy {proxy} (HTTP_PROXY); allowed is http://HOST:PORT." in ended.err


def test_an_answer_through_a_proxy_names_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What answers in the gateway's place may be the proxy, and so is named."""
    with fabricated_gateway("x") as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        ended = run("status", "ID", "--url", "http://gateway.example")
    assert 3 == ended.status
    assert f"not-a-gateway What answers at http://gateway.example through the proxy {proxy} (HTTP 200)" in ended.err


@pytest.mark.parametrize(
    ("address", "days", "believed", "words"),
    [
        ("127.0.0.1", 1, False, "the certificate is its own authority, which is not trusted. SSL_CERT_FILE names"),
        ("127.0.0.1", -1, True, "the certificate has run out"),
        ("127.0.0.2", 1, True, "the certificate is for another address"),
    ],
)
def test_a_certificate_that_is_not_taken(tmp_path: Path, address: str, days: int, believed: bool, words: str) -> None:
    """A server whose certificate is not trusted, has run out or is another's is refused with that reason."""
    certificate = server_certificate(tmp_path, address, days)
    environ = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    if believed:
        environ["SSL_CERT_FILE"] = str(certificate[0])
    with fabricated_gateway("x", certificate=certificate) as url:
        command = [*ONEWINDOW, "status", "ID", "--url", url]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environ, encoding="utf-8")
    assert 3 == ended.returncode
    assert f"unreachable The gateway at {url} can't be reached: {words}" in ended.stderr


def test_a_server_that_speaks_no_tls(run: Run) -> None:
    """Https to what speaks HTTP is said so."""
    with fabricated_gateway("x") as url:
        ended = run("status", "ID", "--url", url.replace("http:", "https:"))
    assert 3 == ended.status
    assert "what it speaks is not TLS" in ended.err
