"""Signing and verifying: one response to a declaration of each size, beside signxml and xmlsec."""

from collections.abc import Callable, Mapping
from functools import cache

import pytest

from onewindow.bench.codec_path import CodecPath
from onewindow.bench.conftest import Measure
from onewindow.bench.documents import AT, SIZES, own, sized
from onewindow.bench.forms import OURS, ours
from onewindow.bench.peers import SignXml, XmlSec
from onewindow.codecs.keys import KeyFiles, load_signer, load_trust
from onewindow.codecs.signature import sign, sign_encoded
from onewindow.codecs.verification import verify

ANY_DOCUMENT = "onewindow, any document"
XMLSEC = "xmlsec"

Contenders = Mapping[str, Callable[[], Callable[[bytes], object]]]


@pytest.fixture(scope="module")
def unsigned(keys: KeyFiles) -> Callable[[int], bytes]:
    """The response to a declaration of so many items, as the codec wrote it."""
    signer = load_signer(keys.gateway_certificate, keys.gateway_key)
    return cache(lambda items: CodecPath(own(items), ours(), signer).unsigned)


@pytest.fixture(scope="module")
def signers(keys: KeyFiles) -> Contenders:
    """Ours for documents of the codec, ours for any document, and the peers."""
    signer = load_signer(keys.gateway_certificate, keys.gateway_key)
    return {
        OURS: lambda: lambda document: sign_encoded(document, signer),
        ANY_DOCUMENT: lambda: lambda document: sign(document, signer),
        "signxml": lambda: SignXml(keys, AT).signed,
        XMLSEC: lambda: XmlSec(keys).signed,
    }


@pytest.fixture(scope="module")
def verifiers(keys: KeyFiles) -> Contenders:
    """Ours and the peers; all check the certificate's chain too."""
    trust = load_trust(keys.authority_certificate)
    return {
        OURS: lambda: lambda document: verify(document, trust, AT),
        "signxml": lambda: SignXml(keys, AT).verified,
        XMLSEC: lambda: XmlSec(keys).verified,
    }


def ready(contenders: Contenders, by: str) -> Callable[[bytes], object]:
    """One contender, set up; skips xmlsec where it isn't installed."""
    if by == XMLSEC:
        pytest.importorskip("xmlsec", reason="the Python binding of xmlsec is not installed: pip install xmlsec")
    return contenders[by]()


@pytest.mark.parametrize("items", SIZES)
@pytest.mark.parametrize("by", [OURS, ANY_DOCUMENT, "signxml", XMLSEC])
def test_sign(measure: Measure, signers: Contenders, unsigned: Callable[[int], bytes], items: int, by: str) -> None:
    document, signed = unsigned(items), ready(signers, by)
    measure("sign the response", sized(items), by, lambda: signed(document))


@pytest.mark.parametrize("items", SIZES)
@pytest.mark.parametrize("by", [OURS, "signxml", XMLSEC])
def test_verify(
    measure: Measure,
    keys: KeyFiles,
    verifiers: Contenders,
    unsigned: Callable[[int], bytes],
    items: int,
    by: str,
) -> None:
    document = sign_encoded(unsigned(items), load_signer(keys.gateway_certificate, keys.gateway_key))
    verified = ready(verifiers, by)
    measure("verify the response", sized(items), by, lambda: verified(document))
