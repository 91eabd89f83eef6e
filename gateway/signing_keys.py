"""The keys that a window signs with: the configured ones, or a development set beside the store."""

from datetime import datetime
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.serialization import Encoding

from ..codecs.certificates import Trust, Unfit, check, check_purpose
from ..codecs.finding import Finding, Rejected, Text
from ..codecs.keys import Signer, init, key_files, load_signer, load_trust
from ..codecs.verification import WORDS
from .config import Config

log = structlog.get_logger("onewindow.keys")

_OTHERS = 0o077
"""Permission bits of a file that let others than its owner in."""


def signing_keys(config: Config, now: datetime) -> tuple[Signer, Trust]:
    """The window's key with its certificate, and whom it trusts; without configured keys the first start makes a set.

    Raises Rejected where a file can't be used, and where what this key signs at `now` would not be believed: the
    certificate is no gateway's (`certificate-not-gateway`) or is not fit for signing (`signature-key-...`).
    """
    keys = config.keys
    if keys.certificate is not None and keys.private_key is not None:
        certificate, private_key, trusted = keys.certificate, keys.private_key, keys.trust or keys.certificate
    else:
        folder = config.key_folder
        if not folder.exists():
            init(folder, now)
            log.warning("development keys made; set [keys] before you serve anyone else", folder=str(folder))
        files = key_files(folder)
        certificate, private_key, trusted = files.gateway_certificate, files.gateway_key, files.authority_certificate
    signer, trust = load_signer(certificate, private_key), load_trust(trusted)
    if private_key.stat().st_mode & _OTHERS:
        log.warning("others may read the private key; chmod 600", file=str(private_key))
    _check(signer, trust, certificate, now)
    return signer, trust


def _check(signer: Signer, trust: Trust, file: Path, now: datetime) -> None:
    try:
        held = check(signer.certificate.public_bytes(Encoding.DER), trust, now)
        check_purpose(signer.certificate)
    except Unfit as unfit:
        raise Rejected("keys", (Finding(unfit.code, str(file), WORDS[unfit.code]),)) from None
    if held.party is not None:
        words = Text(
            en=f"The certificate is that of the party {held.party}; a gateway's certificate names no party.",
            zh=f"该证书属于{held.party}；网关证书不载明当事人编号。",
        )
        raise Rejected("keys", (Finding("certificate-not-gateway", str(file), words, value=held.party),))
