"""What several routes' descriptions share: media types, parameters, examples, and sets of problems."""

import re
from typing import Any, Final

import msgspec

from ... import schemas as xsd
from ...codecs import DECLARATION
from ...codecs.finding import Text
from ...codecs.messages.declaration import Declaration
from ..seal import WORDS as UNSEALED
from .negotiation import JSON, XML
from .parameters import matching, switch, whole_number
from .route import Body, Header, Parameter

XML_TEXT: Final = {"type": "string", "contentMediaType": XML}
XML_SENT: Final = {**XML_TEXT, "format": "binary"}
"""XML that is sent to us: bytes, or generators of clients would have it as text and encode it anew."""
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
IDENTIFIER_CHARS_MAX: Final = 140
IDENTIFIER: Final = re.compile(rf"[^\x00-\x1f]{{1,{IDENTIFIER_CHARS_MAX}}}")
"""A reference or a party's identifier as a filter: whatever the schemas let pass, and no control characters."""

DECLARANT: Final = Parameter(
    name="declarant",
    place="query",
    words=text("Only cases of this declarant, by its identifier.", "申报人编号。"),
    schema={"type": "string", "minLength": 1, "maxLength": IDENTIFIER_CHARS_MAX},
    read=matching(IDENTIFIER, text("a declarant's identifier", "申报人编号")),
    example="91310000MA1K35X281",
)
IF_NONE_MATCH: Final = Parameter(
    name="If-None-Match", place="header", words=text("ETags of what you have already.", "已有内容的 ETag。")
)


def page_limit(words: Text, usual: int, most: int) -> Parameter:
    """How many there are on a page, where the caller may say so."""
    return Parameter(
        name="limit",
        place="query",
        words=words,
        schema={"type": "integer", "minimum": 1, "maximum": most, "default": usual},
        read=whole_number(1, most),
    )


NEXT_PAGE: Final = Header(
    name="Link",
    words=text('The next page (`rel="next"`), where there is one.', "下一页地址。"),
    always=False,
)
WAIT_APPLIED: Final = Header(
    name="Preference-Applied",
    words=text("The wait that was granted (RFC 7240).", "实际采用的等待时间。"),
    schema={"type": "string", "pattern": "^wait=[0-9]+$"},
    always=False,
)
REPLAY: Final = Header(
    name="Idempotent-Replay",
    words=text("`true` where the same had been sent before.", "此前已提交相同内容时为 true。"),
    schema={"type": "string", "const": "true"},
    always=False,
)
BODY_PROBLEMS: Final = (
    "empty-body",
    "slow-upload",
    "too-large",
    "unsupported-media-type",
    "unsupported-encoding",
    "expectation-failed",
)
"""What can be wrong with a body whatever is in it."""

REQUEST_PROBLEMS: Final = (*BODY_PROBLEMS, "not-well-formed", "invalid")
"""What can be wrong with a request in JSON."""

DOCUMENT_PROBLEMS: Final = (*REQUEST_PROBLEMS, "forbidden-construct", "signature")
"""What can be wrong with a document that has a schema."""

SEAL_PROBLEMS: Final = tuple(UNSEALED)
"""Why nothing can be signed."""

STORE_PROBLEMS: Final = ("record-damaged", "store-unavailable")


DECLARATION_BODIES: Final = (
    Body(media_type=XML, schema=XML_SENT, examples=_declaration_xml),
    Body(media_type=JSON, type=Declaration, examples=_declaration_json),
)
"""The bodies in which a declaration can be sent."""
