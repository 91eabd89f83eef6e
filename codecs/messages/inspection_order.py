# Generated from schemas/inspection-order.xsd by onewindow.codecs.compiler; do not edit.
"""Inspection order. When and where the agencies inspect together. 查验通知。各部门联合查验的时间和地点。"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct, field

from .common import AgencyIdentifier, DateTime, DocumentNumber, GoodsLocation, ItemNumber, Reference, Visit

NAMESPACE: Final = "urn:onewindow:inspection-order:1"


class InspectionOrder(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Inspection order. Sent to each agency that wants to see the goods; it answers with a reply once it has seen them.
    查验通知。发往要求查验的各部门；部门查验后以回执报文答复。
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
    goods_location: GoodsLocation | None = field(default=None, name="GoodsLocation")
    """Location of goods. 货物存放地点"""
    visit: Visit | None = field(default=None, name="Visit")
    """Visit. At which this agency is expected; left out where no agency proposed a time, it then arranges one with the
    trader.
    查验安排。本部门届时参加；各部门均未提出时间时不填，由部门与申报人商定。
    """
    item_sequence_numeric: Annotated[
        tuple[ItemNumber, ...],
        Meta(max_length=999),
    ] = field(default=(), name="ItemSequenceNumeric")
    """Item to be inspected. 应查验项号"""
