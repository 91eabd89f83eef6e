"""`onewindow amend`: a new revision of a declaration whose case is open."""

import asyncio
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from .options import File, Json, Url


def amend(
    case_id: str,
    file: File,
    /,
    *,
    url: Url = "http://127.0.0.1:8080",
    wait: Annotated[float, Parameter(validator=Number(gte=0))] = 30.0,
    as_json: Json = False,
) -> int:
    """Replace the declaration of an open case; only agencies whose own message changes are asked again.

    :param case_id: The case's id, as the receipt has it.
    :param file: The whole declaration, XML or JSON; - is standard input.
    :param url: The gateway.
    :param wait: Seconds to wait for the response; 0 not to wait.
    :param as_json: The status as one JSON document on standard output and nothing else.
    """
    from .document import read
    from .requesting import request

    given = read(file)
    return asyncio.run(request(url, lambda client: client.revise(case_id, "amendments", given), wait, as_json=as_json))
