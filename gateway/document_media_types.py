"""The media types in which a document can be put on file: what scanners, printers and registries make.

None of them runs anything where it is opened; pages and archives are not among them. OFD is GB/T 33190, in which
electronic invoices come.
"""

from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

ENDINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "application/pdf": (".pdf",),
        "application/ofd": (".ofd",),
        "image/png": (".png",),
        "image/jpeg": (".jpg", ".jpeg"),
        "image/tiff": (".tif", ".tiff"),
        "application/xml": (".xml",),
        "application/json": (".json",),
        "text/csv": (".csv",),
        "text/plain": (".txt",),
    }
)
"""How the names of files of each type end, the usual ending first."""


def guessed(file: PurePath) -> str | None:
    """The media type of a file by the ending of its name; None where it tells none of these."""
    ending = file.suffix.lower()
    return next((media_type for media_type, endings in ENDINGS.items() if ending in endings), None)
