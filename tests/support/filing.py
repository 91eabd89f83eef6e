"""Documents put on file over HTTP, and declarations that refer to them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from support.declarations import declaration
from support.served import Answer, Gateway

from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.codes import DocumentType
from onewindow.codecs.messages.common import AdditionalDocument

DOCUMENTS = "/v1/documents"
DECLARANT = DECLARATION.decode_xml(declaration("D")).declarant.id
PDF = "application/pdf"


def query(**changes: str) -> str:
    """The query by which the declarant puts a bill of lading on file, with changes; an empty value leaves one out."""
    stated = {"owner": DECLARANT, "type_code": "705", "id": "BL-1", **changes}
    return "&".join(f"{name}={value}" for name, value in stated.items() if value)


async def file_document(
    gateway: Gateway, body: Any, headers: Mapping[str, str] | None = None, /, **changes: str
) -> Answer:
    """Put a document on file."""
    address = f"{DOCUMENTS}?{query(**changes)}"
    return await gateway.ask("POST", address, {"Content-Type": PDF, **(headers or {})}, body)


def referring(reference: str, *digests: str, type_code: DocumentType = DocumentType._705) -> bytes:
    """A valid declaration that has these files as its documents."""
    whole = DECLARATION.decode_xml(declaration(reference))
    documents = tuple(
        AdditionalDocument(type_code=type_code, id=f"BL-{place}", digest=digest)
        for place, digest in enumerate(digests, start=1)
    )
    return DECLARATION.encode_xml(replace(whole, additional_document=(*whole.additional_document, *documents)))


def files(folder: Path) -> list[str]:
    """Every file that is kept, whole or not, by its path in the folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
