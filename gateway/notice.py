"""Notices: what agencies that were sent something are told afterwards, and need not answer."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from ..agencies.transport import MessageKind
from ..codecs import NOTICE
from ..codecs.digest import digest
from ..codecs.messages.codes import NoticeType
from ..codecs.messages.common import AdditionalDocument
from ..codecs.messages.notice import Notice
from . import message_id
from .case import Case, Part, PartState
from .events import Told


class Telling(msgspec.Struct, frozen=True):
    """A notice, as it is told of in the journal and as its bytes."""

    told: Told
    body: bytes


def reached(case: Case) -> Iterator[Part]:
    """Of each agency that was sent something, the last part that was."""
    for part in case.parts:
        sent = [each for each in (*case.past, part) if _is_own(each, part.agency) and each.sent_at is not None]
        yield from sent[-1:]


def _is_own(part: Part, agency: str) -> bool:
    return part.agency == agency and part.kind is MessageKind.DECLARATION


def withdrawal_notices(case: Case, reason: str, now: datetime) -> tuple[Telling, ...]:
    """What the agencies are told of a declaration that its trader takes back."""
    return tuple(
        _telling(case, part, message_id.WITHDRAWAL, now, NoticeType.WITHDRAWAL, reason=reason) for part in reached(case)
    )


def document_notices(
    case: Case, document: AdditionalDocument, agencies: Iterable[str], now: datetime
) -> tuple[Telling, ...]:
    """What these agencies are told of a deferred document that has come, as far as they were sent anything."""
    named = (document.type_code.value, document.id)
    places = [(each.document.type_code, each.document.document_id) for each in case.deferred]
    what = message_id.document(places.index(named) + 1) if named in places else message_id.document(0)
    concerned = frozenset(agencies)
    return tuple(
        _telling(case, part, what, now, NoticeType.DOCUMENT, document=document)
        for part in reached(case)
        if part.agency in concerned
    )


def _telling(
    case: Case,
    part: Part,
    what: str,
    now: datetime,
    notice_type: NoticeType,
    *,
    reason: str | None = None,
    document: AdditionalDocument | None = None,
) -> Telling:
    identifier = message_id.following(part.message_id, what)
    body = NOTICE.encode_xml(
        Notice(
            message_id=identifier,
            referred_message_id=part.message_id,
            agency_code=part.agency,
            agency_reference_id=part.agency_reference,
            functional_reference_id=case.reference,
            issue_date_time=now,
            notice_type_code=notice_type,
            reason=reason,
            additional_document=document,
        )
    )
    return Telling(Told(agency=part.agency, message_id=identifier, message_digest=digest(body)), body)


def noted(case: Case, notices: Iterable[Told]) -> Iterator[Part]:
    """The notices as parts of their case, ready to be sent."""
    for told in notices:
        part = case.part(told.agency)
        yield Part(
            agency=told.agency,
            state=PartState.READY,
            message_id=told.message_id,
            message_digest=told.message_digest,
            revision=1 if part is None else part.revision,
            kind=MessageKind.NOTICE,
        )
