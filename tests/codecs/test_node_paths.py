"""Explaining large documents, whatever prefixes they are written with: libxml2's paths lead to elements."""

import re

import pytest

from onewindow import schemas
from onewindow.codecs import DECLARATION, Finding, Rejected, limits
from onewindow.codecs.node_paths import NodePaths
from onewindow.codecs.parser import parse
from onewindow.codecs.validation import validator

ITEM = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"
SAMPLE = schemas.sample("import").decode()


@pytest.fixture(autouse=True)
def as_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document counts as a large one."""
    monkeypatch.setattr(limits, "EXPLAINED_ELEMENT_COUNT_MAX", 1)


def prefixed(document: str, prefix: str) -> bytes:
    """The document with this prefix at each of its elements."""
    declared = document.replace("xmlns=", f"xmlns:{prefix}=", 1)
    return re.sub(r"<(/?)(?=[A-Z])", rf"<\1{prefix}:", declared).encode()


def findings(document: bytes) -> tuple[Finding, ...]:
    """The findings for which a document is refused as invalid."""
    with pytest.raises(Rejected) as caught:
        DECLARATION.decode_xml(document)
    assert "invalid" == caught.value.problem
    return caught.value.findings


def with_two_mistakes() -> str:
    """The sample with a wrong number in its second item, and a wrong quantity of items."""
    wrong = SAMPLE.replace("<SequenceNumeric>2<", "<SequenceNumeric>x<", 1)
    return wrong.replace("<GoodsItemQuantity>3<", "<GoodsItemQuantity>x<", 1)


@pytest.mark.parametrize("prefix", ["p", "xs", "xsi", "a.b-c", "海关", "x" * 60])
def test_prefixed(prefix: str) -> None:
    """Prefixed elements are found like others: the findings are those of the same document without a prefix."""
    document = with_two_mistakes()
    plain = findings(document.encode())
    assert 2 == len(plain)
    assert plain == findings(prefixed(document, prefix))


@pytest.mark.parametrize("prefix", ["x" * 200, "海" * 60, "x" + "海" * 60, "xx" + "海" * 60])
def test_prefix_that_is_cut_off(prefix: str) -> None:
    """Where libxml2 cuts a prefix off, in a character or not, every mistake is still told, in libxml2's words."""
    found = findings(prefixed(with_two_mistakes(), prefix))
    assert ["schema", "schema"] == [each.code for each in found]
    assert "GoodsItemQuantity" in found[0].message.en
    assert "SequenceNumeric" in found[1].message.en


def test_quoted_words_end() -> None:
    """A finding repeats no more of libxml2's words than the limit, however long what they quote."""
    document = with_two_mistakes().replace("<GoodsItemQuantity>x<", f"<GoodsItemQuantity>{'x' * 10_000}<", 1)
    (finding, _) = findings(prefixed(document, "x" * 200))
    assert len("The schema does not allow this: ") + limits.WORDS_CHARS_MAX == len(finding.message.en)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/a", "a"),
        ("/a/b[2]", "second"),
        ("/a/p:b", "prefixed"),
        ("/a/*[4]", "default"),
        ("/a/b[2]/@name", "second"),
        ("/a/b[1]/text()", "first"),
        ("/a/b[3]", None),
        ("/a/b[0]", None),
        ("/a/q:b", None),
        ("/a//b", None),
        ("", None),
    ],
)
def test_path(path: str, name: str | None) -> None:
    """A path leads to its element, or to that whose attribute or text it names; a wrong one to none."""
    root = parse(
        b'<a name="a" xmlns:p="urn:p"><b name="first">t</b><!----><b name="second"/>'
        b'<p:b name="prefixed"/><b xmlns="urn:d" name="default"/></a>'
    )
    found = NodePaths(root).find(path)
    assert name == (None if found is None else found.get("name"))


@pytest.mark.parametrize(
    ("mistakes", "complaints"), [(limits.COMPLAINT_COUNT_MAX, limits.COMPLAINT_COUNT_MAX), (1001, 1000)]
)
def test_complaints_end(mistakes: int, complaints: int) -> None:
    """No more of what libxml2 says is looked at than the limit."""
    attributes = " ".join(f"a{number}=''" for number in range(mistakes - 1))
    root = parse(f'<Declaration xmlns="{DECLARATION.namespace}" {attributes}/>'.encode())
    assert complaints == len(validator(DECLARATION.schema).complaints(root))
