"""Document reuse (资料互认): a declaration refers to a document on file by its digest, and does not send it again.

Who may refer to one: its owner and those it is shared with. They do so where they are the declaration's declarant, its
agent, or the party for whom it is made, the importer of an import and the exporter of an export. So a broker reuses
what its client has put on file, whether it stands in the declaration as the agent or as the declarant itself; what the
other side of the trade has on file has to be shared with one of them.

The same file may be on file for several owners, and as several types; one entry that fits is enough. A digest that is
not on file is not looked into: the trader keeps the document.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import msgspec

from ..codecs.finding import Finding, Text
from ..codecs.limits import FINDING_COUNT_MAX
from ..codecs.messages.codes import DeclarationType, DocumentType
from ..codecs.messages.common import AdditionalDocument
from ..codecs.messages.declaration import Declaration
from .store.register import OnFile

_ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A document that has a digest; `digest_at` and `type_at` point at its digest and type in what was sent."""

    document: AdditionalDocument
    digest: str
    pointer: str
    digest_at: str
    type_at: str


class DocumentStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A document of a declaration that has a digest; `on_file`: the window holds the file for this declaration."""

    pointer: str
    type_code: DocumentType
    id: str
    digest: str
    on_file: bool


def references(
    declaration: Declaration, delivered: Mapping[tuple[str, str], str] = MappingProxyType({})
) -> tuple[Reference, ...]:
    """Every document of a declaration that has a digest.

    delivered: by type and number, the digests of documents that were to follow and have come.
    """
    return tuple(
        Reference(
            document=document,
            digest=digest,
            pointer=pointer,
            digest_at=f"{pointer}/Digest",
            type_at=f"{pointer}/TypeCode",
        )
        for pointer, document in _documents(declaration)
        if (digest := delivered.get((document.type_code, document.id), document.digest)) is not None
    )


def delivery(document: AdditionalDocument, digest: str) -> Reference:
    """A document that was to follow and comes, as `{"type_code", "id", "digest"}`."""
    return Reference(document=document, digest=digest, pointer="/", digest_at="/digest", type_at="/type_code")


def _documents(declaration: Declaration) -> Iterator[tuple[str, AdditionalDocument]]:
    if declaration.agent is not None and declaration.agent.mandate is not None:
        yield "/Declaration/Agent/Mandate", declaration.agent.mandate
    for place, document in enumerate(declaration.additional_document, start=1):
        yield f"/Declaration/AdditionalDocument[{place}]", document
    for number, item in enumerate(declaration.goods_shipment.government_agency_goods_item, start=1):
        for place, document in enumerate(item.additional_document, start=1):
            yield f"{_ITEM}[{number}]/AdditionalDocument[{place}]", document


def parties(declaration: Declaration) -> frozenset[str]:
    """The identifiers of those whose documents a declaration may refer to."""
    principal = declaration.importer if declaration.type_code is DeclarationType.IM else declaration.exporter
    named = (declaration.declarant, declaration.agent, principal)
    return frozenset(party.id for party in named if party is not None)


def findings(
    referred: Iterable[Reference], acting: Collection[str], on_file: Sequence[OnFile], now: datetime, *, required: bool
) -> tuple[Finding, ...]:
    """What is wrong with references at `now` (aware), up to the limit of findings in one answer.

    acting: the `parties` of the declaration. on_file: the entries of the files referred to, whoever's. required: all of
    these files have to be on file.
    """
    known = _by_digest(on_file)
    found = (
        finding
        for reference in referred
        if (finding := _finding(reference, known.get(reference.digest, ()), acting, now, required=required)) is not None
    )
    return tuple(finding for finding, _ in zip(found, range(FINDING_COUNT_MAX), strict=False))


def standing(
    referred: Iterable[Reference], acting: Collection[str], on_file: Sequence[OnFile]
) -> tuple[DocumentStatus, ...]:
    """Which documents are on file; arguments as those of `findings`."""
    known = _by_digest(on_file)
    return tuple(
        DocumentStatus(
            pointer=reference.pointer,
            type_code=reference.document.type_code,
            id=reference.document.id,
            digest=reference.digest,
            on_file=any(_fits(entry, reference, acting) for entry in known.get(reference.digest, ())),
        )
        for reference in referred
    )


def _by_digest(on_file: Sequence[OnFile]) -> Mapping[str, Sequence[OnFile]]:
    known: dict[str, list[OnFile]] = {}
    for entry in on_file:
        known.setdefault(entry.digest, []).append(entry)
    return known


def _shared(entry: OnFile, acting: Collection[str]) -> bool:
    return entry.owner in acting or any(party in acting for party in entry.shared_with)


def _fits(entry: OnFile, reference: Reference, acting: Collection[str]) -> bool:
    return _shared(entry, acting) and entry.type_code is reference.document.type_code


def _finding(
    reference: Reference, entries: Sequence[OnFile], acting: Collection[str], now: datetime, *, required: bool
) -> Finding | None:
    if not entries:
        return _not_on_file(reference) if required else None
    shared = [entry for entry in entries if _shared(entry, acting)]
    if not shared:
        return _not_shared(reference)
    fitting = [entry for entry in shared if _fits(entry, reference, acting)]
    if not fitting:
        return _another_type(reference, shared)
    ends = [entry.expires_at for entry in fitting if entry.expires_at is not None]
    if len(ends) == len(fitting) and max(ends) <= now:
        return _expired(reference, max(ends))
    return None


def _not_on_file(reference: Reference) -> Finding:
    return Finding(
        code="document-not-on-file",
        pointer=reference.digest_at,
        message=Text(
            en=f"The file of document {reference.document.id} is not on file; put it on file before you refer to it.",
            zh=f"单证 {reference.document.id} 的文件尚未在档，请先存档再引用。",
        ),
        value=reference.digest,
        expected="the digest of a document on file",
    )


def _not_shared(reference: Reference) -> Finding:
    number = reference.document.id
    return Finding(
        code="document-not-shared",
        pointer=reference.digest_at,
        message=Text(
            en=f"The file of document {number} is on file for others, who do not share it with you; have them do "
            "so, or put it on file yourself.",
            zh=f"单证 {number} 的文件由他方存档且未与贵方共享；请由存档方共享，或自行存档。",
        ),
        value=reference.digest,
        expected="a document of the declarant, its agent or its principal, or one shared with them",
    )


def _another_type(reference: Reference, shared: Sequence[OnFile]) -> Finding:
    document = reference.document
    types = " or ".join(sorted({entry.type_code.value for entry in shared}))
    return Finding(
        code="document-type-differs",
        pointer=reference.type_at,
        message=Text(
            en=f"The file of document {document.id} is on file as type {types}, not as {document.type_code}.",
            zh=f"单证 {document.id} 的文件存档类别为 {types}，与申报类别 {document.type_code} 不符。",
        ),
        value=document.type_code,
        expected=types,
    )


def _expired(reference: Reference, end: datetime) -> Finding:
    return Finding(
        code="document-expired",
        pointer=reference.digest_at,
        message=Text(
            en=f"Document {reference.document.id} is on file as valid until {end.isoformat()}, which is over.",
            zh=f"单证 {reference.document.id} 的存档有效期至 {end.isoformat()}，现已过期。",
        ),
        value=reference.digest,
        expected="a document that is still valid",
    )
