"""What quality inspection is sent of a declaration: goods, makers, packaging, route and certificates; no amounts."""

from ...codecs.messages import declaration, quality_inspection
from ...codecs.messages.codes import DocumentType
from ...codecs.messages.common import TransportEquipmentID
from ..documents import own_documents

DOCUMENT_TYPES = frozenset(
    {
        DocumentType._1,
        DocumentType._2,
        DocumentType._3,
        DocumentType._4,
        DocumentType._851,
        DocumentType._852,
        DocumentType._853,
        DocumentType._856,
        DocumentType._890,
        DocumentType.CCC,
        DocumentType.GACC,
        DocumentType.IPPC,
        DocumentType.LABEL,
        DocumentType.MSDS,
    }
)
"""Certificates of quality, health and treatment, producers' registrations, labels and safety data."""


def split(declared: declaration.Declaration) -> quality_inspection.QualityInspection:
    """The quality-inspection message.

    Every declaration is sent: whether goods, packaging or origin are on a list is for the agency to say, not for the
    window, whose lists would be yesterday's.
    """
    shipment = declared.goods_shipment
    return quality_inspection.QualityInspection(
        function_code=declared.function_code,
        functional_reference_id=declared.functional_reference_id,
        type_code=declared.type_code,
        issue_date_time=declared.issue_date_time,
        declaration_office_id=declared.declaration_office_id,
        goods_item_quantity=declared.goods_item_quantity,
        additional_document=own_documents(declared.additional_document, DOCUMENT_TYPES),
        agent=declared.agent,
        border_transport_means=declared.border_transport_means,
        declarant=declared.declarant,
        exporter=declared.exporter,
        importer=declared.importer,
        goods_shipment=quality_inspection.GoodsShipment(
            arrival_date_time=shipment.arrival_date_time,
            consignment=_consignment(shipment.consignment) if shipment.consignment else None,
            destination=shipment.destination,
            export_country=shipment.export_country,
            government_agency_goods_item=tuple(map(_item, shipment.government_agency_goods_item)),
        ),
    )


def _consignment(declared: declaration.Consignment) -> quality_inspection.Consignment:
    return quality_inspection.Consignment(
        goods_location=declared.goods_location,
        loading_location=declared.loading_location,
        unloading_location=declared.unloading_location,
        transport_equipment=tuple(
            TransportEquipmentID(sequence_numeric=container.sequence_numeric, id=container.id)
            for container in declared.transport_equipment
        ),
    )


def _item(declared: declaration.GovernmentAgencyGoodsItem) -> quality_inspection.GovernmentAgencyGoodsItem:
    return quality_inspection.GovernmentAgencyGoodsItem(
        sequence_numeric=declared.sequence_numeric,
        additional_document=own_documents(declared.additional_document, DOCUMENT_TYPES),
        commodity=_commodity(declared.commodity),
        manufacturer=declared.manufacturer,
        origin=declared.origin,
        packaging=declared.packaging,
    )


def _commodity(declared: declaration.Commodity) -> quality_inspection.Commodity:
    return quality_inspection.Commodity(
        description=declared.description,
        brand_name=declared.brand_name,
        model_name=declared.model_name,
        product_standard_id=declared.product_standard_id,
        classification=declared.classification,
        dangerous_goods=declared.dangerous_goods,
        goods_measure=quality_inspection.GoodsMeasure(
            net_net_weight_measure=declared.goods_measure.net_net_weight_measure,
            tariff_quantity=declared.goods_measure.tariff_quantity,
        ),
        product=declared.product,
    )
