"""Reading XML: every form that XML and XML Schema allow for a value gives the same typed value."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from onewindow import schemas
from onewindow.codecs import DECLARATION, Rejected
from onewindow.codecs.binding import table_of
from onewindow.codecs.codec import Codec
from onewindow.codecs.decoder import Decoder
from onewindow.codecs.messages import declaration
from onewindow.codecs.walker import CHOSEN, PYTHON, Walker

SAMPLE = schemas.sample("import").decode()
DSIG = "http://www.w3.org/2000/09/xmldsig#"


def decoded(old: str, new: str) -> declaration.Declaration:
    """The sample with the first `old` replaced."""
    assert old in SAMPLE
    return DECLARATION.decode_xml(SAMPLE.replace(old, new, 1).encode())


@pytest.mark.parametrize(
    "text",
    [
        "PH-IM-2026-000381",
        "\n    PH-IM-2026-000381\t",
        "<!-- a -->PH-IM-2026-000381<!-- b -->",
        "PH-IM<!-- in the middle -->-2026-000381",
        "PH-IM<?target data?>-2026-000381",
        "<![CDATA[PH-IM-2026-000381]]>",
        "PH-IM-<![CDATA[2026]]>-000381",
        "&#80;H-IM-2026-000381",
        "PH-IM-&#x32;026-000381&#32;&#10;",
    ],
)
def test_text_forms(text: str) -> None:
    """Comments, instructions, CDATA sections, character references and blanks around a value leave the value whole."""
    assert "PH-IM-2026-000381" == decoded("PH-IM-2026-000381", text).functional_reference_id


@pytest.mark.parametrize("walker", [PYTHON, CHOSEN], ids=["python", "chosen"])
@pytest.mark.parametrize("text", ["3", "+3", "0" * 5000 + "3", " +" + "0" * 100_000 + "3\n"])
def test_leading_zeros(text: str, walker: Walker) -> None:
    """An integer may start with any number of zeros in XML; JSON has none of them, and text is no number there."""
    codec = Codec("declaration", declaration.Declaration, declaration.NAMESPACE, walker=walker)
    xml = SAMPLE.replace("<GoodsItemQuantity>3<", f"<GoodsItemQuantity>{text}<").encode()
    assert 3 == codec.decode_xml(xml).goods_item_quantity
    members = json.loads(codec.encode_json(codec.decode_xml(SAMPLE.encode())))
    with pytest.raises(Rejected, match="a whole number, without quotes"):
        codec.decode_json(json.dumps(members | {"GoodsItemQuantity": text}).encode())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a  b", "a b"),
        (" a\n\t b\r\n c ", "a b c"),
        ("a&#13;&#10;&#9;b", "a b"),
        ("a\u00a0\u00a0b", "a\u00a0\u00a0b"),
        ("\u3000上海\u3000", "\u3000上海\u3000"),
        ("&lt;b&gt; &amp; &quot;&apos;", "<b> & \"'"),
        ("a]]&gt;b", "a]]>b"),
        ("\U0001f6a2", "\U0001f6a2"),
    ],
)
def test_blanks_in_text(text: str, value: str) -> None:
    """Runs of XML's four blanks become one; other spaces, the ideographic one among them, are characters."""
    assert value == decoded("EASTERN HARMONY", text).border_transport_means.id  # type: ignore[union-attr] # it is there


@pytest.mark.parametrize("text", ["100000.00", "100000", "+100000.0", " 0100000.00\n", "100000.", "100000.000"])
def test_decimal_forms(text: str) -> None:
    """A decimal may have a sign, leading and trailing zeros, and nothing on one side of its point."""
    assert Decimal(100_000) == decoded("100000.00", text).invoice_amount.value


def test_decimal_without_whole() -> None:
    """A decimal may begin with its point."""
    assert Decimal("0.5") == decoded("100000.00", ".5").invoice_amount.value


@pytest.mark.parametrize("text", ["3", "+3", "003", " 3 ", "\n+03\n"])
def test_integer_forms(text: str) -> None:
    """A whole number may have a plus sign and leading zeros, which JSON does not have."""
    assert 3 == decoded("<GoodsItemQuantity>3", f"<GoodsItemQuantity>{text}").goods_item_quantity


@pytest.mark.parametrize(("text", "value"), [("true", True), ("1", True), (" false ", False), ("0", False)])
def test_boolean_forms(text: str, value: bool) -> None:
    """A boolean is a word or a digit."""
    document = SAMPLE.replace("</Digest>", f"</Digest><DeferredIndicator>{text}</DeferredIndicator>", 1)
    assert value is DECLARATION.decode_xml(document.encode()).additional_document[0].deferred_indicator


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-14T09:30:00+08:00",
        " 2026-09-14T01:30:00Z ",
        "2026-09-14T01:30:00.000000Z",
        "2026-09-14T01:30:00-00:00",
        "2026-09-13T11:30:00-14:00",
        "2026-09-14T15:30:00+14:00",
        "2026-09-14T01:30:00.0+00:00",
    ],
)
def test_time_forms(text: str) -> None:
    """A time in any zone is the moment it names, with its zone."""
    read = decoded("2026-09-14T09:30:00+08:00", text).issue_date_time
    assert dt.datetime(2026, 9, 14, 1, 30, tzinfo=dt.UTC) == read
    assert read.tzinfo is not None


def test_microseconds() -> None:
    """A fraction of a second is kept to the microsecond."""
    read = decoded("09:30:00+08:00", "09:30:00.123456+08:00").issue_date_time
    assert 123_456 == read.microsecond


def test_attribute_blanks() -> None:
    """Blanks around a code in an attribute do not belong to the code."""
    assert "EUR" == decoded('currencyID="EUR"', 'currencyID=" EUR&#10;"').invoice_amount.currency_id


def test_prefixes() -> None:
    """A document may bind the namespace to a prefix instead of making it the default."""
    root = etree.fromstring(SAMPLE.encode())
    prefixed: Any = etree.Element(root.tag, nsmap={"d": "urn:onewindow:declaration:1"})
    prefixed.extend(list(root))
    assert DECLARATION.decode_xml(SAMPLE.encode()) == DECLARATION.decode_xml(etree.tostring(prefixed))


def test_hints_ignored() -> None:
    """A schema location and a type hint that is right change nothing, and nothing they name is read."""
    hints = (
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="urn:onewindow:declaration:1 http://127.0.0.1:9/none.xsd" xsi:type="Declaration" xmlns='
    )
    assert DECLARATION.decode_xml(SAMPLE.encode()) == decoded("xmlns=", hints)


@pytest.mark.parametrize(
    "signature",
    [
        f'<Signature xmlns="{DSIG}"><SignedInfo>a &amp; b</SignedInfo></Signature>',
        f'<ds:Signature xmlns:ds="{DSIG}" Id="s"><ds:SignedInfo></ds:SignedInfo></ds:Signature>',
    ],
)
def test_signature_kept(signature: str) -> None:
    """A signature is kept as the XML it is, whole in itself, whatever namespaces are declared around it."""
    document = SAMPLE.replace("</Declaration>", f"\n  {signature}\n</Declaration>")
    assert signature == DECLARATION.decode_xml(document.encode()).signature


def test_tree_untouched() -> None:
    """Binding leaves comments in the tree where they were: a signature may have to be checked over it."""
    root = etree.fromstring(SAMPLE.replace("PH-IM", "PH<!-- kept -->-IM", 1).encode())
    before = etree.tostring(root)
    DECLARATION.bind(root)
    assert before == etree.tostring(root)


def test_beyond_python() -> None:
    """A value that the schema allows and Python cannot hold is a finding, not an error of the program."""
    root = etree.fromstring(SAMPLE.replace("2026-09-14T09:30:00+08:00", "2026-09-14T24:00:00Z", 1).encode())
    decoder = Decoder(table_of(declaration.Declaration, declaration.NAMESPACE), declaration.Declaration)
    with pytest.raises(Rejected) as caught:
        decoder.decode(root)
    (finding,) = caught.value.findings
    assert ("value-type", "/Declaration/IssueDateTime") == (finding.code, finding.pointer)


@pytest.mark.parametrize("walker", [PYTHON, CHOSEN], ids=["python", "chosen"])
def test_beyond_python_in_an_item(walker: Walker) -> None:
    """The finding says in which of several items the value is, counted from the root."""
    root: Any = etree.fromstring(SAMPLE.encode())
    item = root.findall(".//{*}GovernmentAgencyGoodsItem")[1]
    item.find(".//{*}IssueDateTime").text = "2026-09-14T24:00:00Z"
    decoder = walker.decoder(table_of(declaration.Declaration, declaration.NAMESPACE), declaration.Declaration)
    with pytest.raises(Rejected) as caught:
        decoder.decode(root)
    pointers = [finding.pointer for finding in caught.value.findings]
    assert ["/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/AdditionalDocument[1]/IssueDateTime"] == pointers


@pytest.mark.parametrize("walker", [PYTHON, CHOSEN], ids=["python", "chosen"])
def test_bare_trees(walker: Walker) -> None:
    """What is said to be without comments is read as it is; the same tree with comments needs no such promise."""
    decoder = walker.decoder(table_of(declaration.Declaration, declaration.NAMESPACE), declaration.Declaration)
    value = decoder.decode(etree.fromstring(SAMPLE.encode()), is_bare=True)
    commented = SAMPLE.replace("PH-IM", "PH<!-- c -->-IM", 1).replace("<GoodsShipment>", "<?p q?><GoodsShipment>")
    assert value == decoder.decode(etree.fromstring(commented.encode()))


@pytest.mark.parametrize("walker", [PYTHON, CHOSEN], ids=["python", "chosen"])
def test_signature_keeps_its_blanks(walker: Walker) -> None:
    """Blanks between the elements of a signature stay, for its digest may cover them; those around them go."""
    signature = f'<Signature xmlns="{DSIG}">\n  <SignedInfo>\n    <a> </a>\n  </SignedInfo>\n</Signature>'
    document = SAMPLE.replace("</Declaration>", f"\n  {signature}\n</Declaration>")
    codec = Codec("declaration", declaration.Declaration, declaration.NAMESPACE, walker=walker)
    assert signature == codec.decode_xml(document.encode()).signature
