"""Whose signature it is: a certificate of the right authority is not enough, its holder and purpose are looked at."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from support.issued import issued

from onewindow.codecs.certificates import Trust, subject
from onewindow.codecs.finding import Rejected
from onewindow.codecs.keys import GATEWAY, KeyFiles, Signer, init, load_signer, load_trust
from onewindow.codecs.signature import sign
from onewindow.codecs.verification import verify

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
HOLDER = subject(GATEWAY)
NAME = "CN=onewindow gateway"
DOCUMENT = b"<Response><ID>case-1</ID></Response>"

DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
SERVER, CLIENT, CODE, MAIL, TIME, OCSP = (f"1.3.6.1.5.5.7.3.{number}" for number in (1, 2, 3, 4, 8, 9))
ANY = "2.5.29.37.0"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> KeyFiles:
    return init(tmp_path_factory.mktemp("holder") / "keys", NOW)


@pytest.fixture(scope="module")
def trust(files: KeyFiles) -> Trust:
    return load_trust(files.authority_certificate)


def code_of(signer: Signer, trust: Trust, holder: x509.Name = HOLDER) -> str | None:
    """With which code a document that this signer has signed is refused; None where it is believed."""
    try:
        verify(sign(DOCUMENT, signer), trust, NOW, holder)
    except Rejected as rejected:
        (finding,) = rejected.findings
        assert all((finding.message.en, finding.message.zh, finding.pointer))
        return finding.code
    return None


def test_the_gateway(files: KeyFiles, trust: Trust) -> None:
    """The control: the certificate that `keys init` makes for a gateway is believed, and is told by its name."""
    gateway = load_signer(files.gateway_certificate, files.gateway_key)
    assert code_of(gateway, trust) is None
    assert NAME == verify(sign(DOCUMENT, gateway), trust, NOW, HOLDER).subject


@pytest.mark.parametrize(
    "name",
    [
        "CN=Mallory Ltd",
        "CN=onewindow gateway,O=Mallory Ltd",
        "CN=onewindow gateway+OU=1",
        "CN=onewindow gateway,CN=Mallory Ltd",
        "CN=Onewindow Gateway",
        "CN=onewindow gateway.",
        "CN=onewindow\u00a0gateway",
        "O=onewindow gateway",
    ],
)
def test_another_holder(name: str, files: KeyFiles, trust: Trust) -> None:
    """Somebody else's certificate of the same authority does not speak for the gateway, however alike the name is."""
    other = issued(files, name, NOW)
    assert "signature-not-gateway" == code_of(other, trust)
    assert code_of(other, trust, other.certificate.subject) is None


@pytest.mark.parametrize("purposes", [[DOCUMENT_SIGNING], [DOCUMENT_SIGNING, "1.3.6.1.4.1.311.10.3.12"], None])
def test_a_certificate_for_documents(purposes: list[str] | None, files: KeyFiles, trust: Trust) -> None:
    """A certificate that is for documents, or names no purpose, is believed under the gateway's name."""
    assert code_of(issued(files, NAME, NOW, purposes), trust) is None


@pytest.mark.parametrize(
    "purposes",
    [[SERVER], [CLIENT], [CODE], [MAIL], [TIME], [OCSP], [ANY], [SERVER, CLIENT], [DOCUMENT_SIGNING, SERVER]],
)
def test_a_certificate_for_something_else(purposes: list[str], files: KeyFiles, trust: Trust) -> None:
    """A server's certificate, a program's and the like speak for no gateway, under whatever name."""
    assert "signature-key-purpose" == code_of(issued(files, NAME, NOW, purposes), trust)


@pytest.mark.parametrize("usage", ["key_encipherment", "data_encipherment", "key_agreement"])
def test_a_key_that_also_does_something_else(usage: str, files: KeyFiles, trust: Trust) -> None:
    """A key that may encipher as well is not one for documents alone; one that may also commit to their content is."""
    assert "signature-key-purpose" == code_of(issued(files, NAME, NOW, None, ["digital_signature", usage]), trust)
    assert code_of(issued(files, NAME, NOW, None, ["digital_signature", "content_commitment"]), trust) is None


def test_without_a_holder(files: KeyFiles, trust: Trust) -> None:
    """Where nobody says whose signature it has to be, that is for the caller to compare: a declaration is anybody's."""
    other = issued(files, "CN=Mallory Ltd", NOW, [CLIENT])
    assert "CN=Mallory Ltd" == verify(sign(DOCUMENT, other), trust, NOW).subject
