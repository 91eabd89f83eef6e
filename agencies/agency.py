"""What an agency is to the window: a code, a name, two message formats, a split, and what the guide says of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

from ..codecs.codec import Codec
from ..codecs.finding import Text
from ..codecs.messages.codes import DeclarationType
from ..codecs.messages.declaration import Declaration
from ..codecs.messages.reply import Reply
from .prohibition import Prohibition

M = TypeVar("M", bound=Struct)


class GuideDocument(Struct, frozen=True):
    """A document that the agency may ask for: its DocumentType code, its name, and when it is needed.

    only: the type of declaration that it is for, None for both.
    """

    type_code: str
    name: Text
    needed: Text
    only: DeclarationType | None = None


class NotConcerned(Struct, frozen=True):
    """What a split says of a declaration that is none of its agency's business: why, for the trader to read.

    reason: at most 1024 characters in each language, on one line.
    """

    reason: Text


class Guide(Struct, frozen=True):
    """An agency's entry in the service guide: what it does, what it costs, on what law, with which documents."""

    purpose: Text
    fee: Text
    legal_basis: tuple[Text, ...]
    documents: tuple[GuideDocument, ...]


class Agency(Struct, Generic[M], frozen=True):
    """An agency as a plug-in: everything the window knows of it.

    split: what the agency is sent of a declaration; NotConcerned or None when it does not concern it, with a reason
    for the response or without one. Pure.
    assess: the reference rules, ``(message, message id, now) -> reply``; pure. None: the agency has no reference desk.
    time_limit: how long the agency may take from the moment its message was sent; configuration may override it.
    prohibitions: goods that the window refuses for this agency's sake, before anything is stored or sent.
    """

    code: str
    name: Text
    message: Codec[M]
    reply: Codec[Reply]
    split: Callable[[Declaration], M | NotConcerned | None]
    assess: Callable[[M, str, datetime], Reply] | None
    time_limit: timedelta
    guide: Guide
    prohibitions: tuple[Prohibition, ...] = ()


AnyAgency: TypeAlias = Agency[Any]
