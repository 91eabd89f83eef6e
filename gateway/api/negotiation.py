"""What a request's headers ask for: the media type of the answer (Accept) and how long to wait (Prefer)."""

from functools import lru_cache
from types import MappingProxyType
from typing import Final

XML: Final = "application/xml"
JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
"""JSON documents, one on each line."""

_ALIASES: Final = MappingProxyType(
    {
        "text/xml": XML,
        "text/json": JSON,
        "application/x-json": JSON,
        "application/ndjson": NDJSON,
        "application/jsonl": NDJSON,
        "application/x-jsonl": NDJSON,
        "application/jsonlines": NDJSON,
        "application/x-jsonlines": NDJSON,
    }
)
"""Other names of media types, older or not registered."""

_CACHED_HEADERS: Final = 256
_RANGE_COUNT_MAX: Final = 100
"""Media ranges of one header that are looked at."""


def canonical(media_type: str) -> str:
    """The name here of a media type, which may be one of its other names, or say what is written in it (RFC 6839)."""
    if media_type.startswith("application/"):
        if media_type.endswith("+xml"):
            return XML
        if media_type.endswith("+json"):
            return JSON
    return _ALIASES.get(media_type, media_type)


@lru_cache(maxsize=_CACHED_HEADERS)
def choose(accept: str | None, offered: tuple[str, ...]) -> str | None:
    """The offered media type that an Accept header (its values joined by commas) likes best, the first among equals.

    RFC 9110, section 12.5.1: the most exact range that matches a type says how much it is wanted, `q=0` that it is
    not. None where no type is wanted; the first one where there is no header. Ranges that can't be read match nothing.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = [_media_range(part) for part in accept.split(",", _RANGE_COUNT_MAX)[:_RANGE_COUNT_MAX]]
    best: str | None = None
    best_quality = 0.0
    for media_type in offered:
        quality = _quality(media_type.split(";", 1)[0], ranges)
        if quality > best_quality:
            best, best_quality = media_type, quality
    return best


def _media_range(part: str) -> tuple[str, float]:
    name, *parameters = (each.strip() for each in part.lower().split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            return _ALIASES.get(name, name), _weight(value.strip())
    return _ALIASES.get(name, name), 1.0


def _weight(value: str) -> float:
    """A quality value, 0 to 1 with at most three decimals; what is none counts as 0."""
    whole, _, decimals = value.partition(".")
    if (
        whole not in ("0", "1")
        or len(decimals) > 3
        or not (decimals == "" or (decimals.isascii() and decimals.isdigit()))
    ):
        return 0.0
    return min(float(value), 1.0)


def _quality(media_type: str, ranges: list[tuple[str, float]]) -> float:
    family = media_type.split("/", 1)[0] + "/*"
    for exactness in (media_type, family, "*/*"):
        weights = [weight for name, weight in ranges if name == exactness]
        if weights:
            return max(weights)
    return 0.0


@lru_cache(maxsize=_CACHED_HEADERS)
def wait_seconds(prefer: str | None, longest: int) -> int | None:
    """The seconds of `Prefer: wait=SECONDS` (RFC 7240, section 4.3), at most `longest`.

    None where there is no such preference or its value is no number: RFC 7240 has a server ignore preferences that it
    can't follow. Of several the first counts.
    """
    for preference in (prefer or "").split(","):
        name, _, value = preference.split(";", 1)[0].partition("=")
        if name.strip().lower() == "wait":
            digits = value.strip().strip('"')
            if not (digits.isascii() and digits.isdigit()):
                return None
            return min(int(digits.lstrip("0")[:9] or 0), longest)
    return None
