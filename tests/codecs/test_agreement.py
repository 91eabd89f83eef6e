"""What the codec takes is what libxml2 and xmlschema take, and every refusal says where and why."""

import copy
from typing import Any

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from onewindow import schemas
from onewindow.codecs import DECLARATION, Rejected

Element = Any
NAMESPACE = "{urn:onewindow:declaration:1}"
NAMES = sorted(
    {str(each.tag).removeprefix(NAMESPACE) for each in etree.fromstring(schemas.sample("import")).iter("{*}*")}
)
TEXTS = st.sampled_from(
    (
        *("", " ", "0", "-1", "+1", "007", "1.", ".5", "1.505", "1e3", "1000", "9" * 17, "x" * 36, "x" * 600),
        *("true", "1", "TRUE", "CNY", "cny", "IM", "ZZ", "a  b", " a ", "海关", "a\u00a0"),
        *("2026-02-30", "2026-02-28", "2026-02-28Z", "2026-11-20T09:30:00", "2026-11-20T24:00:00Z"),
        *("2026-11-20T09:30:00.1234567Z", "2026-11-20T09:30:00+14:00"),
    )
) | st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=5
)


def remove(element: Element, _: st.DataObject) -> None:
    """Take an element away."""
    element.getparent().remove(element)


def repeat(element: Element, _: st.DataObject) -> None:
    """Give an element twice."""
    element.addnext(copy.deepcopy(element))


def rename(element: Element, data: st.DataObject) -> None:
    """Call an element by another's name."""
    element.tag = NAMESPACE + data.draw(st.sampled_from([*NAMES, "Bogus", "ID"]))


def uproot(element: Element, _: st.DataObject) -> None:
    """Put an element into no namespace."""
    element.tag = etree.QName(element).localname


def swap(element: Element, _: st.DataObject) -> None:
    """Move an element behind its next sibling."""
    if element.getnext() is not None:
        element.getnext().addnext(element)


def write(element: Element, data: st.DataObject) -> None:
    """Put other text into an element."""
    element.text = data.draw(TEXTS)


def attribute(element: Element, data: st.DataObject) -> None:
    """Give an element an attribute, or another value for one."""
    name = data.draw(st.sampled_from(("unitCode", "currencyID", "languageID", "bogus")))
    element.set(name, data.draw(st.sampled_from(("KGM", "CNY", "en", "", " CNY ", "cny"))))


def strip(element: Element, _: st.DataObject) -> None:
    """Take an element's attributes away."""
    element.attrib.clear()


def nest(element: Element, _: st.DataObject) -> None:
    """Put a child into an element."""
    etree.SubElement(element, f"{NAMESPACE}ID").text = "A1"


CHANGES = (remove, repeat, rename, uproot, swap, write, attribute, strip, nest)


@pytest.fixture(scope="module")
def model() -> xmlschema.XMLSchema10:
    """The declaration's XSD, read by xmlschema."""
    return xmlschema.XMLSchema10(str(schemas.path("declaration")))


@given(data=st.data())
@settings(max_examples=150)
def test_agreement(model: xmlschema.XMLSchema10, data: st.DataObject) -> None:
    """A declaration changed at random is taken exactly if libxml2 and xmlschema take it; else it has sound findings."""
    root: Element = etree.fromstring(schemas.sample("import"))
    for change in data.draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3)):
        elements = list(root.iter("{*}*"))[1:]
        change(data.draw(st.sampled_from(elements)), data)
    document = etree.tostring(root)
    libxml2 = etree.XMLSchema(etree.parse(str(schemas.path("declaration")))).validate(etree.fromstring(document))
    assert libxml2 == model.is_valid(etree.fromstring(document))
    try:
        DECLARATION.decode_xml(document)
        findings: Any = ()
    except Rejected as rejected:
        findings = rejected.findings
    assert libxml2 == (findings == ())
    for finding in findings:
        assert finding.code != "schema", finding
        assert finding.line is not None
        assert finding.message.en
        assert finding.message.zh
        assert finding.pointer.startswith("/Declaration")
