"""`onewindow agency check` of agencies that run as processes of their own, over HTTP and from a mailbox."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from support.agency_process import AgencyProcess, listens
from support.command_line import Run, output
from support.gateway_process import GatewayProcess, free_port, serving
from support.nats_server import NatsServer

from onewindow.agencies.nats import STREAM


@contextmanager
def agency(folder: Path, transport: str, *options: str) -> Iterator[AgencyProcess]:
    """A reference agency that runs, and is gone afterwards."""
    process = AgencyProcess(folder, "tax", transport, *options)
    process.start()
    try:
        yield process
    finally:
        asyncio.run(process.kill())


def configuration(folder: Path, port: int, **tax: str) -> Path:
    """A configuration file."""
    file = folder / "onewindow.toml"
    settings = "\n".join(f'{key} = "{value}"' for key, value in tax.items())
    file.write_text(f"[gateway]\nport = {port}\n[agencies.tax]\n{settings}\n", "utf-8")
    return file


def states(out: str) -> dict[str, str]:
    """The state of each check."""
    return {name: state for name, state, *_ in (line.split("\t") for line in out.splitlines())}


def test_mailbox(run: Run, tmp_path: Path) -> None:
    """An agency that fetches its messages does so from the check, with its token, and keeps the contract."""
    port = free_port()
    token = tmp_path / "token"
    token.write_text("a-token-of-tax-in-a-test\n", "ascii")
    config = configuration(tmp_path, port, transport="mailbox", token_file=str(token))
    with agency(tmp_path, "mailbox", "--url", f"http://127.0.0.1:{port}", "--token-file", str(token)):
        ended = run("agency", "check", "tax", "--config", config)
    assert (0, {"kept", "skipped"}) == (ended.status, set(states(ended.out).values()))
    assert "kept" == states(ended.out)["duplicates-at-once"]
    assert f"stands in for the gateway at http://127.0.0.1:{port}" in ended.err


def test_mailbox_elsewhere(run: Run, tmp_path: Path) -> None:
    """Where something listens at the gateway's address that is said, with what to do; --listen does it."""
    elsewhere = free_port()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config = configuration(tmp_path, taken.getsockname()[1], transport="mailbox")
        ended = run("agency", "check", "tax", "--config", config)
        assert (1, "") == (ended.status, ended.out)
        assert "Stop the gateway for the check, or give --listen" in ended.err
        with agency(tmp_path, "mailbox", "--url", f"http://127.0.0.1:{elsewhere}"):
            ended = run("agency", "check", "tax", "--config", config, "--listen", f"127.0.0.1:{elsewhere}")
    assert (0, {"kept", "skipped"}) == (ended.status, set(states(ended.out).values()))


def test_http(run: Run, tmp_path: Path) -> None:
    """An agency that answers at once is checked also where late answers can't be heard, which is said."""
    port = free_port()
    with socket.create_server(("127.0.0.1", 0)) as taken, agency(tmp_path, "http", "--port", str(port)):
        listens(port)
        config = configuration(
            tmp_path, taken.getsockname()[1], transport="http", url=f"http://127.0.0.1:{port}/messages"
        )
        ended = run("agency", "check", "tax", "--config", config)
    assert (0, {"kept", "skipped"}) == (ended.status, set(states(ended.out).values()))
    assert "can't be heard" in ended.err


def test_http_by_hand(run: Run, tmp_path: Path) -> None:
    """One that leaves its answers to a person, who gives none, breaks that; unheard, it is an error and no verdict."""
    port = free_port()
    with agency(tmp_path, "http", "--port", str(port), "--by-hand", "declaration"):
        listens(port)
        config = configuration(tmp_path, free_port(), transport="http", url=f"http://127.0.0.1:{port}/messages")
        ended = run("agency", "check", "tax", "--config", config, "--patience", "200ms")
        assert (1, ["late-answers"]) == (
            ended.status,
            [name for name, state in states(ended.out).items() if state == "broken"],
        )
        with socket.create_server(("127.0.0.1", 0)) as taken:
            at = taken.getsockname()[1]
            config = configuration(tmp_path, at, transport="http", url=f"http://127.0.0.1:{port}/messages")
            ended = run("agency", "check", "tax", "--config", config)
    assert (1, "") == (ended.status, ended.out)
    assert "no-address" in ended.err


def test_bus(run: Run, tmp_path: Path) -> None:
    """An agency on a bus keeps the contract, and the check lays out what it needs there; without a bus it says so."""
    server = NatsServer(tmp_path)
    config = on_bus(tmp_path / "onewindow.toml", server.url)
    ended = run("agency", "check", "tax", "--config", config)
    assert (1, "") == (ended.status, ended.out)
    assert f"The bus at {server.url} can't be used" in ended.err
    asyncio.run(server.start())
    try:
        with agency(tmp_path, "nats", "--bus", server.url):
            ended = run("agency", "check", "tax", "--config", config)
    finally:
        asyncio.run(server.kill())
    assert (0, {"kept", "skipped"}) == (ended.status, set(states(ended.out).values()))
    assert "kept" == states(ended.out)["id-reused"]


def test_bus_beside_a_gateway(run: Run, tmp_path: Path) -> None:
    """Beside a gateway on the same bus the check leaves the gateway's messages, and what is answered to it, alone."""
    server = NatsServer(tmp_path)
    asyncio.run(server.start())
    try:
        process = GatewayProcess(tmp_path, reached={"tax": {"transport": "nats"}}, bus=server.url)
        (declaration := tmp_path / "declaration.xml").write_bytes(output("sample"))
        with serving(process):
            assert 0 == run("submit", declaration, "--url", process.url, "--wait", "0").status
            waited(server)
            config = process.folder / "onewindow.toml"
            assert 1 == run("agency", "check", "tax", "--config", config, "--patience", "200ms").status
            assert 1 == asyncio.run(lying(server))
            with agency(tmp_path, "nats", "--bus", server.url):
                ended = run("agency", "check", "tax", "--config", config)
                assert (0, {"kept", "skipped"}) == (ended.status, set(states(ended.out).values()))
                assert 0 == run("submit", declaration, "--url", process.url).status
                assert 0 == asyncio.run(lying(server))
            with urlopen(f"{process.url}/metrics") as answer:  # noqa: S310 - the gateway of this test
                assert b"onewindow_replies_refused_total{" not in answer.read()
    finally:
        asyncio.run(server.kill())


def waited(server: NatsServer) -> None:
    """Returns once a message lies on the bus."""
    while not asyncio.run(lying(server)):
        pass


async def lying(server: NatsServer) -> int:
    """How many messages lie on the bus or are leased."""
    client = await server.client()
    try:
        return int((await client.jetstream().stream_info(STREAM)).state.messages)
    finally:
        await client.close()


def on_bus(file: Path, url: str) -> Path:
    """A configuration file."""
    file.write_text(f'[bus]\nurl = "{url}"\n[agencies.tax]\ntransport = "nats"\n', "utf-8")
    return file


@pytest.mark.parametrize(
    ("listen", "words"),
    [("127.0.0.1", "gateway.host"), ("127.0.0.1:x", "gateway.port"), ("0.0.0.0:1", "not a loopback address")],
)
def test_wrong_address(run: Run, listen: str, words: str) -> None:
    """An address that is none, or that other machines could reach, is wrong usage."""
    ended = run("agency", "check", "tax", "--listen", listen)
    assert (2, "") == (ended.status, ended.out)
    assert words in ended.err
