"""Amounts in the currency in which duties are assessed, the Chinese yuan (CNY)."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from ..codecs.messages.codes import CurrencyCode
from ..codecs.messages.common import Amount, CurrencyExchange

CENT = Decimal("0.01")

DECLARATION_YUAN_MAX = Decimal(10) ** 12
"""The highest customs value of one declaration that is assessed by machine: every sum of what is levied on it still
fits the 16 digits of an amount."""


_EXACT = Context(prec=60)


def exact() -> AbstractContextManager[Context]:
    """The context in which money is reckoned: the highest amounts at the highest rates, over all items, stay exact.

    An amount has 16 digits and a rate 12, so that the product of the two has no room in Python's usual 28 digits once
    it is written in cents.
    """
    return localcontext(_EXACT)


class NoRate(Exception):
    """The message has no exchange rate for a currency that it uses; pointer: where it uses it."""

    def __init__(self, currency: str, pointer: str) -> None:
        super().__init__(f"{pointer}: {currency}")
        self.pointer = pointer
        self.en = f"There is no exchange rate for {currency}."
        self.zh = f"缺少{currency}的汇率。"


def rounded(value: Decimal) -> Decimal:
    """To the cent, half a cent up: how duties are rounded."""
    return value.quantize(CENT, ROUND_HALF_UP, _EXACT)


def levied(base: Decimal, percent: Decimal) -> Decimal:
    """What a rate in percent of a base comes to, to the cent."""
    return rounded(base * percent / 100)


def exchange_rates(exchanges: Iterable[CurrencyExchange]) -> dict[str, Decimal]:
    """CNY per unit of each currency that the message gives a rate for, and of CNY itself; a rate of zero is none."""
    rates: dict[str, Decimal] = {
        exchange.currency_type_code: exchange.rate_numeric for exchange in exchanges if exchange.rate_numeric
    }
    rates[CurrencyCode.CNY] = Decimal(1)
    return rates


def in_yuan(amount: Amount, rates: dict[str, Decimal], pointer: str) -> Decimal:
    """The amount found at ``pointer``, in CNY, to the cent. Raises NoRate."""
    rate = rates.get(amount.currency_id)
    if rate is None:
        raise NoRate(amount.currency_id, f"{pointer}/@currencyID")
    return rounded(amount.value * rate)


def yuan(value: Decimal) -> Amount:
    """A CNY value as a message carries it, with two decimals."""
    return Amount(value=value.quantize(CENT), currency_id=CurrencyCode.CNY)
