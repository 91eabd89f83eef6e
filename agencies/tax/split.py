"""What the tax office is sent of a declaration: amounts, terms and invoices; parties by number and name only."""

from ...codecs.messages import declaration, tax
from ...codecs.messages.codes import DocumentType
from ...codecs.messages.common import Party, PartyName
from ..documents import own_documents

DOCUMENT_TYPES = frozenset({DocumentType._325, DocumentType._380})
"""Invoices."""


def split(declared: declaration.Declaration) -> tax.Tax:
    """The tax message; every import and export has a tax side, be it that nothing is levied."""
    shipment = declared.goods_shipment
    return tax.Tax(
        function_code=declared.function_code,
        functional_reference_id=declared.functional_reference_id,
        type_code=declared.type_code,
        issue_date_time=declared.issue_date_time,
        declaration_office_id=declared.declaration_office_id,
        goods_item_quantity=declared.goods_item_quantity,
        invoice_amount=declared.invoice_amount,
        currency_exchange=declared.currency_exchange,
        additional_document=own_documents(declared.additional_document, DOCUMENT_TYPES),
        agent=declared.agent,
        declarant=declared.declarant,
        exporter=_party_name(declared.exporter),
        importer=_party_name(declared.importer),
        goods_shipment=tax.GoodsShipment(
            customs_valuation=shipment.customs_valuation,
            destination=shipment.destination,
            trade_terms=shipment.trade_terms,
            government_agency_goods_item=tuple(map(_item, shipment.government_agency_goods_item)),
        ),
    )


def _party_name(party: Party | None) -> PartyName | None:
    return PartyName(id=party.id, name=party.name) if party else None


def _item(declared: declaration.GovernmentAgencyGoodsItem) -> tax.GovernmentAgencyGoodsItem:
    commodity = declared.commodity
    return tax.GovernmentAgencyGoodsItem(
        sequence_numeric=declared.sequence_numeric,
        customs_value_amount=declared.customs_value_amount,
        additional_document=own_documents(declared.additional_document, DOCUMENT_TYPES),
        commodity=tax.Commodity(
            description=commodity.description,
            classification=commodity.classification,
            duty_tax_fee=commodity.duty_tax_fee,
            goods_measure=tax.GoodsMeasure(tariff_quantity=commodity.goods_measure.tariff_quantity),
            invoice_line=commodity.invoice_line,
        ),
        government_procedure=declared.government_procedure,
    )
