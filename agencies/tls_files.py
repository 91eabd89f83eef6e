"""TLS contexts from files that a configuration names, each looked at before OpenSSL opens it by itself."""

import ssl
from pathlib import Path

from ..codecs.bounded_file import SETTINGS_BYTES_MAX, check_regular


def client_context(ca: Path | None, certificate: Path | None, private_key: Path | None) -> ssl.SSLContext:
    """For connections to a server. ca: whom to believe in place of the system's authorities. Raises OSError."""
    return _with_files(ssl.Purpose.SERVER_AUTH, ca, certificate, private_key)


def server_context(ca: Path | None, certificate: Path, private_key: Path | None) -> ssl.SSLContext:
    """For connections from clients, which have to show a certificate of `ca` where there is one. Raises OSError."""
    context = _with_files(ssl.Purpose.CLIENT_AUTH, ca, certificate, private_key)
    if ca is not None:
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _with_files(
    purpose: ssl.Purpose, ca: Path | None, certificate: Path | None, private_key: Path | None
) -> ssl.SSLContext:
    for file in (ca, certificate, private_key):
        if file is not None:
            check_regular(file, SETTINGS_BYTES_MAX)
    file = ca
    try:
        context = ssl.create_default_context(purpose, cafile=ca)
        if certificate is not None:
            file = certificate
            context.load_cert_chain(certificate, private_key)
    except OSError as error:  # ssl.SSLError, which names no file, is one
        error.filename = str(file)
        raise
    return context
