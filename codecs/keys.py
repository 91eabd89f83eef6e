"""Keys in files: making a development set of them, and loading what the configuration names.

Private keys are PKCS #8 in PEM without a password, readable by their owner only. What is wrong with a file is raised as
Rejected with problem `keys`: each finding has a code (`key-missing`, ...), the file's name as its pointer, and words.
No message, log line or repr has key material in it.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from . import certificates
from .bounded_file import SETTINGS_BYTES_MAX, read_file
from .causes import cause
from .certificates import Trust
from .finding import Finding, Rejected, Text


class Signer(Struct, frozen=True):
    """A private key and its certificate; `certificate_base64` is the certificate's DER as a signature carries it."""

    private_key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    certificate_base64: bytes

    def __repr__(self) -> str:
        return f"Signer(subject={self.certificate.subject.rfc4514_string()!r})"


class KeyFiles(Struct, frozen=True):
    """The files of a development set; each certificate is beside its key."""

    authority_certificate: Path
    authority_key: Path
    gateway_certificate: Path
    gateway_key: Path
    trader_certificate: Path
    trader_key: Path


GATEWAY: Final = "onewindow gateway"
"""The gateway's name in the certificates of a development set, and the one that is expected where no other is given."""

TRADER: Final = "91310000MA1FL4QK75"
"""Unified social credit code in the development trader's certificate (GB 32100 check character; no real company's)."""


def key_files(folder: Path) -> KeyFiles:
    """Where a development set has its files in `folder`."""
    names = ("authority", "gateway", "trader")
    return KeyFiles(*(folder / f"{name}.{kind}.pem" for name in names for kind in ("crt", "key")))


def init(folder: Path, now: datetime, trader: str = TRADER) -> KeyFiles:
    """A development set of keys in a new `folder` (mode 0700, private keys 0600): all of its files, or none.

    An authority, and certificates it issued to the gateway and to a trader whose party identifier is `trader`, valid
    from `now`. Raises Rejected: `keys-exist` where the folder has something in it, since keys are never overwritten;
    `keys-unwritable` where the system does not let the folder be made.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _failed("keys-unwritable", folder, error) from None
    try:
        for file, content in _development_set(unfinished, now, trader):
            _write(file, content, 0o600 if file.name.endswith(".key.pem") else 0o644)
        _sync(unfinished)
        unfinished.rename(folder)  # the step that makes the set appear; fails where the folder has something in it
        _sync(folder.parent)
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
            raise _rejected("keys-exist", folder, error.strerror) from None
        raise _failed("keys-unwritable", folder, error) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return key_files(folder)


def _development_set(folder: Path, now: datetime, trader: str) -> list[tuple[Path, bytes]]:
    files = key_files(folder)
    authority_key, gateway_key, trader_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    authority = certificates.issue_authority(
        certificates.subject("onewindow development authority"), authority_key, x509.random_serial_number(), now
    )
    issued = [
        certificates.issue_signing(name, key.public_key(), authority, authority_key, x509.random_serial_number(), now)
        for name, key in (
            (certificates.subject(GATEWAY), gateway_key),
            (certificates.subject("onewindow development trader", trader), trader_key),
        )
    ]
    return [
        (files.authority_certificate, authority.public_bytes(serialization.Encoding.PEM)),
        (files.authority_key, _pem(authority_key)),
        (files.gateway_certificate, issued[0].public_bytes(serialization.Encoding.PEM)),
        (files.gateway_key, _pem(gateway_key)),
        (files.trader_certificate, issued[1].public_bytes(serialization.Encoding.PEM)),
        (files.trader_key, _pem(trader_key)),
    ]


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(file: Path, content: bytes, mode: int) -> None:
    """Write a new file with its mode from the start, so that a key is at no moment readable by others, and sync it."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def load_signer(certificate_file: Path, key_file: Path) -> Signer:
    """The key in `key_file` with its certificate, the first one in `certificate_file` (both PEM).

    Raises Rejected: `key-missing`, `key-unreadable`, `key-encrypted`, `key-curve`, `key-mismatch`,
    `certificate-missing`, `certificate-unreadable`.
    """
    certificate = _certificates(certificate_file)[0]
    private_key = _private_key(key_file)
    if certificate.public_key() != private_key.public_key():
        raise _rejected("key-mismatch", key_file, certificate_file.name)
    encoded = b64encode(certificate.public_bytes(serialization.Encoding.DER))
    return Signer(private_key, certificate, encoded)


def load_trust(authorities_file: Path, withdrawn_file: Path | None = None) -> Trust:
    """The authorities in `authorities_file` (PEM, one or more) and the lists of what they have withdrawn, if any.

    Raises Rejected: `certificate-missing`, `certificate-unreadable`, `certificate-not-authority`, `list-missing`,
    `list-unreadable` (not a list, or not signed by one of the authorities).
    """
    authorities = tuple(_certificates(authorities_file))
    if not all(certificates.is_authority(each) for each in authorities):
        raise _rejected("certificate-not-authority", authorities_file)
    if withdrawn_file is None:
        return Trust(authorities)
    return Trust(authorities, (_revocation_list(withdrawn_file, authorities),))


def _certificates(file: Path) -> list[x509.Certificate]:
    content = _content(file, "certificate-missing", "certificate-unreadable")
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError:
        raise _rejected("certificate-unreadable", file) from None


def _private_key(file: Path) -> ec.EllipticCurvePrivateKey:
    content = _content(file, "key-missing", "key-unreadable")
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except TypeError:  # how the library says that a password is needed
        raise _rejected("key-encrypted", file) from None
    except (ValueError, UnsupportedAlgorithm):
        raise _rejected("key-unreadable", file) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise _rejected("key-curve", file)
    return key


def _revocation_list(file: Path, authorities: tuple[x509.Certificate, ...]) -> x509.CertificateRevocationList:
    content = _content(file, "list-missing", "list-unreadable")
    try:
        listing = x509.load_pem_x509_crl(content)
    except ValueError:
        raise _rejected("list-unreadable", file) from None
    for authority in authorities:
        public_key = authority.public_key()
        if (
            authority.subject == listing.issuer
            and isinstance(public_key, ec.EllipticCurvePublicKey)
            and listing.is_signature_valid(public_key)
        ):
            return listing
    raise _rejected("list-unreadable", file)


def _content(file: Path, missing: str, unreadable: str) -> bytes:
    try:
        return read_file(file, SETTINGS_BYTES_MAX)
    except FileNotFoundError:
        raise _rejected(missing, file) from None
    except OSError as error:
        raise _failed(unreadable, file, error) from None


def _rejected(code: str, file: Path, value: str | None = None) -> Rejected:
    return Rejected("keys", (Finding(code, str(file), _WORDS[code], value=value),))


def _failed(code: str, file: Path, error: OSError) -> Rejected:
    """What is raised where the system is the reason, in its words."""
    why = cause(error)
    words = (
        Text(f"The folder for the keys can't be made: {why.en}.", f"无法建立密钥文件夹：{why.zh}。")
        if code == "keys-unwritable"
        else Text(f"The file can't be read: {why.en}.", f"无法读取文件：{why.zh}。")
    )
    return Rejected("keys", (Finding(code, str(file), words, value=error.strerror),))


_WORDS: Final = {
    "keys-exist": Text(
        "Keys are never overwritten: name a folder that is new or empty.", "密钥不会被覆盖：请指定新的或空的文件夹。"
    ),
    "key-missing": Text("There is no such private key file.", "私钥文件不存在。"),
    "key-unreadable": Text("The file is not a private key in PEM.", "文件不是 PEM 格式的私钥。"),
    "key-encrypted": Text(
        "The private key has a password; keys with a password are not supported.", "私钥设有口令；不支持带口令的私钥。"
    ),
    "key-curve": Text("The private key is not on the elliptic curve P-256.", "私钥不是 P-256 椭圆曲线私钥。"),
    "key-mismatch": Text("The private key is not the one of the certificate.", "私钥与证书不匹配。"),
    "certificate-missing": Text("There is no such certificate file.", "证书文件不存在。"),
    "certificate-unreadable": Text("The file is not a certificate in PEM.", "文件不是 PEM 格式的证书。"),
    "certificate-not-authority": Text(
        "A certificate in the file is not an authority's; it can't be trusted to issue others.",
        "文件中有证书不是签发机构证书，不能作为信任的签发者。",
    ),
    "list-missing": Text("There is no such list of withdrawn certificates.", "证书吊销列表文件不存在。"),
    "list-unreadable": Text(
        "The file is not a list of withdrawn certificates (PEM) signed by a trusted authority.",
        "文件不是由受信任机构签名的 PEM 格式证书吊销列表。",
    ),
}
