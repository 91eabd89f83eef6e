"""What maritime safety is sent of a declaration: dangerous goods that go by sea, their ship, ports and containers."""

from msgspec.structs import replace

from onewindow.agencies import NotConcerned, projection
from onewindow.codecs import Text
from onewindow.codecs.messages.codes import DocumentType, TransportMode
from onewindow.codecs.messages.common import AdditionalDocument
from onewindow.codecs.messages.declaration import Declaration

from .message import MaritimeSafety

DOCUMENT_TYPES = frozenset(
    {DocumentType._705, DocumentType._710, DocumentType._856, DocumentType._890, DocumentType.MSDS}
)
"""Sea waybills and bills of lading, packaging certificates, dangerous goods declarations and safety data."""


NOT_BY_SEA = NotConcerned(Text("The goods do not travel by sea.", "货物不经海运。"))
NOTHING_DANGEROUS = NotConcerned(Text("No dangerous goods are declared.", "未申报危险货物。"))


def split(declared: Declaration) -> MaritimeSafety | NotConcerned:
    """The message; NotConcerned where nothing dangerous is declared, or it does not travel by sea.

    What is dangerous is what was declared as such: goods that hide it are found by who sees them.
    """
    means = declared.border_transport_means
    if means is None or means.mode_code is not TransportMode._1:
        return NOT_BY_SEA
    dangerous = tuple(
        replace(item, additional_document=_own(item.additional_document))
        for item in declared.goods_shipment.government_agency_goods_item
        if item.commodity.dangerous_goods is not None
    )
    if not dangerous:
        return NOTHING_DANGEROUS
    shipment = replace(declared.goods_shipment, government_agency_goods_item=dangerous)
    own = replace(declared, goods_shipment=shipment, additional_document=_own(declared.additional_document))
    return projection(own, MaritimeSafety)


def _own(documents: tuple[AdditionalDocument, ...]) -> tuple[AdditionalDocument, ...]:
    return tuple(document for document in documents if document.type_code in DOCUMENT_TYPES)
