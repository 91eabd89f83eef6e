"""Content-Digest and Repr-Digest as RFC 9530 writes them."""

from base64 import b64encode
from hashlib import sha256, sha512

import pytest
from multidict import CIMultiDict

from onewindow.codecs.digest import digest
from onewindow.gateway.api.content_digest import check, header, stated
from onewindow.gateway.api.problem import Refusal

BODY = b'{"hello": "world"}\n'
RIGHT = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
"""The digest that RFC 9530, section B.1, gives of this body."""
LONG = f"sha-512=:{b64encode(sha512(BODY).digest()).decode()}:"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (RIGHT, digest(BODY)),
        (f"{LONG}, {RIGHT}", digest(BODY)),
        (f"  {RIGHT} ,{LONG}", digest(BODY)),
        (f"{RIGHT};p=1", digest(BODY)),
        (LONG, None),
        ("", None),
        (f"{header(digest(b'x'))}, {RIGHT}", digest(BODY)),
    ],
)
@pytest.mark.parametrize("name", ["Content-Digest", "Repr-Digest"])
def test_stated(name: str, value: str, expected: str | None) -> None:
    """The SHA-256 is read wherever it stands, the last one where there are several; other algorithms say nothing."""
    assert ({} if expected is None else {name: expected}) == stated(CIMultiDict({name: value}))


@pytest.mark.parametrize(
    "value",
    [
        digest(BODY),
        "sha-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=",
        "sha-256=:RK/0:",
        "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg:",
        "sha-256=:!!!!:",
        "sha-256",
        "x" * 10_000,
    ],
)
def test_unreadable(value: str) -> None:
    """What can't be read is refused: a sender who wants its body checked must not believe that it was."""
    with pytest.raises(Refusal) as refused:
        stated(CIMultiDict({"Content-Digest": value}))
    assert ("invalid-parameter", "Content-Digest") == (refused.value.code, refused.value.findings[0].pointer)


def test_header() -> None:
    """A digest is written as the RFC writes it."""
    assert RIGHT == header(digest(BODY))
    assert sha256(BODY).hexdigest() == stated(CIMultiDict({"Repr-Digest": RIGHT}))["Repr-Digest"][7:]


def test_each_header_counts() -> None:
    """Of two headers each has to be right; each that is wrong is a finding."""
    check({"Content-Digest": digest(BODY), "Repr-Digest": digest(BODY)}, digest(BODY))
    with pytest.raises(Refusal) as refused:
        check({"Content-Digest": digest(b"x"), "Repr-Digest": digest(b"y")}, digest(BODY))
    assert ["Content-Digest", "Repr-Digest"] == [finding.pointer for finding in refused.value.findings]
