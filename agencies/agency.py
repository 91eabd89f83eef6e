"""What an agency is to the window: a code, a name, two message formats, a split, and what the guide says of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

from ..codecs.codec import Codec
from ..codecs.finding import Text
from ..codecs.messages.declaration import Declaration
from ..codecs.messages.reply import Reply

M = TypeVar("M", bound=Struct)


class GuideDocument(Struct, frozen=True):
    """A document that the agency may ask for: its DocumentType code, its name, and when it is needed."""

    type_code: str
    name: Text
    needed: Text


class Guide(Struct, frozen=True):
    """An agency's entry in the service guide: what it does, what it costs, on what law, with which documents."""

    purpose: Text
    fee: Text
    legal_basis: tuple[Text, ...]
    documents: tuple[GuideDocument, ...]


class Agency(Struct, Generic[M], frozen=True):
    """An agency as a plug-in: everything the window knows of it.

    split: what the agency is sent of a declaration; None when the declaration does not concern it. Pure.
    assess: the reference rules, ``(message, message id, now) -> reply``; pure. None: the agency has no reference desk.
    time_limit: how long the agency may take from the moment its message was sent; configuration may override it.
    """

    code: str
    name: Text
    message: Codec[M]
    reply: Codec[Reply]
    split: Callable[[Declaration], M | None]
    assess: Callable[[M, str, datetime], Reply] | None
    time_limit: timedelta
    guide: Guide


AnyAgency: TypeAlias = Agency[Any]
