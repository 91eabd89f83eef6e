"""The routes of documents on file."""

import re
from typing import Final

from ...codecs.finding import Text
from ...codecs.messages.codes import DocumentType
from ..document_media_types import ENDINGS
from ..store.register import OnFile
from . import documents
from .described import BODY_PROBLEMS, IF_NONE_MATCH, NEXT_PAGE, STORE_PROBLEMS, page_limit, text
from .limits import PAGE_CASES, PAGE_CASES_MAX, SHARED_WITH_COUNT_MAX
from .negotiation import JSON
from .parameters import BadValue, matching, moment, whole_number
from .route import Answer, Body, Header, Parameter, Route

_EXAMPLE: Final = "sha256:656001f4d8dc8bd4ab9aae52ca0574dfc13191e65555800cf965599b53fb2b6f"
_DIGEST_SCHEMA: Final = {"type": "string", "pattern": f"^{documents.DIGEST.pattern}$"}
_PARTY_SCHEMA: Final = {"type": "string", "pattern": f"^{documents.PARTY.pattern}$"}
_PARTY: Final = matching(documents.PARTY, text("a party identifier", "企业编号"))
_NUMBER: Final = re.compile(r"(?=.{1,140}$)[^ \t\n\r]+( [^ \t\n\r]+)*")
"""As documents name it in a declaration: blanks between words are single."""
_NUMBER_MAX: Final = 2**53 - 1

_ANY: Final[dict[str, object]] = {}
"""The schema of a file's bytes: in OpenAPI 3.1 bytes have none."""

_FILES: Final = tuple(Body(media_type=media_type, schema=_ANY) for media_type in ENDINGS)


def _header(name: str) -> Parameter:
    words = text(
        "`sha-256=:BASE64:` (RFC 9530): what is not that is not kept.",
        "`sha-256=:BASE64:`（RFC 9530）：不符则不予存档。",
    )
    return Parameter(name=name, place="header", words=words)


def _type_code(value: str) -> DocumentType:
    try:
        return DocumentType(value)
    except ValueError:
        raise BadValue(_TYPES) from None


_TYPES: Final = Text(
    "a code of the list DocumentType, see /v1/codes/DocumentType",
    "DocumentType 代码表中的代码，见 /v1/codes/DocumentType",
)
_LOCATION: Final = Header(name="Location", words=text("The document's address.", "文件地址。"))
_ENTRY: Final = Body(media_type=JSON, type=OnFile)

DOCUMENTS: Final = (
    Route(
        method="POST",
        path="/v1/documents",
        operation="putDocument",
        tag="documents",
        words=text("Put a document on file", "单证存档"),
        explanation=text(
            "The body is the file itself. Declarations then refer to it by its digest, in AdditionalDocument/Digest:"
            " those of the owner and of the parties it is shared with, where they are the declarant, its agent, or the"
            " importer of an import or exporter of an export. The same file again, of the same owner and type, is the"
            " entry that is there already; number, media type, expiry and sharing are as stated last.",
            "请求体即文件本身。此后申报单可凭摘要引用（AdditionalDocument/Digest）："
            "存档方或获共享方须为申报单位、代理报关企业，或进口收货人、出口发货人。"
            "同一存档方以同一类别重复提交同一文件，返回已有存档；编号、媒体类型、有效期和共享范围以最后一次为准。",
        ),
        handler=documents.put,
        parameters=(
            Parameter(
                name="owner",
                place="query",
                words=text("The party whose document it is, by its identifier.", "存档方企业编号。"),
                schema=_PARTY_SCHEMA,
                read=documents.party,
                example="91310115MA1K7Q2H8C",
                required=True,
            ),
            Parameter(
                name="type_code",
                place="query",
                words=text("What document it is: a code of the list DocumentType.", "单证类别代码（DocumentType）。"),
                schema={"type": "string", "enum": [each.value for each in DocumentType]},
                read=_type_code,
                example="705",
                required=True,
            ),
            Parameter(
                name="id",
                place="query",
                words=text("The document's own number.", "单证编号。"),
                schema={"type": "string", "pattern": f"^{_NUMBER.pattern}$"},
                read=matching(_NUMBER, text("a number as printed on a document", "单证上印制的编号")),
                example="OWGOA26080417",
                required=True,
            ),
            Parameter(
                name="expires_at",
                place="query",
                words=text("Until when the document holds; without it, for ever.", "有效期至，不填为长期有效。"),
                schema={"type": "string", "format": "date-time"},
                read=moment,
                example="2027-01-04T23:59:59+08:00",
            ),
            Parameter(
                name="shared_with",
                place="query",
                words=text(
                    f"Parties that may refer to it too, at most {SHARED_WITH_COUNT_MAX}, with commas between them.",
                    f"可一并引用的企业编号，最多 {SHARED_WITH_COUNT_MAX} 个，以英文逗号分隔。",
                ),
                schema={"type": "string", "pattern": "^[A-Z0-9]{5,20}(,[A-Z0-9]{5,20})*$"},
                read=documents.parties,
                example="91310115MA1H84CN3W",
            ),
            _header("Content-Digest"),
            _header("Repr-Digest"),
        ),
        takes=_FILES,
        answers=(
            Answer(
                status=201,
                words=text("It is on file: its entry.", "已存档：存档信息。"),
                bodies=(_ENTRY,),
                headers=(_LOCATION,),
            ),
            Answer(
                status=200,
                words=text("It was on file already: its entry as it is now.", "此前已存档：现存档信息。"),
                bodies=(_ENTRY,),
                headers=(_LOCATION,),
            ),
        ),
        problems=(
            "invalid-parameter",
            *BODY_PROBLEMS,
            "digest-mismatch",
            "overloaded",
            "stopping",
            "store-unavailable",
        ),
    ),
    Route(
        method="GET",
        path="/v1/documents",
        operation="listDocuments",
        tag="documents",
        words=text("List documents on file, newest first", "查询存档单证"),
        handler=documents.find,
        parameters=(
            Parameter(
                name="owner",
                place="query",
                words=text("Only documents of this party.", "存档方企业编号。"),
                schema=_PARTY_SCHEMA,
                read=_PARTY,
                example="91310115MA1K7Q2H8C",
            ),
            Parameter(
                name="digest",
                place="query",
                words=text("Only entries of this file.", "文件摘要。"),
                schema=_DIGEST_SCHEMA,
                read=matching(
                    documents.DIGEST, text("sha256: and 64 hexadecimal digits", "sha256: 及 64 位十六进制数字")
                ),
                example=_EXAMPLE,
            ),
            page_limit(text("Entries on a page.", "每页条数。"), PAGE_CASES, PAGE_CASES_MAX),
            Parameter(
                name="cursor",
                place="query",
                words=text("`next_cursor` of the page before.", "上一页的 next_cursor。"),
                schema={"type": "integer", "minimum": 1, "maximum": _NUMBER_MAX},
                read=whole_number(1, _NUMBER_MAX),
            ),
        ),
        answers=(
            Answer(
                status=200,
                words=text("A page of entries.", "一页存档信息。"),
                bodies=(Body(media_type=JSON, type=documents.DocumentPage),),
                headers=(NEXT_PAGE,),
            ),
        ),
        problems=("invalid-parameter", "store-unavailable"),
    ),
    Route(
        method="GET",
        path="/v1/documents/{digest}",
        operation="getDocument",
        tag="documents",
        words=text("The file of a document on file", "获取存档文件"),
        explanation=text(
            "Byte for byte as it was sent. A file that is no longer what its digest says is not given out.",
            "与提交时逐字节一致；与摘要不符的文件不予提供。",
        ),
        handler=documents.fetch,
        parameters=(
            Parameter(
                name="digest",
                place="path",
                words=text("The file's digest.", "文件摘要。"),
                schema=_DIGEST_SCHEMA,
                example=_EXAMPLE,
            ),
            IF_NONE_MATCH,
        ),
        answers=(
            Answer(
                status=200,
                words=text("The file, in the media type in which it was sent.", "文件，媒体类型与提交时相同。"),
                bodies=_FILES,
                headers=(
                    Header(name="ETag", words=text("The file's digest, as a strong tag.", "文件摘要。")),
                    Header(name="Repr-Digest", words=text("The same as RFC 9530 writes it.", "文件摘要（RFC 9530）。")),
                    Header(name="Content-Disposition", words=text("Always `attachment`.", "始终为 attachment。")),
                ),
            ),
            Answer(
                status=304,
                words=text("You have it already (If-None-Match).", "内容未变。"),
                headers=(Header(name="ETag", words=text("The file's digest.", "文件摘要。")),),
            ),
        ),
        problems=("not-found", *STORE_PROBLEMS),
    ),
)
