"""What one route is: how it is called, what it answers, and who answers. No HTTP happens here."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal

from aiohttp import web
from msgspec import Struct

from ...codecs.finding import Text

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_TEXT: Mapping[str, Any] = MappingProxyType({"type": "string"})


class Parameter(Struct, frozen=True, kw_only=True):
    """A parameter in the path, the query or a header.

    `schema` is its JSON Schema; one in the path is always `required`. `read` makes the value of a query parameter and
    raises ValueError where the text is none; path parameters and headers are read where they are used.
    """

    name: str
    place: Literal["path", "query", "header"]
    words: Text
    schema: Mapping[str, Any] = _TEXT
    read: Callable[[str], Any] = str
    example: Any = None
    required: bool = False


class Header(Struct, frozen=True, kw_only=True):
    """A header of an answer; `always`: no such answer is without it."""

    name: str
    words: Text
    schema: Mapping[str, Any] = _TEXT
    always: bool = True


class Body(Struct, frozen=True, kw_only=True):
    """A body in one media type: `type` is the struct that its JSON is of, or what its schema says in `schema`."""

    media_type: str
    type: Any = None
    schema: Mapping[str, Any] = _TEXT
    examples: Callable[[], Mapping[str, Any]] | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """An answer that is no problem."""

    status: int
    words: Text
    bodies: tuple[Body, ...] = ()
    headers: tuple[Header, ...] = ()


class Route(Struct, frozen=True, kw_only=True):
    """One call. `problems` are the kinds of problem that it can end in, beside those that every call can end in."""

    method: Literal["GET", "POST", "DELETE"]
    path: str
    operation: str
    tag: str
    words: Text
    explanation: Text | None = None
    handler: Handler
    parameters: tuple[Parameter, ...] = ()
    takes: tuple[Body, ...] = ()
    answers: tuple[Answer, ...]
    problems: tuple[str, ...] = ()

    @property
    def offered(self) -> tuple[str, ...]:
        """The media types in which it answers, the preferred one first."""
        return tuple(dict.fromkeys(body.media_type for answer in self.answers for body in answer.bodies))

    @property
    def query(self) -> Mapping[str, Parameter]:
        """Its query parameters by name."""
        return {parameter.name: parameter for parameter in self.parameters if parameter.place == "query"}
