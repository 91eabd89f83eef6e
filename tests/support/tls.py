"""Certificates that sign themselves: a server's for the loopback address, and a client's."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def server_certificate(folder: Path, address: str = "127.0.0.1", days: int = 1) -> tuple[Path, Path]:
    """A certificate that signs itself, and its key, made at first use; days: for which it holds, or held."""
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
    return _certificate(folder, f"server-{address}-{days}", "an agency", names, days)


def client_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """The same for a client whose subject is `CN=name`."""
    return _certificate(folder, name, name, x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]))


def _certificate(
    folder: Path, file: str, subject: str, extension: x509.ExtensionType, days: int = 1
) -> tuple[Path, Path]:
    certificate, private = folder / f"{file}.crt.pem", folder / f"{file}.key.pem"
    if not certificate.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=abs(days) + 1))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(extension, critical=False)
            .sign(key, hashes.SHA256())
        )
        certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        private.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    return certificate, private
