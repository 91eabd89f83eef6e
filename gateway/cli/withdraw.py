"""`onewindow withdraw`: a declaration is taken back."""

import asyncio
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from .options import Json, Url


def withdraw(
    case_id: str,
    /,
    *,
    reason: str,
    url: Url = "http://127.0.0.1:8080",
    wait: Annotated[float, Parameter(validator=Number(gte=0))] = 30.0,
    as_json: Json = False,
) -> int:
    """Take a declaration back; its case ends in a signed response that says so.

    :param case_id: The case's id, as the receipt has it.
    :param reason: Why, in your own words.
    :param url: The gateway.
    :param wait: Seconds to wait for the response; 0 not to wait.
    :param as_json: The status as one JSON document on standard output and nothing else.
    """
    from .requesting import request

    return asyncio.run(request(url, lambda client: client.withdraw(case_id, reason), wait, as_json=as_json))
