"""How deep documents can be by their schema, and that only those are measured that it does not keep shallow."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from support.bindings import compiled
from support.forms import MESSAGES, each_form, in_form
from support.strategies import messages

from onewindow import schemas
from onewindow.codecs import DECLARATION, Codec, Rejected
from onewindow.codecs.binding import table_of
from onewindow.codecs.depth import depth_of
from onewindow.codecs.limits import DEFAULT, Limits
from onewindow.codecs.walker import Walker

DSIG = "http://www.w3.org/2000/09/xmldsig#"
SAMPLE = schemas.sample("import")
SAMPLE_LEVELS = 6

HEAD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:t" targetNamespace="urn:t">'
TYPES = {
    "text": (
        "<xs:element name='Root'><xs:complexType><xs:simpleContent><xs:extension base='xs:string'>"
        "<xs:attribute name='a' type='xs:int'/></xs:extension></xs:simpleContent></xs:complexType></xs:element>",
        1,
        (),
    ),
    "a text in it": (
        "<xs:element name='Root'><xs:complexType><xs:sequence><xs:element name='A' type='xs:int' minOccurs='0'/>"
        "</xs:sequence></xs:complexType></xs:element>",
        2,
        (),
    ),
    "itself": (
        "<xs:element name='Root' type='T'/><xs:complexType name='T'><xs:sequence>"
        "<xs:element name='A' type='T' minOccurs='0'/></xs:sequence></xs:complexType>",
        None,
        (),
    ),
    "itself by another": (
        "<xs:element name='Root' type='T'/><xs:complexType name='T'><xs:sequence>"
        "<xs:element name='A' type='U' minOccurs='0'/></xs:sequence></xs:complexType><xs:complexType name='U'>"
        "<xs:sequence><xs:element name='B' type='xs:int'/><xs:element name='C' type='T' minOccurs='0'/></xs:sequence>"
        "</xs:complexType>",
        None,
        (),
    ),
    "several in any order": (
        "<xs:element name='Root'><xs:complexType><xs:choice maxOccurs='9'><xs:element name='A' type='T'/>"
        "<xs:element name='B' type='xs:int'/></xs:choice></xs:complexType></xs:element><xs:complexType name='T'>"
        "<xs:sequence><xs:element name='C' type='xs:int'/></xs:sequence></xs:complexType>",
        3,
        (),
    ),
    "an extension": (
        "<xs:element name='Root'><xs:complexType><xs:sequence><xs:element name='A' type='T'/></xs:sequence>"
        "</xs:complexType></xs:element><xs:complexType name='T'><xs:sequence/></xs:complexType>"
        "<xs:complexType name='U'><xs:complexContent><xs:extension base='T'><xs:sequence>"
        "<xs:element name='B' type='xs:int'/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>",
        3,
        (),
    ),
    "anything": (
        "<xs:element name='Root'><xs:complexType><xs:sequence><xs:any processContents='skip' minOccurs='0'/>"
        "</xs:sequence></xs:complexType></xs:element>",
        1,
        ("{*}*",),
    ),
    "a foreign element": (
        "<xs:element name='Root'><xs:complexType><xs:sequence><xs:any namespace='urn:o ##local' "
        "processContents='skip'/></xs:sequence></xs:complexType></xs:element>",
        1,
        ("{urn:o}*", "{}*"),
    ),
}


@pytest.mark.parametrize("name", TYPES)
def test_levels_of_a_schema(tmp_path: Path, name: str) -> None:
    """A schema says how deep its own elements go, unless one may be inside itself, and what else may stand there."""
    body, levels, foreign = TYPES[name]
    path = tmp_path / "planted.xsd"
    path.write_text(f"{HEAD}{body}</xs:schema>", "utf-8")
    found = depth_of(table_of(compiled(path, tmp_path).ROOTS["Root"], "urn:t"))
    assert (levels, set(foreign)) == (found.levels, set(found.foreign))


def levels_of(element: Any) -> int:
    """The levels of a tree."""
    return 1 + max((levels_of(child) for child in element.iterchildren("*")), default=0)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda codec: codec.name)
@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_no_document_is_deeper(message: Codec[Any], data: st.DataObject) -> None:
    """No document of a message is deeper than its schema says, but for what is foreign in it."""
    root = etree.fromstring(message.encode_xml(data.draw(messages(message.type))))
    type_: Any = message.type
    depth = depth_of(table_of(type_, message.namespace))
    foreign: list[Any] = list(root.iter(*depth.foreign)) if depth.foreign else []
    assert depth.levels is not None
    assert depth.keeps(root, depth.levels) is not bool(foreign)
    for each in foreign:
        each.getparent().remove(each)
    assert levels_of(root) <= depth.levels


def signed(levels: int) -> bytes:
    """The sample, with a signature that makes it so many levels deep."""
    inner = levels - 2
    signature = f'<Signature xmlns="{DSIG}">{"<a>" * inner}{"</a>" * inner}</Signature>'
    return SAMPLE.replace(b"</Declaration>", f"{signature}</Declaration>".encode())


def refused(codec: Codec[Any], data: bytes, limits: Limits = DEFAULT) -> tuple[str, str]:
    """The problem and the first code for which a document is refused."""
    with pytest.raises(Rejected) as caught:
        codec.decode_xml(data, limits)
    return caught.value.problem, caught.value.findings[0].code


@each_form
def test_at_the_limit(walker: Walker) -> None:
    """A document as deep as the limit is taken and one past it refused, where its own elements make it deep."""
    codec = in_form(DECLARATION, walker)
    assert SAMPLE_LEVELS == levels_of(etree.fromstring(SAMPLE))
    codec.decode_xml(SAMPLE, Limits(depth_max=SAMPLE_LEVELS))
    assert ("too-large", "nesting-too-deep") == refused(codec, SAMPLE, Limits(depth_max=SAMPLE_LEVELS - 1))


@each_form
def test_foreign_at_the_limit(walker: Walker) -> None:
    """The same where a signature makes it deep, of which the schema says nothing."""
    codec = in_form(DECLARATION, walker)
    assert DEFAULT.depth_max == levels_of(etree.fromstring(signed(DEFAULT.depth_max)))
    codec.decode_xml(signed(DEFAULT.depth_max))
    assert ("too-large", "nesting-too-deep") == refused(codec, signed(DEFAULT.depth_max + 1))


@each_form
def test_deep_and_invalid(walker: Walker) -> None:
    """A document that is both invalid and too deep is refused as too deep, one at the limit as invalid."""
    codec = in_form(DECLARATION, walker)
    for levels, problem in ((DEFAULT.depth_max, "invalid"), (DEFAULT.depth_max + 1, "too-large")):
        stray = b"<x>" * (levels - 1) + b"</x>" * (levels - 1)
        assert problem == refused(codec, SAMPLE.replace(b"</Declaration>", stray + b"</Declaration>"))[0]


@each_form
def test_deep_recursion(tmp_path: Path, walker: Walker) -> None:
    """Elements that may be inside themselves are measured: as deep as the limit is taken, one past it refused."""
    path = tmp_path / "planted.xsd"
    path.write_text(f"{HEAD}{TYPES['itself'][0]}</xs:schema>", "utf-8")
    codec: Codec[Any] = Codec.of(path, compiled(path, tmp_path).ROOTS["Root"], root="Root", walker=walker)

    def nested(levels: int) -> bytes:
        inner = levels - 1
        return f'<t:Root xmlns:t="urn:t">{"<A>" * inner}{"</A>" * inner}</t:Root>'.encode()

    codec.decode_xml(nested(DEFAULT.depth_max))
    assert ("too-large", "nesting-too-deep") == refused(codec, nested(DEFAULT.depth_max + 1))
