"""Numbers and codes of a declaration: check digits that are right, and codes that are in the lists that are shipped.

What is wrong here no agency could deal with, and of some of it the trader could not be asked for a correction: a
revision keeps its declarant.
"""

from collections.abc import Iterator
from typing import Final

from ..codecs.check_digits import (
    CONTAINER_NUMBER,
    CREDIT_CODE,
    container_check_digit,
    is_credit_code,
    mistaken_party,
)
from ..codecs.code_lists import code_words
from ..codecs.finding import Finding, Text
from ..codecs.harmonized_system import EDITION, is_listed, listed_part
from ..codecs.messages.codes import CountryCode, CustomsDistrict, DeclarationType, SupervisionMode, UnionProcedure
from ..codecs.messages.declaration import Declaration
from .intake import ITEMS

CHINESE_OFFICE_DIGITS: Final = 4
FOREIGN_OFFICE_CHARS: Final = 8

_COUNTRIES: Final = frozenset(CountryCode)
_DISTRICTS: Final = frozenset(CustomsDistrict)
_MODES: Final = frozenset(SupervisionMode)
_PROCEDURES: Final = frozenset(UnionProcedure)
_NO_PROCEDURE: Final = UnionProcedure._00.value

_MEMBERS: Final = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
UNION: Final = frozenset(_MEMBERS.split())
"""Member states of the European Union, whose offices take the procedures of the Union Customs Code."""

INTERNATIONAL_WATERS: Final = "XZ"
"""The one country part of UN/LOCODE that is not of ISO 3166 (UN/ECE Recommendation 16)."""

UN_NUMBERS: Final = (range(4, 515), range(1001, 3561))
"""The UN numbers of the Model Regulations, 24th edition (2025): explosives, and all else."""

_CONSIGNMENT: Final = "/Declaration/GoodsShipment/Consignment"


def party_numbers(declaration: Declaration) -> Iterator[Finding]:
    """Parties' numbers have the right check digit; at a Chinese office the parties at home have a credit code."""
    importing = declaration.type_code is DeclarationType.IM
    at_home = {"Declarant", "Agent", "Importer" if importing else "Exporter"}
    named = {
        "Declarant": declaration.declarant,
        "Agent": declaration.agent,
        "Exporter": declaration.exporter,
        "Importer": declaration.importer,
    }
    is_chinese = len(declaration.declaration_office_id) == CHINESE_OFFICE_DIGITS
    for element, party in named.items():
        if party is None:
            continue
        pointer = f"/Declaration/{element}/ID"
        mistaken = mistaken_party(party.id)
        if mistaken is not None:
            yield _check_digit_wrong(pointer, party.id, mistaken)
        elif is_chinese and element in at_home and not is_credit_code(party.id):
            yield _no_credit_code(pointer, party.id)
    for number, item in enumerate(declaration.goods_shipment.government_agency_goods_item, start=1):
        maker = item.manufacturer.id if item.manufacturer is not None else None
        mistaken = None if maker is None else mistaken_party(maker)
        if maker is not None and mistaken is not None:
            yield _check_digit_wrong(f"{ITEMS}[{number}]/Manufacturer/ID", maker, mistaken)


def _check_digit_wrong(pointer: str, number: str, name: Text) -> Finding:
    return Finding(
        code="check-digit-wrong",
        pointer=pointer,
        message=Text(
            en=f"{number} is no {name.en}: its check digit is wrong. Compare every character with the original.",
            zh=f"“{number}”不是有效的{name.zh}：校验码不符，请逐位核对。",
        ),
        value=number,
        expected=name.en,
    )


def _no_credit_code(pointer: str, number: str) -> Finding:
    return Finding(
        code="credit-code-missing",
        pointer=pointer,
        message=Text(
            en=f"{number} is no {CREDIT_CODE.en}, which declarant, agent and domestic trader have at a Chinese office: "
            "18 characters.",
            zh=f"“{number}”不是{CREDIT_CODE.zh}；在中国海关申报时，申报单位、代理企业和境内收发货人须填报 18 位代码。",
        ),
        value=number,
        expected=CREDIT_CODE.en,
    )


def container_numbers(declaration: Declaration) -> Iterator[Finding]:
    """Container numbers have the check digit of ISO 6346."""
    consignment = declaration.goods_shipment.consignment
    for place, container in enumerate(consignment.transport_equipment if consignment is not None else (), start=1):
        digit = container_check_digit(container.id)
        if not container.id.endswith(digit):
            yield Finding(
                code="check-digit-wrong",
                pointer=f"{_CONSIGNMENT}/TransportEquipment[{place}]/ID",
                message=Text(
                    en=f"{container.id} is no {CONTAINER_NUMBER.en}: after {container.id[:-1]} the check digit is "
                    f"{digit}.",
                    zh=f"“{container.id}”不是有效的{CONTAINER_NUMBER.zh}：{container.id[:-1]} 的校验码应为 {digit}。",
                ),
                value=container.id,
                expected=f"{container.id[:-1]}{digit}, or another number",
            )


def commodity_codes(declaration: Declaration) -> Iterator[Finding]:
    """Commodity codes begin with a subheading of the Harmonized System."""
    for number, item in enumerate(declaration.goods_shipment.government_agency_goods_item, start=1):
        for place, classified in enumerate(item.commodity.classification, start=1):
            if not is_listed(classified.id):
                yield _not_harmonized(f"{ITEMS}[{number}]/Commodity/Classification[{place}]/ID", classified.id)


def _not_harmonized(pointer: str, code: str) -> Finding:
    known = listed_part(code)
    part, part_zh = ("heading", f"品目 {known} ") if len(known) > 2 else ("chapter", f"第 {known} 章")
    en = f"{part} {known} has none that begins with {code[:6]}" if known else f"there is no chapter {code[:2]}"
    zh = f"{part_zh}中没有 {code[:6]}" if known else f"没有第 {code[:2]} 章"
    return Finding(
        code="commodity-code-unknown",
        pointer=pointer,
        message=Text(
            en=f"{code} is no commodity code of the Harmonized System ({EDITION}): {en}.",
            zh=f"“{code}”不是协调制度（{EDITION}）的商品编码：{zh}。",
        ),
        value=code,
        expected=f"a subheading of {EDITION}, and what the nation adds to it",
    )


def office(declaration: Declaration) -> Iterator[Finding]:
    """The office is of a Chinese customs district, or of a country."""
    code = declaration.declaration_office_id
    if len(code) == CHINESE_OFFICE_DIGITS and code.isdigit() and code[:2] in _DISTRICTS:
        return
    if len(code) == FOREIGN_OFFICE_CHARS and code[:2] in _COUNTRIES:
        return
    yield Finding(
        code="office-unknown",
        pointer="/Declaration/DeclarationOfficeID",
        message=Text(
            en=f"{code} is no customs office: a Chinese one has 4 digits, of which the first two are a district's, "
            "another 8 characters, of which the first two are a country's.",
            zh=f"“{code}”不是关区代码：中国为 4 位数字，前两位为直属海关；其他为 8 位，前两位为国别代码。",
        ),
        value=code,
        expected="a code whose first two characters are of the list CustomsDistrict or CountryCode",
    )


def procedures(declaration: Declaration) -> Iterator[Finding]:
    """Procedure codes are trade modes at a Chinese office, and those of the Union Customs Code at one of the Union."""
    office_code = declaration.declaration_office_id
    is_chinese = len(office_code) == CHINESE_OFFICE_DIGITS
    if not is_chinese and office_code[:2] not in UNION:
        return
    for number, item in enumerate(declaration.goods_shipment.government_agency_goods_item, start=1):
        given = item.government_procedure
        for element, code in (("CurrentCode", given.current_code), ("PreviousCode", given.previous_code)):
            if code is not None and not (code in _MODES if is_chinese else _is_of_the_union(code)):
                pointer = f"{ITEMS}[{number}]/GovernmentProcedure/{element}"
                yield _not_a_procedure(pointer, code, is_chinese=is_chinese)


def _is_of_the_union(code: str) -> bool:
    return code[:2] in _PROCEDURES and code[:2] != _NO_PROCEDURE and code[2:] in _PROCEDURES


def _not_a_procedure(pointer: str, code: str, *, is_chinese: bool) -> Finding:
    listed = "SupervisionMode" if is_chinese else "UnionProcedure"
    example = code_words("SupervisionMode", SupervisionMode._0110) if is_chinese else Text("4000", "4000")
    such = Text(f"0110 ({example.en})", f"0110（{example.zh}）") if is_chinese else example
    whose = Text("China Customs", "中国海关监管方式") if is_chinese else Text("the Union Customs Code", "欧盟海关程序")
    return Finding(
        code="procedure-unknown",
        pointer=pointer,
        message=Text(
            en=f"{code} is no procedure code of {whose.en}; such as {such.en} is one.",
            zh=f"“{code}”不是{whose.zh}代码；例如 {such.zh}。",
        ),
        value=code,
        expected=f"a code made of the list {listed}",
    )


def places(declaration: Declaration) -> Iterator[Finding]:
    """Places of loading and unloading are in a country; which places there are in it is not checked."""
    consignment = declaration.goods_shipment.consignment
    if consignment is None:
        return
    named = {"LoadingLocation": consignment.loading_location, "UnloadingLocation": consignment.unloading_location}
    for element, place in named.items():
        if place is not None and place.id[:2] not in _COUNTRIES and place.id[:2] != INTERNATIONAL_WATERS:
            yield Finding(
                code="place-unknown",
                pointer=f"{_CONSIGNMENT}/{element}/ID",
                message=Text(
                    en=f"{place.id} is no UN/LOCODE: {place.id[:2]} is the code of no country (ISO 3166).",
                    zh=f"“{place.id}”不是 UN/LOCODE：{place.id[:2]} 不是国别代码（ISO 3166）。",
                ),
                value=place.id,
                expected="a code whose first two characters are of the list CountryCode",
            )


def un_numbers(declaration: Declaration) -> Iterator[Finding]:
    """UN numbers are among those that have been given out."""
    for number, item in enumerate(declaration.goods_shipment.government_agency_goods_item, start=1):
        goods = item.commodity.dangerous_goods
        if goods is not None and not any(int(goods.undgid) in given for given in UN_NUMBERS):
            yield Finding(
                code="un-number-unknown",
                pointer=f"{ITEMS}[{number}]/Commodity/DangerousGoods/UNDGID",
                message=Text(
                    en=f"{goods.undgid} is no UN number: there are 0004 to 0514 and 1001 to 3560.",
                    zh=f"“{goods.undgid}”不是联合国编号：现有 0004 至 0514 和 1001 至 3560。",
                ),
                value=goods.undgid,
                expected="0004 to 0514 or 1001 to 3560",
            )


IDENTIFIER_RULES: Final = (
    office,
    party_numbers,
    container_numbers,
    places,
    commodity_codes,
    procedures,
    un_numbers,
)
