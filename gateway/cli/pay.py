"""`onewindow pay`: a payment of a case's bill is recorded."""

import asyncio

from .options import Json, Url


def pay(
    case_id: str,
    /,
    *,
    reference: str,
    amount: str,
    currency: str = "CNY",
    url: Url = "http://127.0.0.1:8080",
    as_json: Json = False,
) -> int:
    """Record a payment of a case's bill, once the treasury has confirmed it.

    登记缴款，经国库确认后生效。

    Exit status: 0 taken; 1 the case does not allow it, or there is no such case; 2 wrong usage; 3 no gateway, or it is
    too busy.
    退出码：0 已接受；1 办件状态不允许，或无此办件；2 用法有误；3 网关无法连接或繁忙。

    :param case_id: The case's id, as the receipt has it. 办件编号，见受理回执
    :param reference: The payer's or the bank's number of the payment. 缴款编号
    :param amount: How much, such as 1200.00. 金额
    :param currency: In which currency. 币制
    :param url: The gateway. 网关地址
    :param as_json: The status as one JSON document on standard output and nothing else. 以 JSON 输出
    """
    from .requesting import settle

    given = {"reference": reference, "amount": amount, "currency": currency}
    return asyncio.run(settle(url, lambda client: client.ask(case_id, "payments", given), as_json=as_json))
