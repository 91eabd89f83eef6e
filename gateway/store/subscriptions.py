"""Subscriptions to the event feed, as rows; each has its newest version only."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy import type_coerce as typed
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import NullType

from ..webhook import Subscription, decode_subscription, encode_subscription
from .steps import Stale
from .store import Conflict, RecordDamaged
from .tables import webhooks


class Keeping(msgspec.Struct, frozen=True):
    """A subscription to be written; without a snapshot it is to be forgotten. `replaces`: the version that is there."""

    id: str
    replaces: int
    snapshot: bytes | None
    size_bytes: int


def keeping(subscription: Subscription) -> Keeping:
    """A version of a subscription to be kept after the one before it."""
    snapshot = encode_subscription(subscription)
    return Keeping(subscription.id, subscription.version - 1, snapshot, len(snapshot))


def dropping(subscription: Subscription) -> Keeping:
    """A subscription to be forgotten, if it is of this version."""
    return Keeping(subscription.id, subscription.version, None, 0)


def write(connection: Connection, wanted: Keeping) -> None:
    """Write it inside the caller's transaction. Raises Stale or IntegrityError where another version is there."""
    this = (webhooks.c.id == wanted.id, webhooks.c.version == wanted.replaces)
    values = {"version": wanted.replaces + 1, "snapshot": wanted.snapshot}
    if wanted.snapshot is None:
        changed = connection.execute(delete(webhooks).where(*this)).rowcount
    elif wanted.replaces:
        changed = connection.execute(update(webhooks).where(*this).values(values)).rowcount
    else:
        changed = connection.execute(insert(webhooks).values(id=wanted.id, **values)).rowcount
    if changed != 1:
        raise Stale


def write_alone(connection: Connection, wanted: Keeping) -> Conflict | None:
    """Write it and leave no trace where it can't be; returns the reason then."""
    try:
        with connection.begin_nested():
            write(connection, wanted)
    except (IntegrityError, Stale):
        return Conflict(f"webhook {wanted.id} is not at version {wanted.replaces}")
    return None


def read(connection: Connection) -> Sequence[Subscription | RecordDamaged]:
    """All of them by id, or what is wrong with one."""
    rows = connection.execute(
        select(webhooks.c.id, webhooks.c.version, typed(webhooks.c.snapshot, NullType())).order_by(webhooks.c.id)
    )
    return [_read(*row) for row in rows]


def _read(webhook_id: object, version: object, snapshot: object) -> Subscription | RecordDamaged:
    name = str(webhook_id)
    try:
        if not isinstance(snapshot, bytes):
            raise TypeError(f"there is {type(snapshot).__name__} where bytes should be")
        found = decode_subscription(snapshot)
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        return RecordDamaged(name, f"the webhook can't be read: {error}")
    if (found.id, found.version) != (webhook_id, version):
        return RecordDamaged(name, "the webhook is not the one that it is listed as")
    return found
