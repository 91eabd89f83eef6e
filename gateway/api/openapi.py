"""The interface in OpenAPI 3.1.1, made from the table of routes and the types of their bodies."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from ... import __version__
from ...codecs.code_lists import code_list
from ...codecs.finding import Text
from ..outcome import RELEASED
from .agency_message import AGENCY_MESSAGE, Call
from .finding_words import FINDINGS
from .guidance import JSON_TWIN, OUTCOMES, VERIFYING
from .problem import KINDS, MEDIA_TYPE, TYPE_PREFIX, Problem, Refusal
from .route import Answer, Body, Header, Parameter, Route

EVERYWHERE: Final = (
    "bad-request",
    "unknown-parameter",
    "method-not-allowed",
    "not-acceptable",
    "misdirected",
    "internal",
)
"""Kinds of problem that every call can end in."""

CHANGING: Final = ("cross-site", "no-deliveries")
"""Kinds of problem that every call but a GET can end in."""

_TAGS: Final = {
    "declarations": Text(en="Declarations and their cases", zh="申报单与办件"),
    "agencies": Text(en="Agencies", zh="部门"),
    "documents": Text(en="Documents on file", zh="存档单证"),
    "supervision": Text(en="Supervision", zh="电子监察"),
    "guide": Text(en="Service guide", zh="办事指南"),
    "events": Text(en="Events of all cases", zh="全部办件的事件"),
    "schemas": Text(en="Schemas and code lists", zh="模式与代码表"),
    "operation": Text(en="Operation", zh="运行维护"),
}

_ABOUT: Final = (
    "One trade declaration in, one signed answer out. HEAD is answered wherever GET is; OPTIONS gives `Allow`."
    " Errors are problem documents (RFC 9457) in English and Chinese; `type` says which, `findings` where.\n\n"
    "一次申报，统一出件。所有错误均以 RFC 9457 问题文档返回，附中英文说明。"
)

TYPES: Final = "x-problem-types"
"""Of an answer that is a problem: the `type`s that it can have. In the schema they would make each another."""

_REFERENCE: Final = "#/components/schemas/"
_RESPONSE: Final = "SignedResponse"
"""What the window's response is called: clients have a class Response of their own."""

_RETRY: Final = Header(
    name="Retry-After",
    words=Text(en="Seconds after which to try again.", zh="重试前应等待的秒数。"),
    schema={"type": "integer"},
)
_ALLOW: Final = Header(name="Allow", words=Text(en="The methods that the address takes.", zh="可用方法。"))
_PROBLEM_HEADERS: Final[Mapping[int, tuple[Header, ...]]] = {405: (_ALLOW,), 429: (_RETRY,), 503: (_RETRY,)}


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """The OpenAPI document of these routes, as plain data."""
    routes = tuple(routes)
    types = [body.type for route in routes for body in _bodies(route) if body.type is not None]
    types = [*dict.fromkeys([Problem, *types])]
    schemas, components = _named(msgspec.json.schema_components(types, ref_template=_REFERENCE + "{name}"))
    _let_decimals_be_numbers(components)
    by_type = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, by_type)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "onewindow",
            "summary": "Single-window trade declaration gateway 国际贸易单一窗口",
            "description": _ABOUT,
            "version": __version__,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [],
        "tags": [{"name": name, "description": f"{words.en} {words.zh}"} for name, words in _TAGS.items()],
        "paths": paths,
        "webhooks": {AGENCY_MESSAGE.name: {"post": _called(AGENCY_MESSAGE, by_type)}},
        "components": {"schemas": components},
        "x-problems": {code: msgspec.to_builtins(kind) for code, kind in KINDS.items()},
        "x-findings": msgspec.to_builtins(FINDINGS),
        "x-outcomes": _outcomes(),
        "x-json": msgspec.to_builtins(JSON_TWIN),
        "x-verifying": msgspec.to_builtins(VERIFYING),
    }


def _outcomes() -> dict[str, Any]:
    """Every outcome of a case: its name as codes.xsd has it, what it means, whether the goods may move."""
    names = {each.code: each.words for each in code_list("CaseOutcome").codes}
    return {
        outcome.value: {
            "name": msgspec.to_builtins(names[outcome.value]),
            "meaning": msgspec.to_builtins(meaning),
            "released": outcome in RELEASED,
        }
        for outcome, meaning in OUTCOMES.items()
    }


def _named(schemas: Any) -> Any:
    """The schemas with `FindingText` for types whose names are not unique, instead of their whole module path.

    Generators of clients make a class of each name, and few of them can make one of a name with a dot.
    """
    text = msgspec.json.encode(schemas).decode()
    text = re.sub(r"\bonewindow\.(?:\w+\.)*(\w+)\.(\w+)", _class_name, text)
    text = text.replace(f'"{_REFERENCE}Response"', f'"{_REFERENCE}{_RESPONSE}"')
    shown, components = msgspec.json.decode(text)
    components = {_RESPONSE if name == "Response" else name: schema for name, schema in components.items()}
    for name, schema in components.items():
        if "title" in schema:  # which some prefer to the name
            schema["title"] = name
        for member in schema.get("properties", {}).values():
            if member.get("enum") in ([True], [False]):  # of which few know what to make
                member["type"] = "boolean"
                del member["enum"]
    return shown, components


def _class_name(found: re.Match[str]) -> str:
    return found[1].title().replace("_", "") + found[2]


def _let_decimals_be_numbers(schema: Any) -> None:
    """Decimals are given as text and may be sent as numbers too, which msgspec has no way to say."""
    if isinstance(schema, dict):
        if schema.get("format") == "decimal" and "multipleOf" in schema:
            schema["type"] = ["string", "number"]
        for each in schema.values():
            _let_decimals_be_numbers(each)
    elif isinstance(schema, list):
        for each in schema:
            _let_decimals_be_numbers(each)


def _bodies(route: Route) -> Iterable[Body]:
    yield from route.takes
    for answer in route.answers:
        yield from answer.bodies


def _operation(route: Route, by_type: Mapping[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.operation,
        "tags": [route.tag],
        "summary": _both(route.words),
        "parameters": [_parameter(parameter) for parameter in route.parameters],
        "responses": {
            **{str(answer.status): _answer(answer, by_type) for answer in route.answers},
            **_problems([*EVERYWHERE, *(() if route.method == "GET" else CHANGING), *route.problems]),
        },
    }
    if route.explanation is not None:
        operation["description"] = f"{route.explanation.en}\n\n{route.explanation.zh}"
    if route.takes:
        operation["requestBody"] = {"required": True, "content": _content(route.takes, by_type)}
    return operation


def _called(call: Call, by_type: Mapping[Any, Any]) -> dict[str, Any]:
    """What others serve, for the window to call."""
    return {
        "operationId": call.operation,
        "tags": [call.tag],
        "summary": _both(call.words),
        "description": f"{call.explanation.en}\n\n{call.explanation.zh}",
        "parameters": [_parameter(parameter) for parameter in call.parameters],
        "requestBody": {"required": True, "content": _content(call.takes, by_type)},
        "responses": {
            **{str(answer.status): _answer(answer, by_type) for answer in call.answers},
            "default": {"description": _both(call.otherwise)},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "description": _both(parameter.words),
        "required": parameter.required or parameter.place == "path",
        "schema": dict(parameter.schema),
    }
    if parameter.example is not None:
        described["example"] = parameter.example
    return described


def _answer(answer: Answer, by_type: Mapping[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {"description": _both(answer.words)}
    if answer.headers:
        described["headers"] = _headers(answer.headers)
    if answer.bodies:
        described["content"] = _content(answer.bodies, by_type)
    return described


def _content(bodies: Iterable[Body], by_type: Mapping[Any, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for body in bodies:
        schema = dict(body.schema) if body.type is None else by_type[body.type]
        if body.media_type in content:  # one or the other
            schema = {"anyOf": [content[body.media_type]["schema"], schema]}
        content[body.media_type] = {"schema": schema}
        if body.examples is not None:
            content[body.media_type]["examples"] = dict(body.examples())
    return content


def _headers(headers: Iterable[Header]) -> dict[str, Any]:
    return {
        header.name: {"description": _both(header.words), "required": header.always, "schema": dict(header.schema)}
        for header in headers
    }


def _statuses(codes: Iterable[str]) -> list[int]:
    return sorted({KINDS[code].status for code in codes})


def _problems(codes: Iterable[str]) -> dict[str, Any]:
    """The problem documents of these kinds, by status: which types there are, and what they say."""
    return {
        str(status): _problem(status, [code for code in codes if KINDS[code].status == status])
        for status in _statuses(codes)
    }


def _problem(status: int, codes: list[str]) -> dict[str, Any]:
    example = msgspec.to_builtins(Refusal(codes[0]).problem("/v1/declarations"))
    described: dict[str, Any] = {
        "description": "; ".join(_both(KINDS[code].title) for code in codes),
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_REFERENCE}Problem"}, "example": example}},
        TYPES: [TYPE_PREFIX + code for code in codes],
    }
    if status in _PROBLEM_HEADERS:
        described["headers"] = _headers(_PROBLEM_HEADERS[status])
    return described


def _both(words: Text) -> str:
    return f"{words.en} {words.zh}"
