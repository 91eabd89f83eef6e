"""NATS users with JWTs: an operator, one account for the window and its agencies, and credentials files of users."""

import json
from base64 import b32encode, urlsafe_b64encode
from binascii import crc_hqx
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

OPERATOR, ACCOUNT, USER, SEED = 14 << 3, 0, 20 << 3, 18 << 3
_UNLIMITED = dict.fromkeys(
    ("subs", "data", "payload", "imports", "exports", "conn", "leaf", "mem_storage", "disk_storage", "streams"), -1
)


def _written(prefix: bytes, key: bytes) -> str:
    content = prefix + key
    return b32encode(content + crc_hqx(content, 0).to_bytes(2, "little")).decode().rstrip("=")


class Identity:
    """A key of one kind: OPERATOR, ACCOUNT or USER."""

    def __init__(self, kind: int) -> None:
        self._kind = kind
        self._key = Ed25519PrivateKey.generate()

    @property
    def name(self) -> str:
        """The public key, as NATS writes it."""
        return _written(bytes([self._kind]), self._key.public_key().public_bytes_raw())

    @property
    def seed(self) -> str:
        """The private key, as NATS writes it."""
        prefix = bytes([SEED | self._kind >> 5, (self._kind & 31) << 3])
        return _written(prefix, self._key.private_bytes_raw())

    def jwt(self, subject: str, claims: dict[str, Any]) -> str:
        """A token for somebody, signed by this one."""
        head = {"typ": "JWT", "alg": "ed25519-nkey"}
        body = {"jti": subject, "iat": 1, "iss": self.name, "sub": subject, "name": subject, "nats": claims}
        text = ".".join(_encoded(json.dumps(part).encode()) for part in (head, body))
        return f"{text}.{_encoded(self._key.sign(text.encode()))}"


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


class Accounts:
    """Who may use a server; `settings` go into its configuration."""

    def __init__(self) -> None:
        operator, system, self._account = Identity(OPERATOR), Identity(ACCOUNT), Identity(ACCOUNT)
        limits = {**_UNLIMITED, "consumer": -1, "wildcards": True}
        claims = {"type": "account", "version": 2, "limits": limits}
        plain = {key: limits[key] for key in limits if "storage" not in key and key not in ("streams", "consumer")}
        self.settings = "\n".join(
            (
                f"operator: {operator.jwt(operator.name, {'type': 'operator', 'version': 2})}",
                f"system_account: {system.name}",
                "resolver: MEMORY",
                "resolver_preload: {",
                f"  {self._account.name}: {operator.jwt(self._account.name, claims)}",
                f"  {system.name}: {operator.jwt(system.name, {**claims, 'limits': plain})}",
                "}",
            )
        )

    def credentials(self, file: Path, publish: Sequence[str], subscribe: Sequence[str], *, answers: bool) -> Path:
        """The credentials file of a new user who may publish and subscribe to these subjects, and perhaps answer."""
        user = Identity(USER)
        claims: dict[str, Any] = {"type": "user", "version": 2, "subs": -1, "data": -1, "payload": -1}
        claims |= {"pub": {"allow": list(publish)}, "sub": {"allow": list(subscribe)}}
        if answers:
            claims["resp"] = {"max": 1, "ttl": 60_000_000_000}
        token = self._account.jwt(user.name, claims)
        file.write_text(
            f"-----BEGIN NATS USER JWT-----\n{token}\n------END NATS USER JWT------\n\n"
            f"-----BEGIN USER NKEY SEED-----\n{user.seed}\n------END USER NKEY SEED------\n",
            encoding="ascii",
        )
        return file
