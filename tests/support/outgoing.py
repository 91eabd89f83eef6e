"""Messages to agencies as the gateway sends them, and desks that answer them."""

from datetime import UTC, datetime

from msgspec.structs import replace

from onewindow import schemas
from onewindow.agencies import installed
from onewindow.agencies.desk import Desk
from onewindow.agencies.ledger import Ledger, MemoryLedger
from onewindow.agencies.transport import MessageKind, Outgoing
from onewindow.codecs import DECLARATION, NOTICE
from onewindow.codecs.messages.codes import NoticeType
from onewindow.codecs.messages.notice import Notice

NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
CASE = "0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f"


def message(code: str, revision: int = 1, reference: str = "REF-1/A;B=C") -> Outgoing:
    """An agency's part of the sample import."""
    agency = installed()[code]
    imported = replace(DECLARATION.decode_xml(schemas.sample("import")), functional_reference_id=reference)
    body = agency.message.encode_xml(agency.split(imported))
    return Outgoing(f"{CASE}/{code}/{revision}", code, body, 1, reference)


def notice(code: str) -> Outgoing:
    """A notice to an agency that the declaration was taken back."""
    told = message(code)
    body = NOTICE.encode_xml(
        Notice(
            message_id=f"{told.message_id}/withdrawal",
            referred_message_id=told.message_id,
            agency_code=code,
            functional_reference_id=told.reference,
            issue_date_time=NOW,
            notice_type_code=NoticeType.WITHDRAWAL,
            reason="order cancelled",
        )
    )
    return replace(told, message_id=f"{told.message_id}/withdrawal", body=body, kind=MessageKind.NOTICE)


def desk(code: str, ledger: Ledger | None = None) -> Desk:
    """An agency's reference desk."""
    return Desk(installed()[code], ledger or MemoryLedger(), lambda: NOW)
