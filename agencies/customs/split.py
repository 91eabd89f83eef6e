"""What customs is sent of a declaration: trade, transport, value, origin and procedure; not who made the goods."""

from ...codecs.messages import customs, declaration
from ...codecs.messages.codes import DocumentType
from ..documents import own_documents

DOCUMENT_TYPES = frozenset(
    {
        DocumentType._271,
        DocumentType._315,
        DocumentType._325,
        DocumentType._380,
        DocumentType._705,
        DocumentType._710,
        DocumentType._720,
        DocumentType._730,
        DocumentType._740,
        DocumentType._811,
        DocumentType._861,
        DocumentType._864,
        DocumentType._865,
        DocumentType._890,
        DocumentType._911,
        DocumentType._934,
        DocumentType.EXEMPT,
        DocumentType.MANDATE,
    }
)
"""Commercial and transport papers, licences, proofs of origin and of value."""


def split(declared: declaration.Declaration) -> customs.Customs:
    """The customs message; every declaration concerns customs."""
    return customs.Customs(
        function_code=declared.function_code,
        functional_reference_id=declared.functional_reference_id,
        type_code=declared.type_code,
        issue_date_time=declared.issue_date_time,
        declaration_office_id=declared.declaration_office_id,
        goods_item_quantity=declared.goods_item_quantity,
        total_gross_mass_measure=declared.total_gross_mass_measure,
        invoice_amount=declared.invoice_amount,
        currency_exchange=declared.currency_exchange,
        additional_document=own_documents(declared.additional_document, DOCUMENT_TYPES),
        agent=declared.agent,
        border_transport_means=declared.border_transport_means,
        declarant=declared.declarant,
        exporter=declared.exporter,
        importer=declared.importer,
        goods_shipment=_shipment(declared.goods_shipment),
    )


def _shipment(declared: declaration.GoodsShipment) -> customs.GoodsShipment:
    return customs.GoodsShipment(
        arrival_date_time=declared.arrival_date_time,
        consignment=_consignment(declared.consignment) if declared.consignment else None,
        customs_valuation=declared.customs_valuation,
        destination=declared.destination,
        export_country=declared.export_country,
        trade_terms=declared.trade_terms,
        government_agency_goods_item=tuple(map(_item, declared.government_agency_goods_item)),
    )


def _consignment(declared: declaration.Consignment) -> customs.Consignment:
    return customs.Consignment(
        goods_location=declared.goods_location,
        loading_location=declared.loading_location,
        unloading_location=declared.unloading_location,
        transport_contract_document=declared.transport_contract_document,
        transport_equipment=declared.transport_equipment,
    )


def _item(declared: declaration.GovernmentAgencyGoodsItem) -> customs.GovernmentAgencyGoodsItem:
    return customs.GovernmentAgencyGoodsItem(
        sequence_numeric=declared.sequence_numeric,
        customs_value_amount=declared.customs_value_amount,
        additional_document=own_documents(declared.additional_document, DOCUMENT_TYPES),
        commodity=_commodity(declared.commodity),
        government_procedure=declared.government_procedure,
        origin=declared.origin,
        packaging=declared.packaging,
    )


def _commodity(declared: declaration.Commodity) -> customs.Commodity:
    return customs.Commodity(
        description=declared.description,
        classification=declared.classification,
        dangerous_goods=declared.dangerous_goods,
        duty_tax_fee=declared.duty_tax_fee,
        goods_measure=customs.GoodsMeasure(
            gross_mass_measure=declared.goods_measure.gross_mass_measure,
            net_net_weight_measure=declared.goods_measure.net_net_weight_measure,
            tariff_quantity=declared.goods_measure.tariff_quantity,
            second_quantity=declared.goods_measure.second_quantity,
        ),
        invoice_line=declared.invoice_line,
    )
