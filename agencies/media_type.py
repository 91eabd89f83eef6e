"""What a Content-Type header says (RFC 9110, section 8.3).

aiohttp reads the header as that of an e-mail: some values raise there, and some keep it busy for seconds.
"""

import re
from typing import Final

from msgspec import Struct

UNKNOWN: Final = "application/octet-stream"
"""What bytes are of which nothing is said, or nothing that can be read."""

PARAMETER_COUNT_MAX: Final = 16

_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"  # noqa: S105 - a token of RFC 9110, which is no secret
_MEDIA_TYPE: Final = re.compile(rf"[ \t]*+({_TOKEN}/{_TOKEN})[ \t]*+")
_PARAMETER: Final = re.compile(rf'[ \t]*+(?:({_TOKEN})=(?:({_TOKEN})|"((?:[^"\\]|\\.)*+)"))?[ \t]*+')


class MediaType(Struct, frozen=True):
    """A media type in lower case, such as `application/xml`, and the charset that it is said to be in."""

    name: str
    charset: str | None = None


def media_type(header: str) -> MediaType:
    """What a header says; UNKNOWN for one that is empty or can't be read, or has more parameters than anybody needs."""
    head = _MEDIA_TYPE.match(header)
    if head is None:
        return MediaType(UNKNOWN)
    at, charset = head.end(), None
    for _ in range(PARAMETER_COUNT_MAX):
        if at == len(header):
            return MediaType(head[1].lower(), charset)
        parameter = _PARAMETER.match(header, at + 1) if header[at] == ";" else None
        if parameter is None:
            return MediaType(UNKNOWN)
        if charset is None and (parameter[1] or "").lower() == "charset":
            charset = (parameter[2] or parameter[3] or "").lower()
        at = parameter.end()
    return MediaType(head[1].lower(), charset) if at == len(header) else MediaType(UNKNOWN)
