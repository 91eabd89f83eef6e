"""What each agency is sent: its own part of the declaration, unchanged, and nothing else."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from support.answering import AGENCIES, CODES, message
from support.declared import declarations, values

from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.declaration import Declaration


@given(declaration=declarations())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_but_what_the_schema_lists(declaration: Declaration) -> None:
    """Whatever is declared, a message is valid, and every value in it stands at the same place in the declaration."""
    declared = values(DECLARATION.encode_xml(declaration))
    for code in CODES:
        split = message(code, declaration)
        sent = AGENCIES[code].message.encode_xml(split)
        assert split == AGENCIES[code].message.decode_xml(sent)
        assert Counter() == values(sent) - declared


@given(declaration=declarations())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_whole_documents_of_own_types(declaration: Declaration) -> None:
    """Documents reach an agency whole and in order, and only those of its own types."""
    for code, own in OWN_TYPES.items():
        split = message(code, declaration)
        holders: list[tuple[Any, Any]] = [
            (declaration, split),
            *zip(
                declaration.goods_shipment.government_agency_goods_item,
                split.goods_shipment.government_agency_goods_item,
                strict=True,
            ),
        ]
        for declared, sent in holders:
            kept = tuple(held for held in declared.additional_document if held.type_code in own)
            assert kept == sent.additional_document


OWN_TYPES = {
    "customs": {
        *("271", "315", "325", "380", "705", "710", "720", "730", "740", "811", "861", "864", "865", "890", "911"),
        *("934", "EXEMPT", "MANDATE"),
    },
    "tax": {"325", "380"},
    "market-supervision": {"2", "4", "CCC", "ENERGY", "MEDDEV", "SRRC"},
    "quality-inspection": {
        *("1", "2", "3", "4", "851", "852", "853", "856", "890", "CCC", "GACC", "IPPC", "LABEL", "MSDS"),
    },
}

UNSEEN = {
    "customs": ["BrandName", "ModelName", "ProductStandardID", "Manufacturer", "Product"],
    "tax": [
        *("Address", "Contact", "BorderTransportMeans", "Consignment", "ArrivalDateTime", "ExportCountry", "Origin"),
        *("BrandName", "Manufacturer", "Packaging", "Product", "DangerousGoods", "NetNetWeightMeasure", "Seal"),
    ],
    "market-supervision": [
        *("InvoiceAmount", "CurrencyExchange", "CustomsValuation", "CustomsValueAmount", "DutyTaxFee", "InvoiceLine"),
        *("GoodsMeasure", "TradeTerms", "Consignment", "Packaging", "Product", "GovernmentProcedure"),
    ],
    "quality-inspection": [
        *("InvoiceAmount", "CurrencyExchange", "CustomsValuation", "CustomsValueAmount", "DutyTaxFee", "InvoiceLine"),
        *("TradeTerms", "GovernmentProcedure", "Seal", "TransportContractDocument", "SecondQuantity"),
    ],
}
"""What the disclosure table of the design keeps from each agency and the sample declarations have."""


@pytest.mark.parametrize(("code", "name"), [(code, name) for code, names in UNSEEN.items() for name in names])
def test_not_for_these_eyes(code: str, name: str, imported: Declaration, exported: Declaration) -> None:
    """An element that an agency has no business with is in the declarations, and not in its message."""
    agency = AGENCIES[code]
    own_parties = etree.fromstring(agency.message.encode_xml(agency.split(imported)))
    for party in own_parties.findall("{*}Declarant"):
        own_parties.remove(party)
    declared = [etree.fromstring(DECLARATION.encode_xml(each)) for each in (imported, exported)]
    assert any(document.find(f".//{{*}}{name}") is not None for document in declared)
    assert None is own_parties.find(f".//{{*}}{name}")


def test_every_agency_is_concerned(imported: Declaration, exported: Declaration) -> None:
    """Both sample declarations concern all four agencies."""
    for declaration in (imported, exported):
        assert all(AGENCIES[code].split(declaration) is not None for code in CODES)


def test_split_shares_what_is_the_same(imported: Declaration) -> None:
    """Parts of the same type are shared with the declaration, not copied: a split costs no more than its new parts."""
    split = message("customs", imported)
    assert split.declarant is imported.declarant
    assert split.goods_shipment.trade_terms is imported.goods_shipment.trade_terms
