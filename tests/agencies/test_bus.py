"""The connection to the bus: encryption, credentials, and what the permissions of the documentation allow."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from nats.errors import NoRespondersError
from support.nats_accounts import ACCOUNT, Accounts, Identity
from support.nats_server import NatsServer, nats_server
from support.outgoing import desk, message
from support.tls import client_certificate, server_certificate

from onewindow.agencies.bus import Bus, BusAccess
from onewindow.agencies.credentials_file import read_credentials
from onewindow.agencies.desk_nats import NatsDesk
from onewindow.agencies.ledger import MemoryLedger
from onewindow.agencies.nats import Consumer, Nats, laid_out
from onewindow.agencies.return_address import Answered, Brought, receive, return_address
from onewindow.agencies.transport import Unreachable

ROOT = Path(__file__).resolve().parents[2]
TAX = "tax"


async def outage(bus: Bus) -> str:
    """Why the bus can't be reached, after it was tried."""
    async with bus, asyncio.timeout(30):
        while bus.attempts < 2:
            await asyncio.sleep(0)
        with pytest.raises(Unreachable) as why:
            bus.client()
        return why.value.detail


@asynccontextmanager
async def connected(access: BusAccess) -> AsyncIterator[Bus]:
    """A bus that is there."""
    async with Bus(access) as bus:
        async with asyncio.timeout(30):
            await bus.connected()
        yield bus


async def test_tls(tmp_path: Path) -> None:
    """A server is spoken to over TLS, and only where its certificate is from the authority that was named."""
    certificate, key = server_certificate(tmp_path)
    settings = f'tls {{ cert_file: "{certificate}", key_file: "{key}" }}'
    async with nats_server(tmp_path, more=settings, scheme="tls") as server:
        async with connected(BusAccess(url=server.url, ca=certificate)) as bus:
            await bus.client().flush()
        assert "CERTIFICATE_VERIFY_FAILED" in await outage(Bus(BusAccess(url=server.url)))


async def test_no_tls(tmp_path: Path) -> None:
    """A server that does not speak TLS, or somebody in between who says so, is told nothing over `tls://`."""
    async with nats_server(tmp_path, scheme="tls") as server:
        assert "the server does not speak TLS" == await outage(Bus(BusAccess(url=server.url)))


@pytest.mark.parametrize(
    ("reply", "headers"),
    [
        (b"_INBOX.x", b"NATS/1.0 503 \xff\r\n\r\n"),
        (b"_INBOX.x", b"NATS/1.0 \xff\xff\xff\r\n\r\n"),
        (b"_INBOX.x", b"NATS/1.0"),
        (b"_INBOX.\xff", b"NATS/1.0\r\nA: b\r\n\r\n"),
    ],
)
async def test_what_nobody_can_read(tmp_path: Path, reply: bytes, headers: bytes) -> None:
    """Headers and reply subjects that are no text leave the connection reading what comes after them."""
    came: asyncio.Queue[Brought] = asyncio.Queue()

    async def take(brought: Brought) -> Answered:
        came.put_nowait(brought)
        return Answered(200)

    async with nats_server(tmp_path) as server, connected(BusAccess(url=server.url)) as bus:
        await receive(bus.client(), return_address(TAX), take)
        await bus.client().flush()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        await reader.readline()
        writer.write(b'CONNECT {"verbose": false, "headers": true}\r\n')
        size = len(headers)
        writer.write(b"HPUB onewindow.replies.tax %s %d %d\r\n%sodd\r\n" % (reply, size, size + 3, headers))
        writer.write(b"PUB onewindow.replies.tax 5\r\nsound\r\nPING\r\n")
        async with asyncio.timeout(30):
            while await reader.readline() != b"PONG\r\n":
                pass
            while (await came.get()).body != b"sound":
                pass
        writer.close()
        assert 1 == bus.attempts


async def test_a_connection_that_reads_no_more(tmp_path: Path) -> None:
    """A connection whose reading has ended, while the library counts it as connected, is made anew at once."""
    async with nats_server(tmp_path) as server, connected(BusAccess(url=server.url)) as bus:
        first = bus.client()
        assert first._reading_task is not None
        first._reading_task.cancel()
        async with asyncio.timeout(4):  # sooner than the next regular look
            while bus.attempts < 2:
                await asyncio.sleep(0)
            assert await bus.connected() is not first


def documented(title: str) -> list[str]:
    """Subjects in the documentation's table of permissions, those of `tax`."""
    text = (ROOT / "docs" / "agencies.md").read_text("utf-8")
    (row,) = re.findall(rf"^\| {title} \|(.*)\|$", text, re.MULTILINE)
    return [each.replace("CODE", TAX) for each in re.findall(r"`([^`]+)`", row)]


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[tuple[NatsServer, Path, Path]]:
    """A server, and the credentials of the window and of tax, with the permissions that the documentation names."""
    accounts = Accounts()
    files = [
        accounts.credentials(
            tmp_path / f"{who}.creds",
            documented(f"{who}, publish"),
            documented(f"{who}, subscribe"),
            answers=who == "window",
        )
        for who in ("window", "agency")
    ]
    async with nats_server(tmp_path, more=accounts.settings) as server:
        yield server, files[0], files[1]


async def worked(window: BusAccess, agency: BusAccess) -> None:
    """Returns once window and tax have done their work: laid a message twice, fetched it, brought the reply."""
    came: asyncio.Queue[Brought] = asyncio.Queue()

    async def take(brought: Brought) -> Answered:
        came.put_nowait(brought)
        return Answered(200)

    async with Bus(window) as bus:
        bus.keep(laid_out([Consumer(TAX, 60.0, 8)]))
        client = await bus.connected()
        await receive(client, "onewindow.replies.*", take, "window")
        transport = Nats(bus, TAX)
        for _ in range(2):
            await transport.deliver(message(TAX))
        ledger = MemoryLedger()
        async with Bus(agency) as own:
            running = asyncio.create_task(NatsDesk(desk(TAX, ledger), own).run())
            async with asyncio.timeout(30):
                brought = await came.get()
                while (await client.jetstream().stream_info("ONEWINDOW")).state.messages:
                    await asyncio.sleep(0)
            running.cancel()
            await asyncio.wait([running])
    assert [brought.body] == [entry.reply for entry in ledger.entries()]
    assert (TAX,) == brought.to


async def test_documented_permissions_are_enough(guarded: tuple[NatsServer, Path, Path]) -> None:
    """With their credentials and the documented permissions window and agency do their work."""
    server, window, agency = guarded
    await worked(
        BusAccess(url=server.url, credentials=window),
        BusAccess(url=server.url, credentials=agency, inbox="_INBOX.tax"),
    )


async def test_documented_server(tmp_path: Path) -> None:
    """With the documentation's server configuration, its users known by their certificates, both do their work.

    It allows the subjects of the table and no others, and a certificate that is no user's is not let in.
    """
    text = (ROOT / "docs" / "agencies.md").read_text("utf-8")
    tls, users = (
        re.search(rf"^{name} {{.*?\n(?=```)", text, re.DOTALL | re.MULTILINE) for name in ("tls", "authorization")
    )
    assert tls is not None
    assert users is not None
    subjects = [documented(f"{who}, {what}") for who in ("window", "agency") for what in ("publish", "subscribe")]
    expected = {each for row in subjects for each in row if each != "allow_responses"}
    assert expected | {"CN=onewindow", "CN=tax"} == set(re.findall(r'"([^"\n]+)"', users[0]))
    certificate, key = server_certificate(tmp_path)
    clients = {name: client_certificate(tmp_path, name) for name in ("onewindow", TAX, "nobody")}
    trusted = tmp_path / "ca.pem"
    trusted.write_bytes(b"".join(file.read_bytes() for file, _ in clients.values()))
    settings = tls[0] + users[0]
    for name, file in (("server.pem", certificate), ("server-key.pem", key), ("ca.pem", trusted)):
        settings = settings.replace(f'"{name}"', f'"{file}"')

    def access(name: str, inbox: str) -> BusAccess:
        own = clients[name]
        return BusAccess(url=server.url, ca=certificate, certificate=own[0], private_key=own[1], inbox=inbox)

    async with nats_server(tmp_path, more=settings, scheme="tls") as server:
        await worked(access("onewindow", "_INBOX.window"), access(TAX, "_INBOX.tax"))
        assert "Authorization Violation" in await outage(Bus(access("nobody", "_INBOX.nobody")))


async def test_documented_permissions_are_enough_for_a_check(guarded: tuple[NatsServer, Path, Path]) -> None:
    """With them a check of the agency lays messages, sees that they are not fetched, takes them out and is answered."""
    server, window, agency = guarded
    came: asyncio.Queue[Brought] = asyncio.Queue()
    address = return_address(TAX, "run")

    async def take(brought: Brought) -> Answered:
        came.put_nowait(brought)
        return Answered(200)

    async with Bus(BusAccess(url=server.url, credentials=window)) as bus:
        bus.keep(laid_out([Consumer(TAX, 60.0, 8)]))
        await receive(await bus.connected(), address, take)
        transport, outgoing = Nats(bus, TAX, address), message(TAX)
        await transport.deliver(outgoing)
        assert not await transport.was_fetched(outgoing.message_id)
        await transport.take_out(outgoing.message_id)
        assert not await transport.lies(outgoing.message_id)
        await transport.deliver(outgoing)
        async with Bus(BusAccess(url=server.url, credentials=agency, inbox="_INBOX.tax")) as own:
            running = asyncio.create_task(NatsDesk(desk(TAX), own).run())
            async with asyncio.timeout(30):
                assert (TAX, "run") == (await came.get()).to
            running.cancel()
            await asyncio.wait([running])
        assert await transport.was_fetched(outgoing.message_id)


@pytest.mark.parametrize(
    "subject",
    ["onewindow.replies.customs", "onewindow.messages.tax.x.1", "$JS.API.CONSUMER.MSG.NEXT.ONEWINDOW.customs"],
)
async def test_documented_permissions_are_no_more(guarded: tuple[NatsServer, Path, Path], subject: str) -> None:
    """An agency can't reply as another, lay messages, or fetch another's: what it may say finds nobody here."""
    server, _, agency = guarded
    async with connected(BusAccess(url=server.url, credentials=agency, inbox="_INBOX.tax")) as own:
        with pytest.raises(NoRespondersError):
            await own.client().request(return_address(TAX), b"{}", timeout=30)
        with pytest.raises(TimeoutError):
            await own.client().request(subject, b"{}", timeout=0.3)


async def test_no_credentials(guarded: tuple[NatsServer, Path, Path]) -> None:
    """Who shows no credentials is not let in, and hears so."""
    assert "Authorization Violation" in await outage(Bus(BusAccess(url=guarded[0].url)))


@pytest.mark.parametrize("damage", ["jwt", "seed", "checksum", "kind"])
def test_damaged_credentials(tmp_path: Path, damage: str) -> None:
    """A file without a token or a key, or whose key is damaged or no user's, is told before anything is tried."""
    file = Accounts().credentials(tmp_path / "a.creds", [], [], answers=False)
    read_credentials(file)
    text = file.read_text("ascii")
    seed = next(line for line in text.splitlines() if line.startswith("SU"))
    spoilt = {
        "jwt": text.replace("NATS USER JWT", "SOMETHING"),
        "seed": text.replace("USER NKEY SEED", "SOMETHING"),
        "checksum": text.replace(seed, f"{seed[:20]}{'A' if seed[20] != 'A' else 'B'}{seed[21:]}"),
        "kind": text.replace(seed, Identity(ACCOUNT).seed),
    }
    file.write_text(spoilt[damage], encoding="ascii")
    with pytest.raises(ValueError, match=r"there is no|seed"):
        read_credentials(file)
