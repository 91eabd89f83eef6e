"""Subscriptions to the event feed."""

from typing import Any

import msgspec
from support import cases

from onewindow.gateway.place import BEGINNING
from onewindow.gateway.webhook import Subscription, secret_of


def subscription(number: int, **changes: Any) -> Subscription:
    """The first version of the subscription with this number."""
    first = Subscription(
        id=cases.case_id(number),
        version=1,
        url=f"http://127.0.0.1:9000/{number}",
        secret=secret_of(b"a secret that everybody knows"),
        declarant=None,
        events=(),
        created_at=cases.NOON,
        place=BEGINNING,
    )
    return msgspec.structs.replace(first, **changes)
