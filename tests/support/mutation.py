"""Documents with something changed in them: bytes cut, doubled and exchanged, and elements moved about."""

import random
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

Element = Any

FRAGMENTS = (
    *(b"<", b">", b"&", b"&amp;", b"&#0;", b"&#x9;", b"&lt;", b"]]>", b"<![CDATA[x]]>", b"<!-- -->", b"<?x y?>"),
    *(b"</", b"/>", b'"', b"'", b" ", b"\n", b"\r", b"\t", b"\x00", b"\x0b", b"\xff", b"\xc3", b"\xe6\xb5\xb7"),
    *(b"0", b"-1", b"1e9", b"9" * 30, b".5", b"+1", b"NaN", b"true", b"\xc2\xa0", b"\xe3\x80\x80", b"\xef\xbf\xbf"),
    *(b' xmlns=""', b' xmlns:a="b"', b' xsi:nil="true"', b' a="b"', b"<a/>", b"<a>", b"</a>", b"2026-02-30"),
)


def mutated(document: bytes, chance: random.Random) -> bytes:
    """The document after one to four changes, most of which leave it well-formed."""
    for _ in range(chance.randint(1, 4)):
        change = chance.choice((_bytes, _tree, _tree, _tree))
        document = change(document, chance)
    return document


def _bytes(document: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(document) + 1)
    end = min(len(document), start + chance.choice((0, 1, 1, 2, 8, 64)))
    return document[:start] + chance.choice((*FRAGMENTS, b"", document[end : end + 16])) + document[end:]


def _tree(document: bytes, chance: random.Random) -> bytes:
    try:
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return _bytes(document, chance)
    elements = [each for each in root.iter(etree.Element) if each is not root]
    if elements:
        chance.choice(CHANGES)(chance.choice(elements), elements, chance)
    return etree.tostring(root)


def _remove(element: Element, _: Sequence[Element], __: random.Random) -> None:
    if element.getparent() is not None:
        element.getparent().remove(element)


def _double(element: Element, _: Sequence[Element], __: random.Random) -> None:
    element.addnext(deepcopy(element))


def _move(element: Element, elements: Sequence[Element], chance: random.Random) -> None:
    target = chance.choice(elements)
    if element not in target.iterancestors() and element is not target:
        target.addnext(element)


def _rename(element: Element, elements: Sequence[Element], chance: random.Random) -> None:
    element.tag = chance.choice((chance.choice(elements).tag, etree.QName(element).localname, "{urn:other}X"))


def _text(element: Element, elements: Sequence[Element], chance: random.Random) -> None:
    own = element.text or ""
    texts = (
        "",
        " ",
        f" {own} ",
        own * 2,
        own[:-1],
        own.lower(),
        "海关",
        f"{own}\u00a0",
        "-1",
        "007",
        "1.50",
        "x" * 300,
    )
    element.text = chance.choice((*texts, chance.choice(elements).text))


def _attribute(element: Element, elements: Sequence[Element], chance: random.Random) -> None:
    given = dict(chance.choice(elements).attrib)
    if given and chance.random() < 0.5:
        element.attrib.update(given)
    elif element.attrib and chance.random() < 0.7:
        del element.attrib[chance.choice(list(element.attrib))]
    else:
        element.set(chance.choice(("unitCode", "currencyID", "x", "{urn:other}y")), chance.choice(("KGM", "CNY", "")))


def _comment(element: Element, _: Sequence[Element], chance: random.Random) -> None:
    node = chance.choice((etree.Comment("c"), etree.ProcessingInstruction("p", "q")))
    node.tail = chance.choice((None, "1", " "))
    element.insert(0, node)


CHANGES: tuple[Callable[[Element, Sequence[Element], random.Random], None], ...] = (
    _remove,
    _double,
    _move,
    _rename,
    _text,
    _text,
    _attribute,
    _comment,
)
