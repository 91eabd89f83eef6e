"""One bill of a case: every agency's lines, and their totals."""

from collections.abc import Iterable
from decimal import Decimal

from ..codecs.messages import reply
from ..codecs.messages.codes import CurrencyCode
from ..codecs.messages.common import Amount
from ..codecs.messages.response import Bill, BillLine


def bill(lines: Iterable[tuple[str, reply.DutyTaxFee]]) -> Bill | None:
    """The bill of `(agency code, line)` pairs in the order given, or None where nobody charges anything.

    There is one total for each currency, in the order in which the currencies come up, and it is the exact sum of the
    lines' payment amounts: nothing is rounded here.
    """
    rows = tuple(
        BillLine(
            agency_code=agency,
            item_sequence_numeric=line.item_sequence_numeric,
            type_code=line.type_code,
            tax_base_amount=line.tax_base_amount,
            tax_rate_numeric=line.tax_rate_numeric,
            payment_amount=line.payment_amount,
            status_code=line.status_code,
        )
        for agency, line in lines
    )
    if not rows:
        return None
    totals: dict[CurrencyCode, Decimal] = {}
    for row in rows:
        currency = row.payment_amount.currency_id
        totals[currency] = totals.get(currency, Decimal("0.00")) + row.payment_amount.value
    return Bill(
        bill_line=rows,
        total_amount=tuple(Amount(value=total, currency_id=currency) for currency, total in totals.items()),
    )
