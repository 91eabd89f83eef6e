"""Content-Digest and Repr-Digest (RFC 9530): what a sender says that its body hashes to.

Bodies are taken as they are, without Content-Encoding, so that the two mean the same here.
"""

import re
from base64 import b64decode, b64encode
from typing import Final

from multidict import MultiMapping

from ...codecs.finding import Finding, Text
from .parameters import bad_value
from .problem import Refusal

NAMES: Final = ("Content-Digest", "Repr-Digest")

_EXPECTED: Final = Text("sha-256=:BASE64:, as in RFC 9530", "sha-256=:BASE64:，见 RFC 9530")
_MEMBER: Final = re.compile(r"[ \t]*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):(?:;[^,]*)?[ \t]*")
_PREFIX: Final = "sha256:"
_SHA256_BYTES: Final = 32


def stated(headers: MultiMapping[str]) -> dict[str, str]:
    """The SHA-256 that each of the headers states, as `sha256:` and hexadecimal; other algorithms say nothing here.

    Raises Refusal (`invalid-parameter`) where one can't be read.
    """
    digests = {}
    for name in NAMES:
        for member in ",".join(headers.getall(name, ())).split(","):
            if not member.strip():
                continue
            match = _MEMBER.fullmatch(member)
            if match is None:
                raise _unreadable(name, member)
            if match[1] == "sha-256":
                digests[name] = _digest(name, match[2])
    return digests


def _digest(name: str, encoded: str) -> str:
    try:
        value = b64decode(encoded, validate=True)
    except ValueError:
        raise _unreadable(name, encoded) from None
    if len(value) != _SHA256_BYTES:
        raise _unreadable(name, encoded)
    return _PREFIX + value.hex()


def _unreadable(name: str, value: str) -> Refusal:
    return Refusal("invalid-parameter", findings=(bad_value(name, value.strip(), _EXPECTED),))


def check(headers: dict[str, str], digest: str) -> None:
    """Raises Refusal (`digest-mismatch`) where a header, as `stated` has it, states another digest than the body's."""
    wrong = tuple(
        Finding(
            code="digest-differs",
            pointer=name,
            message=Text(
                en=f"{name} states {value}, and the body has {digest}.",
                zh=f"{name} 所示摘要为 {value}，请求体实际为 {digest}。",
            ),
            value=value,
            expected=digest,
        )
        for name, value in headers.items()
        if value != digest
    )
    if wrong:
        raise Refusal("digest-mismatch", findings=wrong)


def header(digest: str) -> str:
    """A digest (`sha256:` and hexadecimal) as the value of these headers."""
    return f"sha-256=:{b64encode(bytes.fromhex(digest.removeprefix(_PREFIX))).decode()}:"
