"""The receipt: signed proof that the window has taken a declaration over, as XML and as its JSON envelope.

There is one signature for both: the envelope's `signature` is the Signature element of the signed XML receipt, which
can be made again from the envelope's other members.
"""

from datetime import datetime

import msgspec

from ..codecs import RECEIPT
from ..codecs.json_twin import read_plain
from ..codecs.messages.codes import ReceiptStatus
from ..codecs.messages.receipt import Receipt
from .case import Case


class Links(msgspec.Struct, frozen=True, kw_only=True):
    """Where to go on from a receipt: paths at the gateway that gave it."""

    self_: str = msgspec.field(name="self")
    response: str
    events: str


class ReceiptEnvelope(msgspec.Struct, frozen=True, kw_only=True):
    """The receipt as JSON; `digest` is the SHA-256 of the declaration's bytes as they were sent."""

    id: str
    reference: str
    declarant: str
    status: str
    received_at: datetime
    digest: str
    links: Links
    signature: str


def receipt(case: Case) -> Receipt:
    """The unsigned receipt of a case."""
    return Receipt(
        id=case.id,
        functional_reference_id=case.reference,
        declarant_id=case.declarant,
        status_code=ReceiptStatus.ACCEPTED,
        acceptance_date_time=case.received_at,
        digest=case.digest,
    )


def links(case_id: str) -> Links:
    """The links of a case."""
    path = f"/v1/declarations/{case_id}"
    return Links(self_=path, response=f"{path}/response", events=f"{path}/events")


def receipt_json(document: bytes) -> ReceiptEnvelope:
    """The envelope of a signed XML receipt. Raises Rejected where the bytes are not one."""
    value = RECEIPT.decode_xml(document)
    return ReceiptEnvelope(
        id=value.id,
        reference=value.functional_reference_id,
        declarant=value.declarant_id,
        status=value.status_code.value,
        received_at=value.acceptance_date_time,
        digest=value.digest,
        links=links(value.id),
        signature=value.signature or "",
    )


def receipt_xml(envelope: bytes) -> bytes:
    """The signed XML receipt of an envelope in JSON, byte for byte as it was signed.

    Raises Rejected, msgspec.ValidationError or ValueError where the bytes are not an envelope, or say anything that the
    signed receipt does not.
    """
    members = read_plain(envelope)
    value = msgspec.convert(members, type=ReceiptEnvelope)
    unknown = sorted(members.keys() - set(ReceiptEnvelope.__struct_encode_fields__))
    if unknown:
        raise ValueError(f"the signature does not cover {', '.join(unknown)}")
    if members["links"] != msgspec.to_builtins(links(value.id)):
        raise ValueError("its links are not those of its case")
    return RECEIPT.encode_xml(
        Receipt(
            id=value.id,
            functional_reference_id=value.reference,
            declarant_id=value.declarant,
            status_code=ReceiptStatus(value.status),
            acceptance_date_time=value.received_at,
            digest=value.digest,
            signature=value.signature,
        )
    )
