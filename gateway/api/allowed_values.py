"""What the members of a request may be, in words: a pattern says it to machines only."""

from typing import Annotated, Any, get_args, get_origin, get_type_hints

from msgspec import Meta

from ...codecs.finding import Text

_KEY = "allowed"


def allowed(en: str, zh: str) -> dict[str, Text]:
    """What a value may be, as `extra` of the Meta that says it to machines."""
    return {_KEY: Text(en, zh)}


def allowed_value(kind: Any, pointer: str) -> Text | None:
    """What the member at this pointer of a request may be; None where its type does not say it in words."""
    hint = get_type_hints(kind, include_extras=True).get(pointer.removeprefix("/"))
    for each in (hint, *get_args(hint)):
        if get_origin(each) is Annotated:
            for meta in each.__metadata__:
                if isinstance(meta, Meta) and meta.extra and _KEY in meta.extra:
                    return Text(meta.extra[_KEY].en, meta.extra[_KEY].zh)
    return None
