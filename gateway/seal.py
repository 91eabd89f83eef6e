"""The window's seal: the one place at which it signs, and only while its certificate is in force.

A signature made by a certificate that has run out is believed by nobody, and what it was made on is never signed again:
a response is unchangeable. So what has to be signed waits, and goes on once a key is there that is believed.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

import msgspec
import structlog
from cryptography.hazmat.primitives.serialization import Encoding

from ..codecs.certificates import Trust, Unfit, check_in_force, trusted
from ..codecs.finding import Text
from ..codecs.keys import Signer
from ..codecs.signature import sign_encoded
from .clock import Clock, pause

WARN_DAYS: Final = 30
"""How many days before it runs out a certificate is warned of, from then on daily."""

RETRY_SECONDS: Final = 300
"""After how long to try again what could not be signed: somebody has to give the gateway another key first."""

WORDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "signing-key-expired": Text(
            "The gateway's certificate has run out, and its key signs nothing any more. What has to be signed waits"
            " until the gateway has another certificate.",
            "网关证书已过期，其密钥不再签名；需签名的事项须待网关更换证书后办理。",
        ),
        "signing-key-not-yet-valid": Text(
            "The gateway's certificate is not valid yet, and its key signs nothing before it is.",
            "网关证书尚未生效，生效前其密钥不予签名。",
        ),
        "signing-key-revoked": Text(
            "The gateway's certificate has been withdrawn by its authority, and its key signs nothing any more.",
            "网关证书已被签发机构吊销，其密钥不再签名。",
        ),
    }
)
"""Why nothing is signed, by code."""

_CODES: Final = {f"signature-{code.removeprefix('signing-')}": code for code in WORDS}

log = structlog.get_logger("onewindow.seal")


class Unsealed(Exception):
    """Nothing can be signed just now; `code` is a key of WORDS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something that those who run the window, or wait for it, should know."""

    code: str
    message: Text


class Seal:
    """A key with its certificate, and the trust by which others judge what it signs."""

    def __init__(self, signer: Signer, trust: Trust) -> None:
        """Raises Unfit where the trust would not believe the key at any time."""
        self._signer = signer
        self._trust = trust
        self._held = trusted(signer.certificate.public_bytes(Encoding.DER), trust)
        self.not_before, self.not_after = self._held.not_before, self._held.not_after

    def sign(self, document: bytes, at: datetime) -> bytes:
        """`document`, as the codec's `encode_xml` wrote it, signed at the time `at` (aware). Raises Unsealed."""
        self.check(at)
        return sign_encoded(document, self._signer)

    def check(self, at: datetime) -> None:
        """Raises Unsealed where what is signed at the time `at` would not be believed."""
        try:
            check_in_force(self._held, self._trust, at)
        except Unfit as unfit:
            raise Unsealed(_CODES[unfit.code]) from None

    def refusal(self, at: datetime) -> str | None:
        """Why nothing is signed at the time `at`; None where it is."""
        try:
            self.check(at)
        except Unsealed as unsealed:
            return unsealed.code
        return None

    def seconds_left(self, at: datetime) -> float:
        """Until the certificate runs out."""
        return (self.not_after - at).total_seconds()

    def unsealed(self, at: datetime) -> Notice | None:
        """The same with its words."""
        code = self.refusal(at)
        return None if code is None else Notice(code=code, message=WORDS[code])

    def notice(self, at: datetime) -> Notice | None:
        """That the certificate runs out within WARN_DAYS, or why nothing is signed; None where all is well."""
        if (unsealed := self.unsealed(at)) is not None:
            return unsealed
        if self.not_after - at > timedelta(days=WARN_DAYS):
            return None
        day = f"{self.not_after:%Y-%m-%d %H:%M} UTC"
        words = Text(
            f"The gateway's certificate runs out on {day}; from then on nothing is signed. Give it another one.",
            f"网关证书将于 {day} 到期，届时将不再签名，请及时更换。",
        )
        return Notice(code="signing-key-expiring", message=words)


async def watch(seal: Seal, clock: Clock, changed: Callable[[], None]) -> None:
    """Say in the log, daily, that the certificate is about to run out or has; runs until cancelled.

    `changed` is told when signing has stopped or can go on.
    """
    before: str | None = None
    while True:
        now = clock()
        notice = seal.notice(now)
        if notice is not None:
            log.warning(notice.message.en, code=notice.code, not_after=seal.not_after.isoformat())
        refused = seal.refusal(now)
        if refused != before:
            before = refused
            changed()
        await _next(seal, clock, now)


async def _next(seal: Seal, clock: Clock, now: datetime) -> None:
    """Returns a day later, or at the next moment at which there is something else to say."""
    moments = (
        seal.not_before,
        seal.not_after - timedelta(days=WARN_DAYS),
        seal.not_after + timedelta(microseconds=1),
        now + timedelta(days=1),
    )
    await pause(clock, min(moment for moment in moments if moment > now) - now)
