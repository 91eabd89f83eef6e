"""Mistakes planted beside one another: as many findings come out, each at its place, whatever else is wrong."""

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from lxml import etree

from onewindow import schemas
from onewindow.codecs import DECLARATION, Finding, Rejected, explanation, limits

Element = Any

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
REPEATABLE = frozenset(
    (
        *("CurrencyExchange", "AdditionalDocument", "GovernmentAgencyGoodsItem", "TransportContractDocument"),
        *("TransportEquipment", "Packaging", "Classification", "DutyTaxFee", "Communication", "Seal"),
    )
)


def _value(leaf: Element, pointer: str) -> str:
    leaf.text = "#" * 600
    return pointer


def _child(leaf: Element, pointer: str) -> str:
    etree.SubElement(leaf, "b").tail = "x"
    return f"{pointer}/b"


def _attribute(leaf: Element, pointer: str) -> str:
    leaf.set("listed", "x")
    return f"{pointer}/@listed"


def _foreign_attribute(leaf: Element, pointer: str) -> str:
    leaf.set("{urn:other}listed", "x")
    return f"{pointer}/@listed"


def _type(leaf: Element, pointer: str) -> str:
    leaf.set(f"{XSI}type", "Bogus")
    return f"{pointer}/@type"


def _nil(leaf: Element, pointer: str) -> str:
    leaf.set(f"{XSI}nil", "true")
    return f"{pointer}/@nil"


def _hint(leaf: Element, pointer: str) -> str:
    leaf.set(f"{XSI}schemaVersion", "1")
    return f"{pointer}/@schemaVersion"


def _stranger(leaf: Element, pointer: str) -> str:
    leaf.addnext(etree.Element(f"After{etree.QName(leaf).localname}"))
    return f"{pointer.rpartition('/')[0]}/{leaf.getnext().tag}"


Kind = Callable[[Element, str], str]

KINDS: tuple[Kind, ...] = (
    _value,
    _child,
    _attribute,
    _foreign_attribute,
    _type,
    _nil,
    _hint,
    _stranger,
)


def pointer_to(element: Element) -> str:
    """The pointer of an element: names, and an index on what may occur more than once."""
    parent = element.getparent()
    name = etree.QName(element).localname
    if parent is None:
        return f"/{name}"
    index = f"[{1 + sum(each.tag == element.tag for each in element.itersiblings(preceding=True))}]"
    return f"{pointer_to(parent)}/{name}{index if name in REPEATABLE else ''}"


def planted(count: int, seed: int, kinds: Sequence[Kind] = KINDS) -> tuple[bytes, list[str]]:
    """The sample with so many mistakes, and the pointers of their places."""
    chance = random.Random(seed)
    root: Element = etree.fromstring(schemas.sample("import"))
    leaves = [(each, pointer_to(each)) for each in root.iter(etree.Element) if not len(each)]
    pointers = [chance.choice(kinds)(leaf, pointer) for leaf, pointer in chance.sample(leaves, count)]
    return etree.tostring(root), pointers


def findings(document: bytes) -> tuple[Finding, ...]:
    """The findings for which a document is refused."""
    with pytest.raises(Rejected) as caught:
        DECLARATION.decode_xml(document)
    return caught.value.findings


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("count", [1, 2, 13, 50, 100])
def test_every_mistake_has_its_finding(count: int, seed: int) -> None:
    """As many independent mistakes as there are, so many findings: at their places, and in both languages."""
    document, pointers = planted(count, 100 * count + seed)
    found = findings(document)
    assert sorted(pointers) == sorted(each.pointer for each in found)
    assert all(each.line and each.message.en and each.message.zh for each in found)
    assert "schema" not in {each.code for each in found}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("count", [2, 50])
def test_every_mistake_of_a_large_document(count: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a document too large to be searched through all that the validator names has its finding."""
    monkeypatch.setattr(limits, "EXPLAINED_ELEMENT_COUNT_MAX", 1)
    named = [kind for kind in KINDS if kind is not _stranger]  # past one the validator looks at no sibling
    document, pointers = planted(count, 100 * count + seed, named)
    assert sorted(pointers) == sorted(each.pointer for each in findings(document))


def test_a_mistake_that_is_not_said_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: where one kind of finding vanishes, places are left over."""
    monkeypatch.setattr(explanation, "hint_mistakes", lambda *_: ())
    monkeypatch.setattr(explanation, "_untold", lambda *_: iter(()))
    document, pointers = planted(50, 1)
    assert set(pointers) > {each.pointer for each in findings(document)}
