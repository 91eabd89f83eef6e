"""The schemas compile in both engines and stay inside the part of XSD 1.0 that the bindings read."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from xmlschema.validators import XsdSimpleType

from onewindow import schemas

if TYPE_CHECKING:
    from tests.schemas.conftest import Engines

XSD = "{http://www.w3.org/2001/XMLSchema}"
FRAGMENTS = {"codes", "common", "charges"}
BINDABLE = {
    "schema", "include", "annotation", "documentation", "appinfo", "element", "any", "attribute",
    "complexType", "sequence", "simpleContent", "extension", "simpleType", "restriction", "enumeration", "pattern",
    "minLength", "maxLength", "minInclusive", "maxInclusive", "totalDigits", "fractionDigits",
}  # fmt: skip
MESSAGES = sorted(set(schemas.names()) - FRAGMENTS)


@pytest.mark.parametrize("name", schemas.names())
def test_every_schema_compiles_in_both_engines(name: str, engines: Callable[[str], "Engines"]) -> None:
    """libxml2 and xmlschema both load every file, alone."""
    both = engines(name)
    assert both.libxml2 is not None
    assert both.xmlschema.built


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_has_its_own_versioned_namespace_and_one_root(name: str) -> None:
    """A message's namespace is its name with a version; its only global element is named after it."""
    root = etree.fromstring(schemas.text(name))
    assert f"urn:onewindow:{name}:1" == root.get("targetNamespace")
    element = "".join(word.capitalize() for word in name.split("-"))
    assert [element] == [each.get("name") for each in root.findall(f"{XSD}element")]
    assert [element] == [each.get("type") for each in root.findall(f"{XSD}element")]


@pytest.mark.parametrize("name", sorted(FRAGMENTS))
def test_a_shared_schema_has_no_namespace_and_no_root(name: str) -> None:
    """What is included takes the namespace of the message that includes it."""
    root = etree.fromstring(schemas.text(name))
    assert root.get("targetNamespace") is None
    assert [] == root.findall(f"{XSD}element")


@pytest.mark.parametrize("name", schemas.names())
def test_types_are_named_and_content_is_a_sequence(name: str) -> None:
    """No anonymous type, no choice, no optional attribute, no construct the bindings have no word for."""
    root = etree.fromstring(schemas.text(name))
    assert set() == {etree.QName(each).localname for each in root.iter(etree.Element)} - BINDABLE
    inner = [each for each in root.iter(f"{XSD}complexType", f"{XSD}simpleType") if each.getparent() is not root]
    assert [] == inner
    assert [] == [each.get("name") for each in root.iter(f"{XSD}attribute") if each.get("use") != "required"]


@pytest.mark.parametrize("name", schemas.names())
def test_schemas_include_only_files_beside_them(name: str) -> None:
    """No schema refers to a network address or to another folder."""
    places = [each.get("schemaLocation", "") for each in etree.fromstring(schemas.text(name)).iter(f"{XSD}include")]
    assert [] == [place for place in places if PurePosixPath(place).stem not in FRAGMENTS or "/" in place]


def patterns() -> list[tuple[str, str]]:
    """Type and regular expression of every pattern, from common.xsd (no other schema has one)."""
    root = etree.fromstring(schemas.text("common"))
    found = [(kind, each) for kind in root for each in kind.iter(f"{XSD}pattern")]
    return [(kind.get("name", ""), each.get("value", "")) for kind, each in found]


@pytest.mark.parametrize(("type_name", "pattern"), patterns())
def test_a_pattern_means_the_same_in_xsd_and_in_python(type_name: str, pattern: str) -> None:
    """No escape, anchor or class whose meaning differs between the two languages of regular expressions."""
    assert not re.search(r"\\[a-zA-Z]|[\^$]|\(\?|(?<!\\)\.(?![^\[]*\])", pattern)
    assert re.compile(pattern)


@pytest.mark.parametrize("name", sorted(set(schemas.names()) - {"common"}))
def test_patterns_are_all_in_common(name: str) -> None:
    """The two tests of patterns see every pattern there is."""
    assert [] == list(etree.fromstring(schemas.text(name)).iter(f"{XSD}pattern"))


TOKENS = [(name, pattern) for name, pattern in patterns() if name not in {"DateTime", "Date"}]


@pytest.fixture(scope="session")
def probe() -> etree.XMLSchema:
    """A schema with one element per type that has a pattern, for libxml2."""
    elements = "".join(f'<xs:element name="{name}" type="{name}"/>' for name, _ in TOKENS)
    head = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:include schemaLocation="common.xsd"/>'
    return etree.XMLSchema(
        etree.fromstring(f"{head}{elements}</xs:schema>", base_url=str(schemas.path("common").with_name("probe.xsd")))
    )


@given(data=st.data())
def test_what_a_pattern_accepts_python_and_both_engines_accept_alike(
    data: st.DataObject, probe: etree.XMLSchema, engines: Callable[[str], "Engines"]
) -> None:
    """For any text without blanks, Python's answer, libxml2's and xmlschema's to a type with a pattern are one."""
    type_name, pattern = data.draw(st.sampled_from(TOKENS))
    value = data.draw(st.from_regex(pattern, fullmatch=True) | st.text("AZaz09-._/+;:=UJé９中", max_size=24))
    value = re.sub(r"\s", "_", value)
    type_ = engines("common").xmlschema.types[type_name]
    assert isinstance(type_, XsdSimpleType)
    expected = re.fullmatch(pattern, value) is not None and len(value) <= (type_.max_length or len(value))
    element = etree.Element(type_name)
    element.text = value
    assert expected == probe.validate(element)
    assert expected == type_.is_valid(value)
