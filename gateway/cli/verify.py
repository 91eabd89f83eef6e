"""`onewindow verify`: whether this is the gateway's word."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from .ending import DONE, USAGE, Stop, rejected
from .options import File, Json

if TYPE_CHECKING:
    from ...codecs.certificates import Trust
    from .proof import Proof

TRUST = Path("onewindow-keys") / "authority.crt.pem"


def verify(
    file: File,
    /,
    *,
    receipt: File | None = None,
    declaration: File | None = None,
    trust: Annotated[Path, Parameter(show_default=lambda path: str(path))] = TRUST,
    at: datetime | None = None,
    as_json: Json = False,
) -> int:
    """Verify the signature of a response or a receipt; nothing is asked of anybody.

    :param file: A response or a receipt, XML or JSON; - is standard input.
    :param receipt: The receipt that the response has to answer.
    :param declaration: The declaration that it has to be about, byte for byte as it was sent.
    :param trust: Certificates (PEM) of the authorities that are believed.
    :param at: Verify as of this time; now by default.
    :param as_json: What was checked as one JSON document on standard output and nothing else.
    """
    from ...codecs.finding import Rejected
    from .document import read
    from .proof import about, answering, prove

    now = datetime.now(UTC) if at is None else at.astimezone()
    believed = _trust(trust)
    given = read(file)
    try:
        proof = prove(given, believed, now)
        if receipt is not None:
            given = read(receipt)
            proof = answering(proof, prove(given, believed, now))
        if declaration is not None:
            proof = about(proof, read(declaration).body)
    except Rejected as refusal:
        raise rejected(refusal, given.name) from None
    _tell(proof, as_json=as_json)
    return DONE


def _trust(file: Path) -> Trust:
    from ...codecs.finding import Rejected
    from ...codecs.keys import load_trust

    try:
        return load_trust(file)
    except Rejected as refusal:
        en, zh = refusal.findings[0].message.en, refusal.findings[0].message.zh
        advice = "Name the authority's certificate with --trust."
        raise Stop(USAGE, refusal.findings[0].code, f"{file}: {en} {advice}", f"{file}:{zh}") from None


def _tell(proof: Proof, *, as_json: bool) -> None:
    import msgspec

    from .console import stdout, write_json
    from .proof_view import show_checks, show_identity

    if not as_json:
        show_checks(stdout(), proof)
        show_identity(stdout(), proof)
        return
    write_json(
        msgspec.json.encode(
            {
                "verified": True,
                "kind": proof.kind,
                "id": proof.value.id,
                "reference": proof.value.functional_reference_id,
                "issued_at": proof.at,
                "signer": proof.signer.subject,
                "serial": f"{proof.signer.serial:x}",
                "digest": proof.digest,
                "checks": [{"check": check.what, "found": check.found} for check in proof.checks],
            }
        )
    )
