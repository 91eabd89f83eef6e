"""One message's bytes to its struct and back: parse, validate, bind, in that order, and the JSON twin beside it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Final, Generic, TypeVar

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from .. import schemas
from . import json_twin
from .binding import Record, table_of
from .depth import Depth, depth_of
from .encoder import Encoder
from .explaining import check_place
from .finding import Finding, Rejected
from .limits import DEFAULT, FINDING_COUNT_MAX, Limits
from .messages import (
    customs,
    declaration,
    inspection_order,
    market_supervision,
    notice,
    quality_inspection,
    receipt,
    reply,
    response,
    tax,
)
from .parser import check_depth, parse
from .readings import Readings
from .validation import Validator, validator
from .walker import CHOSEN, Reader, Walker
from .wording import more

T = TypeVar("T", bound=Struct)

_XML_GROWTH_MAX: Final = 8
"""How much longer a JSON document may be as XML: tags are written twice, and `&` becomes five characters."""


class Codec(Generic[T]):
    """XML and JSON of one message, and the struct it becomes.

    `name` is the schema's (`market-supervision`), `type` the struct, `root` the name of the root element (the struct's,
    unless said otherwise), `namespace` the target namespace, `walker` the form that does the work. Schemas are compiled
    and tables built when they are first needed, so that importing this is cheap; `prepare` does it at once.
    """

    def __init__(
        self,
        name: str,
        type_: type[T],
        namespace: str,
        *,
        root: str | None = None,
        schema: Path | None = None,
        walker: Walker = CHOSEN,
    ) -> None:
        self.name = name
        self.type = type_
        self.root = type_.__name__ if root is None else root
        self.namespace = namespace
        self.walker = walker
        self._path = schema

    @classmethod
    def of(cls, schema: Path, type_: type[T], *, root: str | None = None, walker: Walker = CHOSEN) -> Codec[T]:
        """The codec of the documents that the XSD at `schema` describes.

        `type_` is the struct of their root element, from the module that `onewindow bindings` wrote for that XSD;
        `root` the element's name, where it is not the struct's (the module lists both in ROOTS). Raises OSError and
        lxml's XMLSyntaxError for a file that is not an XSD.
        """
        namespace = etree.parse(str(schema)).getroot().get("targetNamespace", "")
        return cls(schema.stem, type_, namespace, root=root, schema=schema, walker=walker)

    def decode_xml(self, data: bytes, limits: Limits = DEFAULT) -> T:
        """The struct for an XML document.

        Raises Rejected: `too-large`, `forbidden-construct`, `not-well-formed` (see `parser`), or `invalid` with every
        mistake against the schema, up to `limits.FINDING_COUNT_MAX`.
        """
        keeps_blanks = bool(self._depth.foreign)  # what stands for itself is kept as it is written, and may be signed
        root = parse(data, limits, self.walker, is_bare=True, keeps_blanks=keeps_blanks, is_measured=False)
        is_valid = self._validator.is_valid(root)
        if not is_valid or not self._depth.keeps(root, limits.depth_max):
            check_depth(root, limits, self.walker)
        if not is_valid:
            raise Rejected("invalid", self._explain(root))
        return self._decoder.decode(root, is_bare=True)

    def bind(self, root: etree._Element) -> T:
        """The struct for a tree that `parser.parse` has made. Raises Rejected (`invalid`)."""
        if not self._validator.is_valid(root):
            raise Rejected("invalid", self._explain(root))
        return self._decoder.decode(root)

    def decode_json(self, data: bytes, limits: Limits = DEFAULT) -> T:
        """The struct for a JSON document: members named as the elements, absent ones left out or null.

        Raises Rejected as `decode_xml` does; the findings have no line.
        """
        document = json_twin.read(data, limits)
        twin = json_twin.written_as_xml(document, self._record, self.root, self.namespace, self.schema)
        if twin.xml is None:
            raise Rejected("invalid", tuple(twin.findings))
        root = parse(twin.xml, _as_xml(limits), self.walker)
        is_valid = self._validator.is_valid(root)
        if is_valid and not twin.findings:
            return self._decoder.decode(root)
        by_schema = () if is_valid else self._explain(root)
        others = [replace(finding, line=None) for finding in by_schema if not twin.is_excused(finding.pointer)]
        raise Rejected("invalid", _bounded([*twin.findings, *others]))

    def readings(self, data: bytes, findings: Iterable[Finding], *, is_json: bool = False) -> Readings[T] | None:
        """What a document may mean that was refused as `invalid` with these findings; None for one of another kind."""
        if is_json:
            document = json_twin.read(data, DEFAULT)
            xml = json_twin.written_as_xml(document, self._record, self.root, self.namespace, self.schema).xml
            if xml is None:
                return None
            data = xml
        root = parse(data, _as_xml(DEFAULT), self.walker, is_bare=True)
        if root.tag != f"{{{self.namespace}}}{self.root}":
            return None
        return Readings(root, self._record, findings)

    def encode_xml(self, value: T) -> bytes:
        """The struct as XML: UTF-8, no insignificant white space, the same bytes every time.

        Raises ValueError for a value that XML cannot carry (see `encoder`).
        """
        return self._encode(value)

    def encode_json(self, value: T) -> bytes:
        """The struct as JSON: UTF-8, the schema's element names in the schema's order."""
        return json_twin.encoded(value, self._record)

    def prepare(self, *, explanations: bool = True) -> None:
        """Compile and build everything now, with the model that only explanations need (tenths of a second) or not."""
        if explanations:
            from .explanation import model

            model(self.schema)
        self._validator.prepare()
        _ = (self._decoder, self._encode, self._depth)

    def _explain(self, root: etree._Element) -> tuple[Finding, ...]:
        check_place()
        from .explanation import explain  # xmlschema takes longer to import than all the rest, and few need it

        return explain(root, self._validator, self.schema)

    @cached_property
    def schema(self) -> Path:
        """The message's XSD."""
        return schemas.path(self.name) if self._path is None else self._path

    @cached_property
    def _record(self) -> Record:
        return table_of(self.type, self.namespace)

    @cached_property
    def _depth(self) -> Depth:
        return depth_of(self._record)

    @cached_property
    def _validator(self) -> Validator:
        return validator(self.schema)

    @cached_property
    def _decoder(self) -> Reader[T]:
        return self.walker.decoder(self._record, self.type)

    @cached_property
    def _encode(self) -> Encoder:
        return self.walker.encoder(self._record, self.root, self.namespace)


def _as_xml(limits: Limits) -> Limits:
    return replace(limits, body_bytes_max=limits.body_bytes_max * _XML_GROWTH_MAX)


def _bounded(findings: list[Finding]) -> tuple[Finding, ...]:
    if len(findings) > FINDING_COUNT_MAX:
        return (*findings[: FINDING_COUNT_MAX - 1], more(FINDING_COUNT_MAX - 1))
    return tuple(findings)


DECLARATION: Final = Codec("declaration", declaration.Declaration, declaration.NAMESPACE)
CUSTOMS: Final = Codec("customs", customs.Customs, customs.NAMESPACE)
TAX: Final = Codec("tax", tax.Tax, tax.NAMESPACE)
MARKET_SUPERVISION: Final = Codec(
    "market-supervision", market_supervision.MarketSupervision, market_supervision.NAMESPACE
)
QUALITY_INSPECTION: Final = Codec(
    "quality-inspection", quality_inspection.QualityInspection, quality_inspection.NAMESPACE
)
INSPECTION_ORDER: Final = Codec("inspection-order", inspection_order.InspectionOrder, inspection_order.NAMESPACE)
NOTICE: Final = Codec("notice", notice.Notice, notice.NAMESPACE)
REPLY: Final = Codec("reply", reply.Reply, reply.NAMESPACE)
RECEIPT: Final = Codec("receipt", receipt.Receipt, receipt.NAMESPACE)
RESPONSE: Final = Codec("response", response.Response, response.NAMESPACE)
