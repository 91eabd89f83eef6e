"""Certificates that a development set's authority has issued for other holders and purposes than a gateway's."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from onewindow.codecs.keys import KeyFiles, Signer, load_signer

USAGES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


def issued(
    files: KeyFiles,
    subject: str,
    at: datetime,
    purposes: Sequence[str] | None = None,
    usages: Sequence[str] = ("digital_signature",),
) -> Signer:
    """A key and its certificate, by the set's own authority; subject as RFC 4514 has it, purposes as dotted numbers."""
    authority = load_signer(files.authority_certificate, files.authority_key)
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name.from_rfc4514_string(subject))
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(hours=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.KeyUsage(**{usage: usage in usages for usage in USAGES}), critical=True)
    )
    if purposes is not None:
        named = x509.ExtendedKeyUsage([x509.ObjectIdentifier(purpose) for purpose in purposes])
        builder = builder.add_extension(named, critical=False)
    certificate = builder.sign(authority.private_key, hashes.SHA256())
    return Signer(key, certificate, b64encode(certificate.public_bytes(serialization.Encoding.DER)))
