"""Intake: what a declaration has to pass at the window before anything is stored.

First the schema, then the rules for a declaration as a whole which no schema can say, then the signature of one that
has a signature. All that can be checked is said at once: where the schema is broken, the rules are applied to what can
be read.

Each rule is a function from a declaration to its findings; `RULES` lists those of every window in the order in which
they are applied, `admission` has those that a window's configuration and agencies bring. Pointers are XPaths over local
names into the declaration.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice

import msgspec

from ..agencies.directives import directions, unknown_agencies
from ..codecs import DECLARATION, json_twin
from ..codecs.certificates import Trust
from ..codecs.document_order import in_json, in_tree
from ..codecs.explaining import check_place
from ..codecs.finding import Finding, Rejected, Text
from ..codecs.json_pointer import pointed
from ..codecs.limits import DEFAULT, FINDING_COUNT_MAX
from ..codecs.messages.codes import CurrencyCode, DeclarationType, UnitCode
from ..codecs.messages.common import AdditionalDocument, CurrencyExchange, Measure
from ..codecs.messages.declaration import Declaration
from ..codecs.parser import parse
from ..codecs.readings import Readings
from ..codecs.verification import verify
from ..codecs.wording import more
from .partial_check import Rule, certain
from .plain_text import is_plain, plain_texts

BILL_CURRENCY = CurrencyCode.CNY
"""Currency of duties and taxes: a declaration in another one states its exchange rate."""

_KILOGRAMS = {UnitCode.KGM: Decimal(1), UnitCode.GRM: Decimal("0.001"), UnitCode.TNE: Decimal(1000)}
ITEMS = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"
"""Where the goods items stand; a pointer to one goes on with its number in brackets."""

XML = "application/xml"
JSON = "application/json"


def read(body: bytes, media_type: str, own: tuple[Rule, ...] = ()) -> Declaration:
    """The declaration in `body`, valid by schema and rules; `media_type` is application/xml or application/json.

    own: the window's own rules, which come before those of every window.

    Raises Rejected with every finding; those of XML have the line.
    """
    try:
        declaration = DECLARATION.decode_xml(body) if media_type == XML else DECLARATION.decode_json(body)
    except Rejected as refusal:
        if refusal.problem == "invalid":
            raise _wrapped(body, media_type) or also(refusal, (*own, plain_texts, *RULES), body, media_type) from None
        raise _placed(_other_form(body, media_type) or refusal, media_type) from None
    findings = check(declaration, own if is_plain(body) else (plain_texts, *own))
    if not findings:
        return declaration
    raise refused(findings, body, media_type)


def refused(findings: Sequence[Finding], body: bytes, media_type: str) -> Rejected:
    """What to say of a declaration with these mistakes, in its own order; those in XML get their line.

    Those in JSON get a JSON Pointer. Where there are more than are said, the last finding says so.
    """
    check_place()
    if media_type == XML:
        placed = in_tree(findings, parse(body))
    else:
        document = json_twin.read(body, DEFAULT)
        placed = in_json([pointed(finding, document) for finding in findings], document)
    if len(placed) > FINDING_COUNT_MAX:
        placed[FINDING_COUNT_MAX - 1 :] = [more(FINDING_COUNT_MAX - 1)]
    return Rejected("invalid", tuple(placed))


def also(refusal: Rejected, rules: Sequence[Rule], body: bytes, media_type: str) -> Rejected:
    """The refusal with all that these rules find as well in what can be read of the declaration."""
    readings = None if is_full(refusal) else readings_of(body, media_type, refusal)
    found = [] if readings is None else certain(readings, rules, refusal.findings)
    return refused([*refusal.findings, *found], body, media_type)


def readings_of(body: bytes, media_type: str, refusal: Rejected) -> Readings[Declaration] | None:
    """What a declaration may mean that is refused with these findings; None where it is none at all."""
    return DECLARATION.readings(body, refusal.findings, is_json=media_type == JSON)


def is_full(refusal: Rejected) -> bool:
    """Whether there is no room for another finding."""
    return len(refusal.findings) >= FINDING_COUNT_MAX


def _placed(refusal: Rejected, media_type: str) -> Rejected:
    if media_type == XML:
        return refusal
    return Rejected(refusal.problem, tuple(pointed(finding) for finding in refusal.findings))


def _other_form(body: bytes, media_type: str) -> Rejected | None:
    """What to say of JSON that is sent as XML, or the reverse: the parser's words would lead nowhere."""
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    form, right = ("JSON", JSON) if start in (b"{", b"[") else ("XML", XML) if start == b"<" else ("", media_type)
    if right == media_type:
        return None
    message = Text(
        en=f"The document is {form} and was sent as {media_type}; send it with Content-Type: {right}.",
        zh=f"文档为 {form}，却以 {media_type} 提交；请将 Content-Type 设为 {right}。",
    )
    finding = Finding("media-type-wrong", "/", message, line=1, value=media_type, expected=right)
    return Rejected("not-well-formed", (finding,))


def _wrapped(body: bytes, media_type: str) -> Rejected | None:
    """What to say of JSON whose only member is Declaration: the document is that member's value itself."""
    if media_type == XML:
        return None
    try:
        members = json_twin.read(body, DEFAULT)
    except Rejected:
        return None
    if not isinstance(members, dict) or list(members) != ["Declaration"]:
        return None
    message = Text(
        en='The document is wrapped in a member "Declaration"; send what is inside: {"FunctionCode": ...}.',
        zh='文档外层多了一个成员“Declaration”；请直接提交其中的对象：{"FunctionCode": …}。',
    )
    finding = Finding(
        "root-wrapped", "/Declaration/Declaration", message, expected="FunctionCode", json_pointer="/Declaration"
    )
    return Rejected("invalid", (finding,))


def verified(declaration: Declaration, body: bytes, media_type: str, trust: Trust, at: datetime) -> Declaration:
    """The declaration that its own signature vouches for: read from the signed bytes, not from those around them.

    The signer has to be the declarant. Raises Rejected as `verify` does, and with `signature-not-declarant`.
    """
    document = body if media_type == XML else DECLARATION.encode_xml(declaration)
    proof = verify(document, trust, at)
    if proof.party != declaration.declarant.id:
        finding = Finding(
            code="signature-not-declarant",
            pointer="/Declaration/Declarant/ID",
            message=Text(
                en=f"The declaration is signed by {proof.party or proof.subject}, who is not its declarant.",
                zh=f"本申报单由 {proof.party or proof.subject} 签名，与申报人不一致。",
            ),
            value=declaration.declarant.id,
            expected=proof.party,
        )
        raise Rejected("signature", (finding,))
    return msgspec.structs.replace(DECLARATION.decode_xml(proof.signed), signature=declaration.signature)


def signature_mistakes(
    body: bytes, media_type: str, trust: Trust, at: datetime, declaration: Declaration
) -> tuple[Finding, ...]:
    """What is wrong with the signature of a declaration that is refused for other mistakes.

    In JSON it can be held against the document only where that keeps the schema, and so can be written as XML.
    """
    try:
        if media_type == JSON:
            declaration = DECLARATION.decode_json(body)
        if declaration.signature is not None:
            verified(declaration, body, media_type, trust, at)
    except Rejected as refusal:
        return refusal.findings if refusal.problem == "signature" else ()
    return ()


def check(declaration: Declaration, own: tuple[Rule, ...] = ()) -> tuple[Finding, ...]:
    """Every finding of every rule, up to the limit of findings in one answer; none for a declaration in order."""
    findings = tuple(islice((found for rule in (*own, *RULES) for found in rule(declaration)), FINDING_COUNT_MAX + 1))
    if len(findings) > FINDING_COUNT_MAX:
        return (*findings[: FINDING_COUNT_MAX - 1], more(FINDING_COUNT_MAX - 1))
    return findings


def item_numbers(declaration: Declaration) -> Iterator[Finding]:
    """Items are numbered 1, 2, 3 ... in the order in which they stand, so that every answer can name one."""
    for place, item in enumerate(declaration.goods_shipment.government_agency_goods_item, start=1):
        if item.sequence_numeric != place:
            yield Finding(
                code="item-sequence",
                pointer=f"{ITEMS}[{place}]/SequenceNumeric",
                message=Text(
                    en=f"Item {place} is numbered {item.sequence_numeric}; items are numbered from 1 without gaps.",
                    zh=f"第 {place} 项商品的项号为 {item.sequence_numeric}；商品项号应从 1 起连续编排。",
                ),
                value=str(item.sequence_numeric),
                expected=str(place),
            )


def item_count(declaration: Declaration) -> Iterator[Finding]:
    """GoodsItemQuantity is the number of items."""
    count = len(declaration.goods_shipment.government_agency_goods_item)
    if declaration.goods_item_quantity != count:
        yield Finding(
            code="item-count",
            pointer="/Declaration/GoodsItemQuantity",
            message=Text(
                en=f"The declaration says {declaration.goods_item_quantity} goods items and holds {count}.",
                zh=f"申报商品项数为 {declaration.goods_item_quantity}，实际为 {count} 项。",
            ),
            value=str(declaration.goods_item_quantity),
            expected=str(count),
        )


def trading_parties(declaration: Declaration) -> Iterator[Finding]:
    """An import names its importer, an export its exporter: licences and taxes hang on them."""
    if declaration.type_code is DeclarationType.IM and declaration.importer is None:
        yield _party_missing("Importer", "an import declaration", "进口申报单", "收货人（Importer）")
    if declaration.type_code is DeclarationType.EX and declaration.exporter is None:
        yield _party_missing("Exporter", "an export declaration", "出口申报单", "发货人（Exporter）")


def _party_missing(element: str, kind_en: str, kind_zh: str, element_zh: str) -> Finding:
    return Finding(
        code="party-missing",
        pointer=f"/Declaration/{element}",
        message=Text(en=f"The {element} is missing: {kind_en} names it.", zh=f"缺少{element_zh}：{kind_zh}必须填写。"),
        expected=element,
    )


def exchange_rates(declaration: Declaration) -> Iterator[Finding]:
    """The rate to the bill's currency stands in the declaration for its invoice currency, and once for each currency.

    The bill's own currency needs none; where it has one, it is 1.
    """
    currency = declaration.invoice_amount.currency_id
    stated: set[CurrencyCode] = set()
    for place, exchange in enumerate(declaration.currency_exchange, start=1):
        if exchange.currency_type_code in stated:
            yield _rate_repeated(place, exchange)
        elif exchange.currency_type_code is BILL_CURRENCY and exchange.rate_numeric != 1:
            yield _rate_of_bill_currency(place, exchange)
        stated.add(exchange.currency_type_code)
    if currency is not BILL_CURRENCY and currency not in stated:
        yield Finding(
            code="exchange-rate-missing",
            pointer="/Declaration/CurrencyExchange",
            message=Text(
                en=f"The invoice is in {currency} and no CurrencyExchange gives its rate to {BILL_CURRENCY}.",
                zh=f"发票币制为 {currency}，但未填报其对 {BILL_CURRENCY} 的汇率（CurrencyExchange）。",
            ),
            expected=f"CurrencyExchange with CurrencyTypeCode {currency}",
        )


def _rate_repeated(place: int, exchange: CurrencyExchange) -> Finding:
    currency = exchange.currency_type_code
    return Finding(
        code="exchange-rate-repeated",
        pointer=f"/Declaration/CurrencyExchange[{place}]/CurrencyTypeCode",
        message=Text(
            en=f"There is more than one exchange rate for {currency}; each currency has one.",
            zh=f"{currency} 的汇率重复填报；每个币制只能填报一个汇率。",
        ),
        value=currency,
        expected="one CurrencyExchange for each currency",
    )


def _rate_of_bill_currency(place: int, exchange: CurrencyExchange) -> Finding:
    return Finding(
        code="exchange-rate-wrong",
        pointer=f"/Declaration/CurrencyExchange[{place}]/RateNumeric",
        message=Text(
            en=f"The exchange rate of {BILL_CURRENCY} is {exchange.rate_numeric}; rates are to {BILL_CURRENCY}, so it "
            "is 1 or left out.",
            zh=f"{BILL_CURRENCY} 的汇率为 {exchange.rate_numeric}；该币制的汇率应为 1 或不填报。",
        ),
        value=str(exchange.rate_numeric),
        expected="1",
    )


def invoice_total(declaration: Declaration) -> Iterator[Finding]:
    """Where all item charges are in the invoice's currency they add up to the invoice amount, to the cent."""
    invoice = declaration.invoice_amount
    charges = [
        item.commodity.invoice_line.item_charge_amount
        for item in declaration.goods_shipment.government_agency_goods_item
    ]
    total = sum((charge.value for charge in charges), Decimal(0))
    if total != invoice.value and all(charge.currency_id is invoice.currency_id for charge in charges):
        yield Finding(
            code="invoice-total",
            pointer="/Declaration/InvoiceAmount",
            message=Text(
                en=f"The invoice amount is {invoice.value} {invoice.currency_id}, its items add up to {total}.",
                zh=f"发票总额为 {invoice.value} {invoice.currency_id}，各项商品金额合计为 {total}。",
            ),
            value=str(invoice.value),
            expected=str(total),
        )


def masses(declaration: Declaration) -> Iterator[Finding]:
    """An item's net mass is at most its gross mass, and all net masses together at most the total gross mass."""
    total = Decimal(0)
    for place, item in enumerate(declaration.goods_shipment.government_agency_goods_item, start=1):
        measure = item.commodity.goods_measure
        net = _kilograms(measure.net_net_weight_measure)
        gross = _kilograms(measure.gross_mass_measure)
        total += net or Decimal(0)
        if net is not None and gross is not None and net > gross:
            words = Text(
                en=f"The net mass of {net} kg is more than the gross mass of {gross} kg.",
                zh=f"净重 {net} 千克大于毛重 {gross} 千克。",
            )
            yield _too_heavy(f"{ITEMS}[{place}]/Commodity/GoodsMeasure/NetNetWeightMeasure", words, net, gross)
    limit = _kilograms(declaration.total_gross_mass_measure)
    if limit is not None and total > limit:
        words = Text(
            en=f"The items' net masses add up to {total} kg, more than the total gross mass of {limit} kg.",
            zh=f"各项商品净重合计 {total} 千克，大于总毛重 {limit} 千克。",
        )
        yield _too_heavy("/Declaration/TotalGrossMassMeasure", words, total, limit)


def _kilograms(measure: Measure | None) -> Decimal | None:
    factor = None if measure is None else _KILOGRAMS.get(measure.unit_code)
    return None if measure is None or factor is None else measure.value * factor


def _too_heavy(pointer: str, words: Text, net: Decimal, gross: Decimal) -> Finding:
    return Finding(code="mass-order", pointer=pointer, message=words, value=str(net), expected=f"at most {gross}")


def deferred_documents(declaration: Declaration) -> Iterator[Finding]:
    """A document that is to follow later says until when."""
    yield from _undated("/Declaration", declaration.additional_document)
    for place, item in enumerate(declaration.goods_shipment.government_agency_goods_item, start=1):
        yield from _undated(f"{ITEMS}[{place}]", item.additional_document)


def _undated(parent: str, documents: tuple[AdditionalDocument, ...]) -> Iterator[Finding]:
    for place, document in enumerate(documents, start=1):
        if document.deferred_indicator and document.due_date is None:
            yield Finding(
                code="due-date-missing",
                pointer=f"{parent}/AdditionalDocument[{place}]/DueDate",
                message=Text(
                    en=f"The document {document.id} is to follow later, but no DueDate says until when.",
                    zh=f"单证 {document.id} 申请容缺受理，但未填报补交期限（DueDate）。",
                ),
                expected="DueDate",
            )


def test_directives(codes: tuple[str, ...], declaration: Declaration) -> Iterator[Finding]:
    """In test mode only: what a test reference asks for can be acted out, by agencies that there are."""
    asked = directions(declaration.functional_reference_id)
    yield from asked.mistakes
    yield from unknown_agencies(asked, codes)


RULES: tuple[Rule, ...] = (
    item_count,
    item_numbers,
    trading_parties,
    exchange_rates,
    invoice_total,
    masses,
    deferred_documents,
)
