"""A NATS credentials file: a user's JWT, and the Ed25519 key that answers the server's challenge.

The file is what NATS' own tools write: two blocks of PEM-like lines, `NATS USER JWT` and `USER NKEY SEED`. A seed is
base32 of two prefix bytes, 32 bytes of key and their CRC-16 (the nkeys format of NATS). The key never leaves here.
"""

from base64 import b32decode, b64encode
from binascii import crc_hqx
from itertools import pairwise
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..codecs.bounded_file import read_file

_SEED_PREFIX: Final = b"\x95\x00"
"""Of a seed (S) of a user (U)."""

_KEY_BYTES: Final = 32
_FILE_BYTES_MAX: Final = 64 * 1024


class NatsCredentials:
    """What a client shows to the server."""

    def __init__(self, jwt: bytes, key: Ed25519PrivateKey) -> None:
        self.jwt = jwt
        self._key = key

    def sign(self, nonce: str) -> bytes:
        """The signature of the server's challenge, base64."""
        return b64encode(self._key.sign(nonce.encode()))


def read_credentials(file: Path) -> NatsCredentials:
    """The credentials in a file. Raises OSError where it can't be read, ValueError where it holds none."""
    lines = read_file(file, _FILE_BYTES_MAX).split(b"\n")
    return NatsCredentials(_block(lines, b"BEGIN NATS USER JWT"), _key(_block(lines, b"BEGIN USER NKEY SEED")))


def _block(lines: list[bytes], title: bytes) -> bytes:
    for line, following in pairwise(lines):
        if title in line and following.strip():
            return following.strip()
    raise ValueError(f"there is no {title.decode()}")


def _key(seed: bytes) -> Ed25519PrivateKey:
    raw = b32decode(seed + b"=" * (-len(seed) % 8))  # of what is no base32: binascii.Error, a ValueError
    key, check = raw[:-2], raw[-2:]
    if len(key) != len(_SEED_PREFIX) + _KEY_BYTES or not key.startswith(_SEED_PREFIX):
        raise ValueError("the seed is not a user's")
    if crc_hqx(key, 0) != int.from_bytes(check, "little"):
        raise ValueError("the seed is damaged")
    return Ed25519PrivateKey.from_private_bytes(key[len(_SEED_PREFIX) :])
