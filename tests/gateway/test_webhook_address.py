"""Where webhooks may lead, by URL and by address."""

import pytest

from onewindow.gateway.webhook_address import may_lead_to, objection

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
