# Generated from schemas/notice.xsd by onewindow.codecs.compiler; do not edit.
"""Notice. What an agency is told after its message and need not answer. 告知书。分发之后告知部门、无需答复的事项。"""

from __future__ import annotations

from typing import Final

from msgspec import Struct, field

from .codes import NoticeType
from .common import AdditionalDocument, AgencyIdentifier, DateTime, Description, DocumentNumber, Reference

NAMESPACE: Final = "urn:onewindow:notice:1"


class Notice(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Notice. Sent to each agency that was sent a message which it concerns; the agency takes note.
    告知书。发往已收到相关分发报文的各部门；部门知悉即可。
    """

    message_id: Reference = field(name="MessageID")
    """Message number. 报文编号"""
    referred_message_id: Reference = field(name="ReferredMessageID")
    """Message referred to. The message of the declaration to this agency.
    所指分发报文编号。此前发往该部门的分发报文。
    """
    agency_code: AgencyIdentifier = field(name="AgencyCode")
    """Agency. 部门"""
    agency_reference_id: DocumentNumber | None = field(default=None, name="AgencyReferenceID")
    """Agency's reference. Where the agency has given one. 部门受理编号。部门已给出时填写。"""
    functional_reference_id: Reference = field(name="FunctionalReferenceID")
    """Declarant's reference. 业务编号"""
    issue_date_time: DateTime = field(name="IssueDateTime")
    """Issued at. 签发时间"""
    notice_type_code: NoticeType = field(name="NoticeTypeCode")
    """What it tells. 告知事项"""
    reason: Description | None = field(default=None, name="Reason")
    """Reason. In the words of the trader. 原因。申报人所述。"""
    additional_document: AdditionalDocument | None = field(default=None, name="AdditionalDocument")
    """Document that has come. 已补交的单证"""
