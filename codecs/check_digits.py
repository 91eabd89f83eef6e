"""Numbers that end in a check digit: whether it is the right one.

A foreign party's number may be of any register, so only those are checked that are unmistakable by their form, in
countries whose customs make the EORI number from a number with a check digit, or whose VAT number is of that form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from msgspec import Struct
from stdnum import iso6346
from stdnum.at import uid
from stdnum.be import vat
from stdnum.cn import ric, uscc
from stdnum.de import vat as de_vat
from stdnum.es import nif
from stdnum.fr import siret, tva
from stdnum.it import iva
from stdnum.nl import bsn, btw
from stdnum.pl import nip
from stdnum.pt import nif as pt_nif

from .finding import Text

NUMBERS_REMEMBERED_MAX: Final = 10_000
"""The same traders come again and again, and the check costs more than all else that is done with a number."""

_CREDIT_CODE: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
"""GB 32100-2015: no I, O, S, V and Z; the first two characters are the authority's and the kind's and may be letters,
which stdnum's own `validate` does not take."""

_MEANT_AS_CREDIT_CODE: Final = re.compile(r"[1-9ANY][0-9A-Z][0-9]{6}[0-9A-Z]{10}")

CREDIT_CODE: Final = Text("unified social credit code (GB 32100)", "统一社会信用代码（GB 32100）")
CONTAINER_NUMBER: Final = Text("container number (ISO 6346)", "集装箱号（ISO 6346）")


class _Register(Struct, frozen=True):
    """Numbers of one register: their form with the country before them, their name, the check of what comes after."""

    form: re.Pattern[str]
    name: Text
    is_valid: Callable[[str], bool]


def _register(form: str, name: str, name_zh: str, is_valid: Callable[[str], bool]) -> _Register:
    return _Register(re.compile(form), Text(f"EORI or VAT number ({name})", f"EORI 或增值税号（{name_zh}）"), is_valid)


_REGISTERS: Final = (
    _register(r"AT(U[0-9]{8})", "Austrian UID", "奥地利 UID", uid.is_valid),
    _register(r"BE([01][0-9]{9})", "Belgian enterprise number", "比利时企业号", vat.is_valid),
    _register(r"DE([0-9]{9})", "German USt-IdNr", "德国 USt-IdNr", de_vat.is_valid),
    _register(r"ES([A-Z][0-9]{8}|[0-9]{8}[A-Z]|[A-Z][0-9]{7}[A-Z])", "Spanish NIF", "西班牙 NIF", nif.is_valid),
    _register(r"FR([0-9]{14})", "French SIRET", "法国 SIRET", siret.is_valid),
    _register(r"FR([0-9A-Z]{2}[0-9]{9})", "French TVA number", "法国 TVA", tva.is_valid),
    _register(r"IT([0-9]{11})", "Italian partita IVA", "意大利 partita IVA", iva.is_valid),
    _register(r"NL([0-9]{9})", "Dutch RSIN", "荷兰 RSIN", bsn.is_valid),
    _register(r"NL([0-9]{9}B[0-9]{2})", "Dutch btw-id", "荷兰 btw-id", btw.is_valid),
    _register(r"PL([0-9]{10})(?:00000)?", "Polish NIP", "波兰 NIP", nip.is_valid),
    _register(r"PT([0-9]{9})", "Portuguese NIF", "葡萄牙 NIF", pt_nif.is_valid),
)


@lru_cache(NUMBERS_REMEMBERED_MAX)
def is_credit_code(number: str) -> bool:
    """Is this a unified social credit code with the right check character."""
    return _CREDIT_CODE.fullmatch(number) is not None and bool(uscc.calc_check_digit(number[:-1]) == number[-1])


@lru_cache(NUMBERS_REMEMBERED_MAX)
def mistaken_party(number: str) -> Text | None:
    """What a party's number looks like and is not, by its check digit; None where there is nothing to say of it."""
    if _MEANT_AS_CREDIT_CODE.fullmatch(number):
        return None if is_credit_code(number) or ric.is_valid(number) else CREDIT_CODE
    for register in _REGISTERS:
        found = register.form.fullmatch(number)
        if found is not None and not register.is_valid(found[1]):
            return register.name
    return None


def container_check_digit(number: str) -> str:
    """The check digit of a container number, from its owner code, category and serial number."""
    return str(iso6346.calc_check_digit(number[:10]))
