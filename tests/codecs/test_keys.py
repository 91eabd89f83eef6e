"""Keys in files: made whole or not at all, loaded or refused with a code."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from onewindow.codecs import certificates, keys
from onewindow.codecs.finding import Rejected

NOW = datetime(2026, 3, 1, 9, 30, 15, 250_000, tzinfo=UTC)


@pytest.fixture
def files(tmp_path: Path) -> keys.KeyFiles:
    return keys.init(tmp_path / "keys", NOW)


def code_of(rejected: pytest.ExceptionInfo[Rejected]) -> tuple[str, str]:
    return rejected.value.problem, rejected.value.findings[0].code


def pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, password: bytes | None = None) -> bytes:
    protection = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)


def test_a_development_set_has_six_files(tmp_path: Path) -> None:
    """Making a set writes a certificate and a key each for the authority, the gateway and a trader."""
    keys.init(tmp_path / "new" / "keys", NOW)
    expected = {f"{name}.{kind}.pem" for name in ("authority", "gateway", "trader") for kind in ("crt", "key")}
    assert expected == {file.name for file in (tmp_path / "new" / "keys").iterdir()}


def test_private_keys_are_their_owners_alone(files: keys.KeyFiles) -> None:
    """The folder and the private keys in it are closed to everybody but their owner, whatever the umask."""
    modes = {stat.S_IMODE(file.stat().st_mode) for file in (files.authority_key, files.gateway_key, files.trader_key)}
    assert {0o600} == modes
    assert 0o700 == stat.S_IMODE(files.authority_key.parent.stat().st_mode)


def test_the_certificates_are_valid_from_now(files: keys.KeyFiles) -> None:
    """A set is usable from the second in which it was made, for two years, the authority for ten."""
    gateway = x509.load_pem_x509_certificate(files.gateway_certificate.read_bytes())
    authority = x509.load_pem_x509_certificate(files.authority_certificate.read_bytes())
    assert NOW.replace(microsecond=0) == gateway.not_valid_before_utc
    assert 730 == (gateway.not_valid_after_utc - gateway.not_valid_before_utc).days
    assert 3650 == (authority.not_valid_after_utc - authority.not_valid_before_utc).days


def test_each_certificate_is_trusted_and_named(tmp_path: Path) -> None:
    """The gateway's and the trader's certificates are fit for signing under the authority, and the trader is named."""
    files = keys.init(tmp_path / "keys", NOW, trader="GB123456789000")
    trust = keys.load_trust(files.authority_certificate)
    parties = []
    for certificate, key in (
        (files.gateway_certificate, files.gateway_key),
        (files.trader_certificate, files.trader_key),
    ):
        signer = keys.load_signer(certificate, key)
        der = signer.certificate.public_bytes(serialization.Encoding.DER)
        parties.append(certificates.check(der, trust, NOW).party)
    assert [None, "GB123456789000"] == parties


def test_keys_are_never_overwritten(files: keys.KeyFiles) -> None:
    """A second set in the same folder is refused and leaves the first one as it was."""
    before = {file: file.read_bytes() for file in files.gateway_key.parent.iterdir()}
    with pytest.raises(Rejected) as refused:
        keys.init(files.gateway_key.parent, NOW)
    assert ("keys", "keys-exist") == code_of(refused)
    assert before == {file: file.read_bytes() for file in files.gateway_key.parent.iterdir()}
    assert [files.gateway_key.parent] == list(files.gateway_key.parent.parent.iterdir())


def test_an_empty_folder_takes_a_set(tmp_path: Path) -> None:
    """A folder that is there but empty is filled, and closed to others."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o755)
    assert keys.init(folder, NOW).trader_key.exists()
    assert 0o700 == stat.S_IMODE(folder.stat().st_mode)


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    """Where the folder's name is a file's the file stays and the set is refused; the same where its parent's is."""
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Rejected) as taken:
        keys.init(tmp_path / "file", NOW)
    with pytest.raises(Rejected) as unwritable:
        keys.init(tmp_path / "file" / "keys", NOW)
    assert ("keys", "keys-exist") == code_of(taken)
    assert ("keys", "keys-unwritable") == code_of(unwritable)
    assert "mine" == (tmp_path / "file").read_text()


@pytest.mark.parametrize("write", range(8))
def test_a_set_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: int) -> None:
    """Whichever write fails, neither a part of the set nor a temporary folder stays behind; then all is as usual."""
    calls = 0
    synced = os.fsync

    def full_disk(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == write + 1:
            raise OSError(28, "No space left on device")
        synced(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_disk)
        with pytest.raises(Rejected) as refused:
            keys.init(tmp_path / "keys", NOW)
    assert ("keys", "keys-unwritable") == code_of(refused)
    if write < 7:  # the eighth syncs the parent, when the whole set is in place already
        assert [] == list(tmp_path.iterdir())
        keys.init(tmp_path / "keys", NOW)
    assert 6 == len(list((tmp_path / "keys").iterdir()))


def test_no_secret_is_shown(files: keys.KeyFiles) -> None:
    """What a signer shows of itself is its subject; neither its text nor an error has a part of the key in it."""
    signer = keys.load_signer(files.gateway_certificate, files.gateway_key)
    secret = signer.private_key.private_numbers().private_value
    with pytest.raises(Rejected) as refused:
        keys.load_signer(files.trader_certificate, files.gateway_key)
    assert "Signer(subject='CN=onewindow gateway')" == repr(signer) == str(signer)
    shown = f"{signer!r} {refused.value!r} {refused.value} {refused.value.findings}"
    forms = (str(secret), f"{secret:x}", *files.gateway_key.read_text().splitlines()[1:-1])
    assert [] == [form for form in forms if form in shown]


def test_a_key_of_another_certificate_is_refused(files: keys.KeyFiles) -> None:
    """A key and a certificate that do not belong together are refused; each with its own partner is taken."""
    with pytest.raises(Rejected) as refused:
        keys.load_signer(files.trader_certificate, files.gateway_key)
    assert ("keys", "key-mismatch") == code_of(refused)
    assert str(files.gateway_key) == refused.value.findings[0].pointer
    keys.load_signer(files.trader_certificate, files.trader_key)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "key-missing"),
        (b"", "key-unreadable"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "key-unreadable"),
        (pem(ec.generate_private_key(ec.SECP256R1()), b"password"), "key-encrypted"),
        (pem(ec.generate_private_key(ec.SECP384R1())), "key-curve"),
        (pem(rsa.generate_private_key(65537, 2048)), "key-curve"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "key-mismatch"),
    ],
    ids=["missing", "empty", "damaged", "password", "curve", "rsa", "another"],
)
def test_a_private_key_file_is_read_or_refused(files: keys.KeyFiles, content: bytes | None, code: str) -> None:
    """A key file that is missing, damaged, has a password or holds another kind of key is refused with its own code."""
    files.gateway_key.unlink()
    if content is not None:
        files.gateway_key.write_bytes(content)
    with pytest.raises(Rejected) as refused:
        keys.load_signer(files.gateway_certificate, files.gateway_key)
    assert ("keys", code) == code_of(refused)


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "certificate-missing"), (b"", "certificate-unreadable"), (b"none", "certificate-unreadable")],
    ids=["missing", "empty", "text"],
)
def test_a_certificate_file_is_read_or_refused(files: keys.KeyFiles, content: bytes | None, code: str) -> None:
    """A certificate file that is missing or no certificate is refused with its own code, for signing and for trust."""
    files.authority_certificate.unlink()
    if content is not None:
        files.authority_certificate.write_bytes(content)
    with pytest.raises(Rejected) as as_signer:
        keys.load_signer(files.authority_certificate, files.authority_key)
    with pytest.raises(Rejected) as as_trust:
        keys.load_trust(files.authority_certificate)
    assert ("keys", code) == code_of(as_signer) == code_of(as_trust)


def test_a_folder_is_no_key(files: keys.KeyFiles) -> None:
    """A folder's name in place of a file's is refused as unreadable."""
    with pytest.raises(Rejected) as refused:
        keys.load_signer(files.gateway_certificate, files.gateway_key.parent)
    assert ("keys", "key-unreadable") == code_of(refused)


def test_a_trust_has_several_authorities(files: keys.KeyFiles, tmp_path: Path) -> None:
    """A file with two authorities' certificates makes a trust of both; with a signing certificate in it, none."""
    other = keys.init(tmp_path / "other", NOW)
    both = files.authority_certificate.read_bytes() + other.authority_certificate.read_bytes()
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(both)
    assert 2 == len(keys.load_trust(bundle).authorities)
    bundle.write_bytes(both + files.gateway_certificate.read_bytes())
    with pytest.raises(Rejected) as refused:
        keys.load_trust(bundle)
    assert ("keys", "certificate-not-authority") == code_of(refused)


def test_a_list_of_withdrawn_certificates_is_its_authoritys(files: keys.KeyFiles, tmp_path: Path) -> None:
    """A list of withdrawn certificates is taken only if a trusted authority signed it, in its own name."""
    authority = keys.load_signer(files.authority_certificate, files.authority_key)
    stranger = keys.init(tmp_path / "stranger", NOW)
    file = tmp_path / "withdrawn.pem"

    def code_with(content: bytes, authorities: Path) -> str:
        file.write_bytes(content)
        with pytest.raises(Rejected) as refused:
            keys.load_trust(authorities, file)
        return code_of(refused)[1]

    def listing(issuer: x509.Name) -> bytes:
        builder = x509.CertificateRevocationListBuilder().issuer_name(issuer).last_update(NOW)
        signed = builder.next_update(NOW.replace(year=2027)).sign(authority.private_key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)

    good = listing(authority.certificate.subject)
    assert "list-unreadable" == code_with(b"none", files.authority_certificate)
    assert "list-unreadable" == code_with(good, stranger.authority_certificate)
    assert "list-unreadable" == code_with(listing(certificates.subject("another")), files.authority_certificate)
    file.write_bytes(good)
    assert 1 == len(keys.load_trust(files.authority_certificate, file).withdrawn)
    file.unlink()
    with pytest.raises(Rejected) as missing:
        keys.load_trust(files.authority_certificate, file)
    assert "list-missing" == code_of(missing)[1]
