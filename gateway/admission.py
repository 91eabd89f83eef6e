"""Admission: what a window takes by its own configuration and agencies, beside the rules of every window.

Goods that an agency forbids are refused here, before anything is stored or anybody is asked; so is a declaration
without a document that its procedure requires, or that puts off one which may not follow later, and one with a number
or code that can't be right.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from ..agencies.agency import AnyAgency
from ..agencies.prohibition import Prohibition, Prohibitions
from ..codecs.code_lists import code_words
from ..codecs.finding import Finding, Text
from ..codecs.messages.codes import DeclarationType, DocumentType
from ..codecs.messages.common import AdditionalDocument
from ..codecs.messages.declaration import Declaration
from .config import PROCEDURES, Config, ProcedureConfig, ProcedureName, procedure_name
from .deferral import documents_of
from .identifiers import IDENTIFIER_RULES
from .intake import ITEMS
from .partial_check import Rule

Procedures = Mapping[ProcedureName, ProcedureConfig]


def admission_rules(config: Config, agencies: Mapping[str, AnyAgency]) -> tuple[Rule, ...]:
    """The rules of a window for declarations that keep the schema; each is applied to the whole declaration."""
    procedures = {name: config.procedures.get(name, ProcedureConfig()) for name in PROCEDURES}
    forbidden = Prohibitions(each for agency in agencies.values() for each in agency.prohibitions)
    by_procedure: tuple[Callable[[Procedures, Declaration], Iterator[Finding]], ...] = (
        required_documents,
        deferrable_documents,
    )
    return (
        *IDENTIFIER_RULES,
        partial(prohibited_goods, forbidden),
        *(partial(rule, procedures) for rule in by_procedure),
    )


def prohibited_goods(prohibitions: Prohibitions, declaration: Declaration) -> Iterator[Finding]:
    """Goods that may not be imported or exported, or not from or to this country, by any code that is declared."""
    shipment = declaration.goods_shipment
    importing = declaration.type_code is DeclarationType.IM
    for number, item in enumerate(shipment.government_agency_goods_item, start=1):
        country = item.origin.country_code if importing else shipment.destination.country_code
        for place, classified in enumerate(item.commodity.classification, start=1):
            for prohibition in prohibitions.forbidding(declaration.type_code, classified.id, country):
                yield Finding(
                    code="goods-prohibited",
                    pointer=f"{ITEMS}[{number}]/Commodity/Classification[{place}]/ID",
                    message=_forbidden(prohibition, country),
                    value=classified.id,
                )


def _forbidden(prohibition: Prohibition, country: str) -> Text:
    """What is forbidden, the country where it matters, by which rule and on what law."""
    goods, basis, rule = prohibition.goods, prohibition.legal_basis, prohibition.rule
    name = code_words("CountryCode", country)
    named = bool(prohibition.countries)
    if prohibition.type_code is DeclarationType.IM:
        en = f"import {goods.en}" + (f" originating in {name.en}" if named else "")
        zh = "进口" + (f"原产于{name.zh}的" if named else "") + goods.zh
    else:
        en = f"export {goods.en}" + (f" to {name.en}" if named else "")
        zh = (f"向{name.zh}" if named else "") + f"出口{goods.zh}"
    return Text(
        f"It is forbidden to {en} (rule {rule}; {basis.en}).",
        f"禁止{zh}（规则 {rule}；依据：{basis.zh}）。",
    )


def required_documents(procedures: Procedures, declaration: Declaration) -> Iterator[Finding]:
    """Every document that the procedure requires is there, be it with the declaration, an item or the transport."""
    name = procedure_name(declaration.type_code.value)
    missing = dict.fromkeys(procedures[name].documents)
    if not missing:
        return
    for kind in _document_types(declaration):
        missing.pop(kind, None)
    direction = Text("an import", "进口") if name == "import" else Text("an export", "出口")
    for kind in missing:
        words = code_words("DocumentType", kind)
        yield Finding(
            code="document-missing",
            pointer="/Declaration/AdditionalDocument",
            message=Text(
                f"{words.en} ({kind}) is missing: {direction.en} declaration has to have it.",
                f"缺少{words.zh}（{kind}）：{direction.zh}申报单必须随附。",
            ),
            expected=f"AdditionalDocument with TypeCode {kind}",
        )


def _document_types(declaration: Declaration) -> Iterator[DocumentType]:
    yield from (document.type_code for document in documents_of(declaration))
    consignment = declaration.goods_shipment.consignment
    if consignment is not None:
        yield from (document.type_code for document in consignment.transport_contract_document)


def deferrable_documents(procedures: Procedures, declaration: Declaration) -> Iterator[Finding]:
    """Only documents that may follow later are put off."""
    deferrable = procedures[procedure_name(declaration.type_code.value)].deferrable
    if deferrable is None:
        return
    yield from _not_deferrable("/Declaration", declaration.additional_document, deferrable)
    for number, item in enumerate(declaration.goods_shipment.government_agency_goods_item, start=1):
        yield from _not_deferrable(f"{ITEMS}[{number}]", item.additional_document, deferrable)


def _not_deferrable(
    parent: str, documents: tuple[AdditionalDocument, ...], deferrable: tuple[DocumentType, ...]
) -> Iterator[Finding]:
    for place, document in enumerate(documents, start=1):
        if document.deferred_indicator and document.type_code not in deferrable:
            words = code_words("DocumentType", document.type_code)
            allowed = [f"{code_words('DocumentType', kind).en} ({kind})" for kind in deferrable]
            allowed_zh = [f"{code_words('DocumentType', kind).zh}（{kind}）" for kind in deferrable]
            yield Finding(
                code="document-not-deferrable",
                pointer=f"{parent}/AdditionalDocument[{place}]/DeferredIndicator",
                message=Text(
                    f"{words.en} ({document.type_code}) may not follow later; "
                    f"what may: {', '.join(allowed) or 'nothing'}.",
                    f"{words.zh}（{document.type_code}）不得容缺受理；可容缺：{'、'.join(allowed_zh) or '无'}。",
                ),
                value="true",
                expected="false",
            )
