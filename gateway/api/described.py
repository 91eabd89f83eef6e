"""What several routes' descriptions share: media types, parameters, examples, and sets of problems."""

from typing import Any, Final

import msgspec

from ... import schemas as xsd
from ...codecs import DECLARATION
from ...codecs.finding import Text
from ...codecs.messages.declaration import Declaration
from .negotiation import JSON, XML
from .parameters import switch
from .route import Body, Header, Parameter

XML_TEXT: Final = {"type": "string", "contentMediaType": XML}
OBJECT: Final = {"type": "object"}
UUID: Final = "0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f"


def text(en: str, zh: str) -> Text:
    """Words in English and Chinese."""
    return Text(en=en, zh=zh)


def _declaration_xml() -> dict[str, Any]:
    return {kind: {"value": xsd.sample(kind).decode()} for kind in ("import", "export")}


def _declaration_json() -> dict[str, Any]:
    """The samples as JSON twins."""
    return {
        kind: {"value": msgspec.json.decode(DECLARATION.encode_json(DECLARATION.decode_xml(xsd.sample(kind))))}
        for kind in ("import", "export")
    }


CASE_ID: Final = Parameter(
    name="id",
    place="path",
    words=text("The case's id, as the receipt gives it.", "办件编号，见受理回执。"),
    schema={"type": "string", "format": "uuid"},
    example=UUID,
)
AGENCY: Final = Parameter(name="agency", place="path", words=text("An agency's code.", "部门代码。"), example="customs")
DRY_RUN: Final = Parameter(
    name="dry_run",
    place="query",
    words=text(
        "`true`: only say what would become of it, as JSON; nothing is stored or sent.",
        "true：试申报，仅以 JSON 返回预计结果，不存储、不分发。",
    ),
    schema={"type": "boolean", "default": False},
    read=switch,
)
REPLAY: Final = Header(
    name="Idempotent-Replay",
    words=text("`true` where the same had been sent before.", "此前已提交相同内容时为 true。"),
    schema={"type": "string", "const": "true"},
    always=False,
)
DOCUMENT_PROBLEMS: Final = (
    "empty-body",
    "not-well-formed",
    "forbidden-construct",
    "slow-upload",
    "too-large",
    "unsupported-media-type",
    "unsupported-encoding",
    "expectation-failed",
    "invalid",
    "signature",
)
STORE_PROBLEMS: Final = ("record-damaged", "store-unavailable")


DECLARATION_BODIES: Final = (
    Body(media_type=XML, schema=XML_TEXT, examples=_declaration_xml),
    Body(media_type=JSON, type=Declaration, examples=_declaration_json),
)
"""The bodies in which a declaration can be sent."""
