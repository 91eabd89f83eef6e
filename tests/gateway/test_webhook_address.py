"""Where webhooks may lead, by URL and by address."""

import pytest

from onewindow.gateway.webhook_address import OWN_ADDRESS, leads_back, may_lead_to, objection

OWN = ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]
PRIVATE = [
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 - not bound to
    "224.0.0.1", "255.255.255.255", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "localhost", "", "1",
]  # fmt: skip
PUBLIC = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"]


@pytest.mark.parametrize("address", OWN)
def test_own_addresses(address: str) -> None:
    """Loopback addresses are for demo mode, where the callers are on this machine too, and for no other."""
    assert (True, False) == (may_lead_to(address, demo=True), may_lead_to(address, demo=False))


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    """An address of somebody's own network, or none at all, is never led to."""
    assert (False, False) == (may_lead_to(address, demo=True), may_lead_to(address, demo=False))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    """A public address is led to, but not in demo mode."""
    assert (False, True) == (may_lead_to(address, demo=True), may_lead_to(address, demo=False))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9000/hook?key=1",
        "https://localhost/",
        "HTTP://LOCALHOST",
        "http://[::1]:9000/",
        "http://127.1.2.3/" + "x" * (2048 - 17),
    ],
)
def test_urls_of_demo_mode(url: str) -> None:
    """In demo mode a URL may name this machine, by address or as localhost."""
    assert objection(url, demo=True) is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://10.0.0.1/", "loopback"),
        ("http://169.254.169.254/latest/meta-data", "loopback"),
        ("http://[::ffff:10.0.0.1]/", "loopback"),
        ("http://example.com/", "loopback"),
        ("http://localhost.example.com/", "loopback"),
        ("http://127.0.0.1.example.com/", "loopback"),
        ("http://2130706433/", "loopback"),
        ("http://0x7f.1/", "loopback"),
        ("http://0/", "loopback"),
        ("http://127.0.0.1@example.com/", "user name"),
        ("http://user:pass@127.0.0.1/", "user name"),
        ("http://:pass@127.0.0.1/", "user name"),
        ("http://127.0.0.1/#fragment", "fragment"),
        ("http://127.0.0.1/" + "x" * (2049 - 17), "2048"),
        ("ftp://127.0.0.1/", "no http"),
        ("file:///etc/passwd", "no http"),
        ("gopher://127.0.0.1/", "no http"),
        ("//127.0.0.1/", "no http"),
        ("127.0.0.1:9000", "no http"),
        ("http://", "no http"),
        ("http:///path", "no http"),
        ("http://127.0.0.1:99999/", "no http"),
        ("http://[::1/", "no http"),
        ("not a url", "no http"),
        ("", "no http"),
    ],
)
def test_urls_that_are_refused(url: str, words: str) -> None:
    """Any other URL is refused in demo mode, with the reason in both languages."""
    found = objection(url, demo=True)
    assert found is not None
    assert words in found.en
    assert not found.zh.isascii()


def test_urls_of_other_modes() -> None:
    """Where callers are told apart a name is taken, to be looked at when it is connected to; loopback is not."""
    assert objection("https://example.com/hook", demo=False) is None
    for url in ("http://127.0.0.1/", "http://192.168.0.1/"):
        found = objection(url, demo=False)
        assert found is not None
        assert "public" in found.en


LISTENING = {("127.0.0.1", 8080), ("::1", 8080)}
BACK = ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::"]  # noqa: S104 - not bound to


@pytest.mark.parametrize("address", BACK)
def test_addresses_that_lead_back(address: str) -> None:
    """Whatever reaches this machine's loopback address leads back with the gateway's port, and with no other."""
    for own in (LISTENING, {("0.0.0.0", 8080)}, {("::", 8080)}):  # noqa: S104 - not bound to
        assert (True, False) == (leads_back(address, 8080, own), leads_back(address, 8081, own))
    assert not leads_back(address, 8080, ())


def test_addresses_that_lead_elsewhere() -> None:
    """An address of another machine leads back only where the gateway listens at it, and what is none never does."""
    assert not leads_back("93.184.216.34", 8080, LISTENING)
    assert not leads_back("93.184.216.34", 8080, {("0.0.0.0", 8080)})  # noqa: S104 - not bound to
    assert leads_back("93.184.216.34", 8080, {("93.184.216.34", 8080)})
    assert not leads_back("no address", 8080, LISTENING)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8080/v1/documents", "http://localhost:8080/", "http://[::1]:8080/", "https://127.3.2.1:8080/x"],
)
def test_urls_that_lead_back(url: str) -> None:
    """A URL that leads to the gateway itself is refused, and taken with another port."""
    assert OWN_ADDRESS == objection(url, demo=True, own=LISTENING)
    assert objection(url.replace("8080", "8081"), demo=True, own=LISTENING) is None


def test_a_port_that_is_not_said() -> None:
    """Where a URL says no port it leads to that of its scheme."""
    assert OWN_ADDRESS == objection("http://localhost/", demo=True, own={("127.0.0.1", 80)})
    assert OWN_ADDRESS == objection("https://localhost/", demo=True, own={("127.0.0.1", 443)})
