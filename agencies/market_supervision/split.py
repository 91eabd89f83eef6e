"""What market supervision is sent of a declaration: parties, products and makers; no amounts, no transport."""

from ...codecs.messages import declaration, market_supervision
from ...codecs.messages.codes import DocumentType
from ..documents import own_documents

DOCUMENT_TYPES = frozenset(
    {
        DocumentType._2,
        DocumentType._4,
        DocumentType.CCC,
        DocumentType.ENERGY,
        DocumentType.MEDDEV,
        DocumentType.SRRC,
    }
)
"""Product certifications, registrations and approvals, and the reports they rest on."""


def split(declared: declaration.Declaration) -> market_supervision.MarketSupervision:
    """The market-supervision message; every declaration has a trader whose registration is checked."""
    return market_supervision.MarketSupervision(
        function_code=declared.function_code,
        functional_reference_id=declared.functional_reference_id,
        type_code=declared.type_code,
        issue_date_time=declared.issue_date_time,
        declaration_office_id=declared.declaration_office_id,
        goods_item_quantity=declared.goods_item_quantity,
        additional_document=own_documents(declared.additional_document, DOCUMENT_TYPES),
        agent=declared.agent,
        declarant=declared.declarant,
        exporter=declared.exporter,
        importer=declared.importer,
        goods_shipment=market_supervision.GoodsShipment(
            government_agency_goods_item=tuple(map(_item, declared.goods_shipment.government_agency_goods_item)),
        ),
    )


def _item(declared: declaration.GovernmentAgencyGoodsItem) -> market_supervision.GovernmentAgencyGoodsItem:
    commodity = declared.commodity
    return market_supervision.GovernmentAgencyGoodsItem(
        sequence_numeric=declared.sequence_numeric,
        additional_document=own_documents(declared.additional_document, DOCUMENT_TYPES),
        commodity=market_supervision.Commodity(
            description=commodity.description,
            brand_name=commodity.brand_name,
            model_name=commodity.model_name,
            product_standard_id=commodity.product_standard_id,
            classification=commodity.classification,
        ),
        manufacturer=declared.manufacturer,
        origin=declared.origin,
    )
