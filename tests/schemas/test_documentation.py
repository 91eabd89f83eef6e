"""Everything a form, a guide or an error message names is said in English and in Chinese."""

import re

import pytest
from lxml import etree

from onewindow import schemas

XSD = "{http://www.w3.org/2001/XMLSchema}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
NAMED = tuple(f"{XSD}{kind}" for kind in ("element", "complexType", "simpleType", "attribute", "enumeration", "any"))
CHINESE = re.compile("[\u4e00-\u9fff]")


def words(component: etree._Element) -> dict[str, str]:
    """The documentation directly under a component, by language."""
    found = component.iterfind(f"{XSD}annotation/{XSD}documentation")
    return {each.get(LANGUAGE, ""): (each.text or "").strip() for each in found}


def components(name: str) -> list[tuple[str, etree._Element]]:
    """Every component of the schema `name` that has to be documented, with a name to report it by."""
    root = etree.fromstring(schemas.text(name))
    return [(each.get("name") or each.get("value") or each.tag, each) for each in root.iter(*NAMED)]


@pytest.mark.parametrize("name", schemas.names())
def test_every_component_is_documented_in_both_languages(name: str) -> None:
    """Every element, attribute, type and code has an English and a Chinese text, once each."""
    lacking = [
        label
        for label, component in components(name)
        if len(list(component.iterfind(f"{XSD}annotation/{XSD}documentation"))) != 2
        or set(words(component)) != {"en", "zh"}
        or not all(words(component).values())
    ]
    assert [] == lacking


@pytest.mark.parametrize("name", schemas.names())
def test_chinese_texts_are_chinese_and_english_ones_are_not(name: str) -> None:
    """No text stands under the wrong language."""
    wrong = [
        label
        for label, component in components(name)
        if not CHINESE.search(words(component)["zh"]) or CHINESE.search(words(component)["en"])
    ]
    assert [] == wrong


@pytest.mark.parametrize("name", schemas.names())
def test_a_text_begins_with_a_label_short_enough_for_a_form(name: str) -> None:
    """What comes before the first full stop fits a form: 64 characters in English, 32 in Chinese."""
    long = [
        label
        for label, component in components(name)
        if len(words(component)["en"].split(". ")[0]) > 64 or len(words(component)["zh"].split("。")[0]) > 32
    ]
    assert [] == long


@pytest.mark.parametrize("name", schemas.names())
def test_an_explanation_is_given_in_both_languages_or_in_neither(name: str) -> None:
    """A reader of Chinese is told as much as a reader of English."""
    unequal = [
        label
        for label, component in components(name)
        if (". " in words(component)["en"]) != (words(component)["zh"].count("。") > 1)
    ]
    assert [] == unequal


@pytest.mark.parametrize("code_list", ["CountryCode", "CurrencyCode", "UnitCode", "PackageType", "DocumentType"])
def test_no_two_codes_of_a_list_share_a_name(code_list: str) -> None:
    """Within a list a name means one code, in either language."""
    root = etree.fromstring(schemas.text("codes"))
    codes = root.findall(f"{XSD}simpleType[@name='{code_list}']//{XSD}enumeration")
    assert len(codes) == len({words(code)["en"] for code in codes}) == len({words(code)["zh"] for code in codes})


def test_the_country_list_is_complete() -> None:
    """All 249 officially assigned codes of ISO 3166-1 are there."""
    root = etree.fromstring(schemas.text("codes"))
    assert 249 == len(root.findall(f"{XSD}simpleType[@name='CountryCode']//{XSD}enumeration"))
