"""X.509 certificates: issuing them, the authorities that are trusted, and whether a certificate may sign a document.

Profile (RFC 5280): an authority issues signing certificates directly, there are no authorities in between. All keys are
on the curve P-256. An authority's key signs certificates and lists of withdrawn ones and nothing else; a signing
certificate's key signs documents and nothing else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import verification
from cryptography.x509.oid import NameOID
from msgspec import Struct

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)

AUTHORITY_DAYS: Final = 3650
SIGNING_DAYS: Final = 730

CERTIFICATE_BYTES_MAX: Final = 8192
"""DER bytes of one certificate; those of this profile have about 600."""


class Trust(Struct, frozen=True):
    """Whom a signature is believed: authorities, and what they have withdrawn (lists whose signature was checked)."""

    authorities: tuple[x509.Certificate, ...]
    withdrawn: tuple[x509.CertificateRevocationList, ...] = ()


class SigningCertificate(Struct, frozen=True):
    """A certificate that an authority in the trust issued for signing documents.

    `party` is the subject's organizationIdentifier (ITU-T X.520, 6.4.4): the identifier by which messages name a party,
    None where the certificate has none. `not_before` and `not_after` bound the time in which both the certificate and
    its authority's are valid, both ends included; `authority` is the one that issued it.
    """

    certificate: x509.Certificate
    authority: x509.Certificate
    public_key: ec.EllipticCurvePublicKey
    subject: str
    party: str | None
    not_before: datetime
    not_after: datetime


class Unfit(Exception):
    """A certificate whose signatures are not taken; `code` says why (`signature-key-untrusted`, ...)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def subject(common_name: str, party: str | None = None) -> x509.Name:
    """The name of a certificate's holder; `party` is the identifier by which messages name it."""
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if party is not None:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, party))
    return x509.Name(attributes)


def issue_authority(
    name: x509.Name, key: ec.EllipticCurvePrivateKey, serial: int, now: datetime, days: int = AUTHORITY_DAYS
) -> x509.Certificate:
    """An authority's certificate, signed with its own key, valid from `now` for `days` days."""
    return (
        _builder(name, name, key.public_key(), serial, now, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def issue_signing(
    name: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    serial: int,
    now: datetime,
    days: int = SIGNING_DAYS,
) -> x509.Certificate:
    """A certificate for signing documents, issued by `authority`, valid from `now` for `days` days."""
    return (
        _builder(name, authority.subject, public_key, serial, now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(
    name: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, serial: int, now: datetime, days: int
) -> x509.CertificateBuilder:
    start = now.replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether `certificate` may issue others: CA in its basic constraints, keyCertSign in its key usage."""
    constraints = _extension(certificate, x509.BasicConstraints)
    usage = _extension(certificate, x509.KeyUsage)
    return constraints is not None and constraints.ca and usage is not None and usage.key_cert_sign


def check(der: bytes, trust: Trust, at: datetime) -> SigningCertificate:
    """The certificate in `der`, if `trust` lets it sign documents at the time `at` (aware).

    Raises Unfit: `signature-malformed` (not a certificate), `signature-key-use` (an authority's, not for digital
    signatures, another curve, several party identifiers), `signature-key-untrusted` (no trusted authority issued it, or
    a critical extension is not understood), `signature-key-not-yet-valid`, `signature-key-expired`,
    `signature-key-revoked`.
    """
    signing = trusted(der, trust)
    check_in_force(signing, trust, at)
    return signing


def check_in_force(signing: SigningCertificate, trust: Trust, at: datetime) -> None:
    """The part of `check` that time changes: raises Unfit where it says not yet valid, expired or revoked."""
    if at < signing.not_before:
        raise Unfit("signature-key-not-yet-valid")
    if at > signing.not_after:
        raise Unfit("signature-key-expired")
    for listing in trust.withdrawn:
        entry = listing.get_revoked_certificate_by_serial_number(signing.certificate.serial_number)
        if listing.issuer == signing.authority.subject and entry is not None and entry.revocation_date_utc <= at:
            raise Unfit("signature-key-revoked")


def check_purpose(certificate: x509.Certificate) -> None:
    """Raises Unfit, `signature-key-purpose`, where a signing certificate is meant for anything but signing documents.

    One authority also issues certificates of servers, programs and mail; who has the key of one of those must not be
    able to speak for a gateway. A certificate that names no purpose is taken, as those of `keys init` name none.
    """
    usage = _extension(certificate, x509.KeyUsage)
    purposes = _extension(certificate, x509.ExtendedKeyUsage)
    if usage is not None and (usage.key_encipherment or usage.data_encipherment or usage.key_agreement):
        raise Unfit("signature-key-purpose")
    if purposes is not None and not DOCUMENT_SIGNING.issuperset(each.dotted_string for each in purposes):
        raise Unfit("signature-key-purpose")


DOCUMENT_SIGNING: Final = frozenset({"1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.311.10.3.12", "1.2.840.113583.1.1.5"})
"""Purposes that are the signing of documents: RFC 9336, and what two makers of programs called it before."""


def trusted(der: bytes, trust: Trust) -> SigningCertificate:
    """The certificate in `der`, if `trust` lets it sign documents at some time. Raises as `check`, but for the time."""
    return _trusted(der, trust.authorities)


@lru_cache(maxsize=1024)
def _trusted(der: bytes, authorities: tuple[x509.Certificate, ...]) -> SigningCertificate:
    """The part of `check` that time does not change: kept, as a trader's next document has the same certificate."""
    certificate, public_key, subject_text, party = _read(der)
    for authority in filter(is_authority, authorities):  # the library believes whatever it is told to trust
        start = max(certificate.not_valid_before_utc, authority.not_valid_before_utc)
        end = min(certificate.not_valid_after_utc, authority.not_valid_after_utc)
        if _issued(certificate, authority, start):
            return SigningCertificate(certificate, authority, public_key, subject_text, party, start, end)
    raise Unfit("signature-key-untrusted")


def _read(der: bytes) -> tuple[x509.Certificate, ec.EllipticCurvePublicKey, str, str | None]:
    """The certificate, its key, its subject (RFC 4514) and party; Unfit unless it is made for signing documents."""
    if len(der) > CERTIFICATE_BYTES_MAX:
        raise Unfit("signature-malformed")
    try:
        certificate = x509.load_der_x509_certificate(der)
        public_key = certificate.public_key()
        constraints = _extension(certificate, x509.BasicConstraints)
        usage = _extension(certificate, x509.KeyUsage)
        subject_text = certificate.subject.rfc4514_string()
        parties = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    except (ValueError, TypeError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, x509.InvalidVersion):
        raise Unfit("signature-malformed") from None
    except UnsupportedAlgorithm:
        raise Unfit("signature-key-use") from None
    if not isinstance(public_key, ec.EllipticCurvePublicKey) or not isinstance(public_key.curve, ec.SECP256R1):
        raise Unfit("signature-key-use")
    if (constraints is not None and constraints.ca) or usage is None or not usage.digital_signature:
        raise Unfit("signature-key-use")
    if len(parties) > 1:  # to take one of them, or none, would be to say who somebody is on the holder's word
        raise Unfit("signature-key-use")
    return certificate, public_key, subject_text, str(parties[0].value) if parties else None


def _issued(certificate: x509.Certificate, authority: x509.Certificate, at: datetime) -> bool:
    """Whether `authority` issued `certificate` and both were valid at the time `at` (RFC 5280, 6.1)."""
    policy = (
        verification.PolicyBuilder()
        .store(verification.Store([authority]))
        .time(at)
        .extension_policies(ee_policy=_SIGNING_POLICY, ca_policy=verification.ExtensionPolicy.webpki_defaults_ca())
    )
    try:
        policy.build_client_verifier().verify(certificate, [])
    except verification.VerificationError:
        return False
    return True


_SIGNING_POLICY: Final = verification.ExtensionPolicy.permit_all().require_present(
    x509.KeyUsage, verification.Criticality.AGNOSTIC, None
)


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
