"""Amounts in yuan."""

from decimal import Decimal

import pytest

from onewindow.agencies.yuan import NoRate, exchange_rates, in_yuan, levied, rounded, yuan
from onewindow.codecs.messages.codes import CurrencyCode
from onewindow.codecs.messages.common import Amount, CurrencyExchange


def test_half_a_cent_rounds_up() -> None:
    """Half a cent goes up, less goes down, also where binary fractions would have it otherwise."""
    assert [Decimal("0.01"), Decimal("1.01"), Decimal("2.68"), Decimal("2.67")] == [
        rounded(Decimal(value)) for value in ("0.005", "1.005", "2.675", "2.6749")
    ]


def test_levied() -> None:
    """A rate in percent of a base, rounded half up to the cent."""
    assert Decimal("0.07") == levied(Decimal("0.50"), Decimal(13))


def test_conversion() -> None:
    """An amount is converted at the message's rate; yuan need none."""
    rates = exchange_rates([CurrencyExchange(currency_type_code=CurrencyCode.EUR, rate_numeric=Decimal("7.8512"))])
    euros = Amount(value=Decimal("10.01"), currency_id=CurrencyCode.EUR)
    assert (Decimal("78.59"), Decimal("5.00")) == (in_yuan(euros, rates, "/A"), in_yuan(yuan(Decimal(5)), rates, "/A"))


@pytest.mark.parametrize(
    "rates", [(), (CurrencyExchange(currency_type_code=CurrencyCode.JPY, rate_numeric=Decimal(0)),)]
)
def test_missing_rate_names_its_place(rates: tuple[CurrencyExchange, ...]) -> None:
    """Without a rate, or at a rate of zero, the currency that lacks it is pointed at."""
    with pytest.raises(NoRate) as caught:
        in_yuan(Amount(value=Decimal(1), currency_id=CurrencyCode.JPY), exchange_rates(rates), "/Tax/InvoiceAmount")
    assert "/Tax/InvoiceAmount/@currencyID" == caught.value.pointer
    assert "JPY" in caught.value.en
    assert "JPY" in caught.value.zh
