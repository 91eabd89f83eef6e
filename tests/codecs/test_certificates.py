"""Which certificates may sign a document, and when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from onewindow.codecs import certificates
from onewindow.codecs.certificates import Trust, Unfit, check

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


class Authority(Struct, frozen=True):
    """An authority with its key."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def trust(self) -> Trust:
        """A trust of this authority alone."""
        return Trust((self.certificate,))

    def issue(
        self,
        key: Any = None,
        *,
        ca: bool = False,
        usage: str | None = "digital_signature",
        days: int = 30,
        extension: x509.ExtensionType | None = None,
    ) -> bytes:
        """A certificate in DER, that of the profile unless told otherwise."""
        public_key = (key or ec.generate_private_key(ec.SECP256R1())).public_key()
        builder = (
            x509.CertificateBuilder()
            .subject_name(certificates.subject("a trader", "GB123456789000"))
            .issuer_name(self.certificate.subject)
            .public_key(public_key)
            .serial_number(77)
            .not_valid_before(NOW)
            .not_valid_after(NOW + days * DAY)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        if usage is not None:
            builder = builder.add_extension(key_usage(usage), critical=True)
        if extension is not None:
            builder = builder.add_extension(extension, critical=True)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def key_usage(*allowed: str) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    more = ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: name in allowed for name in names + more})


def make_authority(name: str = "an authority", days: int = 3650) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(key, certificates.issue_authority(certificates.subject(name), key, 1, NOW, days))


def code_of(der: bytes, trust: Trust, at: datetime = NOW) -> str:
    with pytest.raises(Unfit) as refused:
        check(der, trust, at)
    return refused.value.code


AUTHORITY = make_authority()
GOOD = AUTHORITY.issue()


def test_a_certificate_says_whose_it_is() -> None:
    """A certificate that an authority issued for signing is taken, with its holder's name and party identifier."""
    signing = check(GOOD, AUTHORITY.trust, NOW)
    assert "2.5.4.97=GB123456789000,CN=a trader" == signing.subject
    assert "GB123456789000" == signing.party
    assert 77 == signing.certificate.serial_number
    assert AUTHORITY.certificate == signing.authority


def test_issued_certificates_are_fit() -> None:
    """What issue_signing makes, check takes, and its authority's is one that may issue and may not sign documents."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = certificates.subject("the gateway")
    issued = certificates.issue_signing(name, key.public_key(), AUTHORITY.certificate, AUTHORITY.key, 5, NOW)
    signing = check(issued.public_bytes(serialization.Encoding.DER), AUTHORITY.trust, NOW)
    assert ("CN=the gateway", None) == (signing.subject, signing.party)
    assert certificates.is_authority(AUTHORITY.certificate)
    assert not certificates.is_authority(issued)
    usage = AUTHORITY.certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert (True, key_usage("key_cert_sign", "crl_sign")) == (usage.critical, usage.value)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW - timedelta(microseconds=1), "signature-key-not-yet-valid"),
        (NOW, None),
        (NOW + 30 * DAY, None),
        (NOW + 30 * DAY + timedelta(microseconds=1), "signature-key-expired"),
    ],
)
def test_validity_includes_both_ends(at: datetime, code: str | None) -> None:
    """A certificate is valid from its first moment to its last, and not a microsecond outside."""
    if code is None:
        assert NOW + 30 * DAY == check(GOOD, AUTHORITY.trust, at).not_after
    else:
        assert code == code_of(GOOD, AUTHORITY.trust, at)


def test_an_expired_authority_vouches_for_nobody() -> None:
    """A certificate that outlives its authority's counts as expired with the authority's."""
    brief = make_authority(days=10)
    der = brief.issue(days=30)
    check(der, brief.trust, NOW + 10 * DAY)
    assert "signature-key-expired" == code_of(der, brief.trust, NOW + 11 * DAY)


def test_an_authority_vouches_for_nobody_before_its_time() -> None:
    """Under an authority's certificate that was renewed later a certificate is valid from the renewal on."""
    renewed = certificates.issue_authority(AUTHORITY.certificate.subject, AUTHORITY.key, 2, NOW + 10 * DAY)
    assert "signature-key-not-yet-valid" == code_of(GOOD, Trust((renewed,)), NOW + 9 * DAY)
    assert NOW + 10 * DAY == check(GOOD, Trust((renewed,)), NOW + 10 * DAY).not_before


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ca": True}, "signature-key-use"),
        ({"usage": "key_encipherment"}, "signature-key-use"),
        ({"usage": "key_cert_sign", "ca": True}, "signature-key-use"),
        ({"usage": None}, "signature-key-use"),
        ({"key": ec.generate_private_key(ec.SECP384R1())}, "signature-key-use"),
        ({"key": ec.generate_private_key(ec.SECP256K1())}, "signature-key-use"),
        ({"key": rsa.generate_private_key(65537, 2048)}, "signature-key-use"),
        (
            {"extension": x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\5\0")},
            "signature-key-untrusted",
        ),
    ],
    ids=["ca", "encipherment", "authority", "no-usage", "p384", "secp256k1", "rsa", "critical"],
)
def test_a_certificate_made_for_something_else_is_refused(changed: dict[str, Any], code: str) -> None:
    """A trusted authority's certificate is refused if it isn't one for signing documents on P-256, as profiled."""
    assert code == code_of(AUTHORITY.issue(**changed), AUTHORITY.trust)
    check(AUTHORITY.issue(), AUTHORITY.trust, NOW)


def test_the_authoritys_own_certificate_signs_no_document() -> None:
    """An authority's certificate is refused as a signer's, trusted though it is."""
    der = AUTHORITY.certificate.public_bytes(serialization.Encoding.DER)
    assert "signature-key-use" == code_of(der, AUTHORITY.trust)


def test_names_alone_are_not_believed() -> None:
    """An authority of the same name with another key is not the trusted one; trusting it as well, its word is taken."""
    impostor = make_authority()
    der = impostor.issue()
    assert "signature-key-untrusted" == code_of(der, AUTHORITY.trust)
    assert "signature-key-untrusted" == code_of(der, Trust(()))
    both = Trust((AUTHORITY.certificate, impostor.certificate))
    assert impostor.certificate == check(der, both, NOW).authority
    assert AUTHORITY.certificate == check(GOOD, both, NOW).authority


def test_a_self_signed_certificate_is_refused() -> None:
    """A certificate for signing that its own key signed is refused, whether or not somebody put it in the trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = certificates.subject("an authority")
    shell = Authority(key, certificates.issue_signing(name, key.public_key(), AUTHORITY.certificate, key, 9, NOW))
    der = shell.certificate.public_bytes(serialization.Encoding.DER)
    assert "signature-key-untrusted" == code_of(der, AUTHORITY.trust)
    assert "signature-key-untrusted" == code_of(der, shell.trust)


def test_a_holder_is_one_party() -> None:
    """A certificate that names its holder by two party identifiers is refused; with one it is that party's."""
    key = ec.generate_private_key(ec.SECP256R1())

    def named(*parties: str) -> bytes:
        attributes = [x509.NameAttribute(x509.NameOID.ORGANIZATION_IDENTIFIER, party) for party in parties]
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a trader"), *attributes])
        issued = certificates.issue_signing(name, key.public_key(), AUTHORITY.certificate, AUTHORITY.key, 5, NOW)
        return issued.public_bytes(serialization.Encoding.DER)

    assert "signature-key-use" == code_of(named("GB123456789000", "GB999999999000"), AUTHORITY.trust)
    assert "GB123456789000" == check(named("GB123456789000"), AUTHORITY.trust, NOW).party


def test_nobody_in_between() -> None:
    """A certificate issued with a trader's key, or by an authority below the trusted one, is refused."""
    key = ec.generate_private_key(ec.SECP256R1())
    for der in (AUTHORITY.issue(key), AUTHORITY.issue(key, ca=True, usage="key_cert_sign")):
        between = Authority(key, x509.load_der_x509_certificate(der))
        assert "signature-key-untrusted" == code_of(between.issue(), AUTHORITY.trust)


def test_a_withdrawn_certificate_is_refused_from_then_on() -> None:
    """A certificate on its authority's list is refused from the time of withdrawal; another's list is moot."""
    other = make_authority("another authority")
    lists = [
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(NOW + DAY)
        .next_update(NOW + 30 * DAY)
        .add_revoked_certificate(x509.RevokedCertificateBuilder().serial_number(77).revocation_date(NOW + DAY).build())
        .sign(authority.key, hashes.SHA256())
        for authority in (AUTHORITY, other)
    ]
    trusted = (AUTHORITY.certificate, other.certificate)
    assert "signature-key-revoked" == code_of(GOOD, Trust(trusted, (lists[0],)), NOW + DAY)
    check(GOOD, Trust(trusted, (lists[0],)), NOW + DAY - timedelta(seconds=1))
    check(GOOD, Trust(trusted, (lists[1],)), NOW + DAY)


@given(st.integers(min_value=0, max_value=len(GOOD) - 1))
def test_a_part_of_a_certificate_is_none(length: int) -> None:
    """A certificate cut off anywhere is refused as malformed."""
    assert "signature-malformed" == code_of(GOOD[:length], AUTHORITY.trust)


@pytest.mark.filterwarnings("ignore:Parsed a serial number")  # which the flipped bit made negative
@given(st.integers(min_value=0, max_value=len(GOOD) * 8 - 1))
def test_a_certificate_with_one_bit_flipped_is_refused(bit: int) -> None:
    """A certificate in which any one bit is flipped is refused, without an error of another kind."""
    changed = bytearray(GOOD)
    changed[bit // 8] ^= 1 << bit % 8
    assert code_of(bytes(changed), AUTHORITY.trust).startswith("signature-")


def test_an_oversized_certificate_is_not_looked_at() -> None:
    """A certificate up to the limit of size is looked at, a longer one is refused as malformed."""

    def padded(size: int) -> bytes:
        return AUTHORITY.issue(extension=x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"x" * size))

    filling = 4000 + certificates.CERTIFICATE_BYTES_MAX - len(padded(4000))
    candidates = [padded(filling + step) for step in range(-8, 8)]
    within = [der for der in candidates if len(der) <= certificates.CERTIFICATE_BYTES_MAX]
    beyond = [der for der in candidates if len(der) > certificates.CERTIFICATE_BYTES_MAX]
    assert {"signature-key-untrusted"} == {code_of(der, AUTHORITY.trust) for der in within}
    assert {"signature-malformed"} == {code_of(der, AUTHORITY.trust) for der in beyond}
