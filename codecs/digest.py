"""The digest by which a document is named in receipts, responses and journals."""

from __future__ import annotations

from hashlib import sha256


def digest(data: bytes) -> str:
    """SHA-256 of `data` as the messages' simple type Digest writes it: `sha256:` and 64 lower-case hex digits."""
    return f"sha256:{sha256(data).hexdigest()}"
