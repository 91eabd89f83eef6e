"""One bill of a case."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from onewindow.codecs.messages.codes import BillLineStatus, CurrencyCode, DutyTaxFeeType
from onewindow.codecs.messages.common import Amount
from onewindow.codecs.messages.reply import DutyTaxFee
from onewindow.gateway.bill import bill

_cents = st.decimals(min_value=0, max_value=Decimal("99999999999.99"), places=2)
_currency = st.sampled_from([CurrencyCode.CNY, CurrencyCode.USD, CurrencyCode.EUR])
_line = st.builds(
    lambda base, payment, currency: DutyTaxFee(
        type_code=DutyTaxFeeType.VAT,
        tax_base_amount=Amount(value=base, currency_id=currency),
        tax_rate_numeric=Decimal(13),
        payment_amount=Amount(value=payment, currency_id=currency),
        status_code=BillLineStatus.FINAL,
    ),
    _cents,
    _cents,
    _currency,
)


def test_no_lines_make_no_bill() -> None:
    """Where nobody charges anything there is no bill, not an empty one."""
    assert bill([]) is None


@given(st.lists(st.tuples(st.sampled_from(["customs", "tax"]), _line), min_size=1, max_size=60))
def test_every_total_is_the_sum_of_its_lines(lines: list[tuple[str, DutyTaxFee]]) -> None:
    """Each currency has one total, the exact sum of its lines, and every line is there in its order."""
    made = bill(lines)
    assert made is not None
    expected: dict[str, Decimal] = {}
    for _, line in lines:
        currency = line.payment_amount.currency_id
        expected[currency] = expected.get(currency, Decimal(0)) + line.payment_amount.value
    assert expected == {total.currency_id: total.value for total in made.total_amount}
    assert [(agency, line.payment_amount) for agency, line in lines] == [
        (row.agency_code, row.payment_amount) for row in made.bill_line
    ]
