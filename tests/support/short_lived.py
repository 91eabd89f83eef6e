"""Development keys whose gateway certificate runs out when the test says, and another certificate in its place."""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from onewindow.codecs import certificates
from onewindow.codecs.keys import KeyFiles, init, key_files


def keys_until(folder: Path, end: datetime) -> KeyFiles:
    """A set of keys in a new folder; the gateway's certificate is valid until `end`, to the second."""
    return init(folder, end - timedelta(days=certificates.SIGNING_DAYS))


def renew(folder: Path, start: datetime) -> None:
    """Give the gateway of this folder another certificate, by the same authority, valid from `start`."""
    files = key_files(folder)
    authority_key, gateway_key = (
        serialization.load_pem_private_key(file.read_bytes(), None) for file in (files.authority_key, files.gateway_key)
    )
    assert isinstance(authority_key, ec.EllipticCurvePrivateKey)
    assert isinstance(gateway_key, ec.EllipticCurvePrivateKey)
    made = certificates.issue_signing(
        certificates.subject("onewindow gateway"),
        gateway_key.public_key(),
        x509.load_pem_x509_certificate(files.authority_certificate.read_bytes()),
        authority_key,
        x509.random_serial_number(),
        start,
    )
    files.gateway_certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
