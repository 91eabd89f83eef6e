"""The compiled walker and the one in Python: the same structs, the same bytes, the same refusals, and nothing lost."""

import gc
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace
from support.forms import MESSAGES, NOT_BUILT, each_form, in_form
from support.strategies import messages

from onewindow import schemas
from onewindow.codecs import DECLARATION, Codec, Rejected
from onewindow.codecs.binding import table_of
from onewindow.codecs.messages.declaration import Declaration
from onewindow.codecs.parser import parse
from onewindow.codecs.walker import COMPILED, PYTHON, Walker

pytestmark = NOT_BUILT

SLOW_TO_DRAW = settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
each_message = pytest.mark.parametrize("message", MESSAGES, ids=lambda codec: codec.name)
SAMPLE = schemas.sample("import")


def outcome(codec: Codec[Any], data: bytes) -> Any:
    """What a codec makes of a document: the value, with the exact text of its times and numbers, or the refusal."""
    try:
        value = codec.decode_xml(data)
    except Rejected as refused:
        return refused.problem, refused.findings
    return value, msgspec.json.encode(value), codec.encode_xml(value)


def changed(text: str, old: str, new: str) -> bytes:
    """The text with one place changed."""
    assert 1 == text.count(old)
    return text.replace(old, new).encode()


@each_message
@given(data=st.data())
@SLOW_TO_DRAW
def test_same_value_and_bytes(message: Codec[Any], data: st.DataObject) -> None:
    """Both forms write a message as the same bytes, and read those as the same value."""
    value = data.draw(messages(message.type))
    written = in_form(message, PYTHON).encode_xml(value)
    assert written == in_form(message, COMPILED).encode_xml(value)
    assert outcome(in_form(message, PYTHON), written) == outcome(in_form(message, COMPILED), written)


Change = Callable[[Any, str], None]


def _comment(element: Any, text: str) -> None:
    element.insert(0, etree.Comment(text.replace("-", "_")))
    element[0].tail = element.text
    element.text = None


def _cut_by_comment(element: Any, text: str) -> None:
    before = element.text or ""
    comment = etree.Comment("c")
    comment.tail = before[len(before) // 2 :]
    element.text = before[: len(before) // 2]
    element.insert(0, comment)


def _instruction(element: Any, text: str) -> None:
    element.insert(0, etree.ProcessingInstruction("target", "data"))


def _cdata(element: Any, text: str) -> None:
    if len(element) == 0:
        element.text = etree.CDATA(element.text or "")


def _blanks(element: Any, text: str) -> None:
    element.text = f" \t\n{element.text or ''}\r "


def _text(element: Any, text: str) -> None:
    element.text = text


def _twice(element: Any, text: str) -> None:
    if element.getparent() is not None:
        element.addnext(deepcopy(element))


def _gone(element: Any, text: str) -> None:
    if element.getparent() is not None:
        element.getparent().remove(element)


def _attribute(element: Any, text: str) -> None:
    element.set("{urn:example}currencyID", "x")


def _schema_attribute(element: Any, text: str) -> None:
    element.set("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "urn:a b.xsd")


def _other_namespace(element: Any, text: str) -> None:
    element.tag = f"{{urn:example}}{etree.QName(element).localname}"


CHANGES: tuple[Change, ...] = (
    _comment,
    _cut_by_comment,
    _instruction,
    _cdata,
    _blanks,
    _text,
    _twice,
    _gone,
    _attribute,
    _schema_attribute,
    _other_namespace,
)
TEXTS = st.sampled_from(
    [
        *(
            "",
            "0",
            "+7",
            "-0",
            "007",
            "1e3",
            "1.50",
            ".5",
            "5.",
            "INF",
            "true",
            "1",
            "a  b",
            "海　关",
            "USD",
            "x" * 600,
        ),
        *("2026-02-29T00:00:00Z", "2026-01-31T23:59:59.120+08:00", "2026-01-31T00:00:00-00:00", "2026-01-31T24:00:00Z"),
        *(
            "2026-01-31T00:00:00.1234567Z",
            "2026-01-31T00:00:00",
            "2026-01-31",
            "2026-02-30",
            "2026-01-31Z",
            "-2026-01-31",
        ),
    ]
)


@each_message
@given(data=st.data())
@SLOW_TO_DRAW
def test_same_outcome_of_changed_documents(message: Codec[Any], data: st.DataObject) -> None:
    """Whatever is done to a document, both forms take it as the same value or refuse it with the same findings."""
    root: Any = etree.fromstring(message.encode_xml(data.draw(messages(message.type))))
    for change, text in data.draw(st.lists(st.tuples(st.sampled_from(CHANGES), TEXTS), max_size=3)):
        change(data.draw(st.sampled_from(list(root.iter("*")))), text)
    document = etree.tostring(root)
    assert outcome(in_form(message, PYTHON), document) == outcome(in_form(message, COMPILED), document)


@each_message
@given(data=st.data())
@SLOW_TO_DRAW
def test_no_tree_is_fatal(message: Codec[Any], data: st.DataObject) -> None:
    """A tree that no schema has seen ends in a value or an exception, never in a crash."""
    root: Any = etree.fromstring(message.encode_xml(data.draw(messages(message.type))))
    elements = list(root.iter("*"))
    for change, text in data.draw(st.lists(st.tuples(st.sampled_from(CHANGES), TEXTS), min_size=1, max_size=8)):
        change(data.draw(st.sampled_from(elements)), text)
    decoder = _compiled().decoder(in_form(message, COMPILED)._record, message.type)
    try:
        value = decoder.decode(root)
    except (Rejected, ValueError):
        return
    assert isinstance(value, message.type)


def _compiled() -> Walker:
    assert COMPILED is not None
    return COMPILED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<FunctionCode>9</", "<FunctionCode><!--a-->9<!--b--></"),
        ("<FunctionCode>9</", "<FunctionCode><?a b?>9</"),
        ("<FunctionCode>9</", "<FunctionCode><![CDATA[9]]></"),
        ("<FunctionCode>9</", "<FunctionCode>&#57;</"),
        ("<FunctionCode>9</", "<FunctionCode>\n\t9 </"),
        ("<FunctionCode>9</", "<FunctionCode>&nine;</"),
        ("<FunctionCode>9</", "<FunctionCode>9<b/></"),
        ("<FunctionCode>9</", '<FunctionCode xmlns="urn:example">9</'),
        ("<FunctionCode>9</", '<o:FunctionCode xmlns:o="urn:onewindow:declaration:1">9</o:'),
        ("<FunctionCode>9</FunctionCode>", "stray<FunctionCode>9</FunctionCode>"),
    ],
)
def test_awkward_markup(old: str, new: str) -> None:
    """Comments, instructions, sections, references and prefixes change nothing, or are refused, in both forms alike."""
    sample = SAMPLE.decode()
    old_end = "FunctionCode>" if new.endswith(":") else ""
    document = changed(sample, old + old_end, new + old_end)
    found = outcome(in_form(DECLARATION, PYTHON), document)
    assert found == outcome(in_form(DECLARATION, COMPILED), document)


@pytest.mark.parametrize("walker", [PYTHON, COMPILED], ids=["python", "compiled"])
def test_instructions_leave_a_signature(walker: Walker | None) -> None:
    """A processing instruction inside a signature is left out of the text that the struct holds."""
    signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><a>x<?p q?>y<!-- c --></a></Signature>'
    document = SAMPLE.replace(b"</Declaration>", signature.encode() + b"</Declaration>")
    value = in_form(DECLARATION, walker).decode_xml(document)
    assert '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><a>xy</a></Signature>' == value.signature


@each_form
@pytest.mark.parametrize(
    "value", ["\x00", "\x0b", "\ufffe", "\uffff", "\ud800", 'a & b < c > d " \r\t\n é 海 \U0001f6a2 \uffef \uff3e']
)
def test_every_character(walker: Walker, value: str) -> None:
    """A text reads as it was written, or is not written at all where XML cannot carry one of its characters."""
    declaration: Declaration = DECLARATION.decode_xml(SAMPLE)
    declarant = replace(declaration.declarant, name=value)
    codec = in_form(DECLARATION, walker)
    if len(value) == 1:
        with pytest.raises(ValueError, match=r"carry|surrogates"):
            codec.encode_xml(replace(declaration, declarant=declarant))
        return
    written = etree.fromstring(codec.encode_xml(replace(declaration, declarant=declarant)))
    assert value == written.findtext("{*}Declarant/{*}Name")


@each_form
@pytest.mark.parametrize(
    ("amount", "text"),
    [("0E-7", "0.0000000"), ("1E+3", "1000"), ("-0.0", "-0.0"), ("1E-7", "0.0000001"), ("12.50", "12.50")],
)
def test_decimals_without_exponent(walker: Walker, amount: str, text: str) -> None:
    """A decimal is written in full, with the digits that it has."""
    declaration = DECLARATION.decode_xml(SAMPLE)
    changed = replace(declaration, invoice_amount=replace(declaration.invoice_amount, value=Decimal(amount)))
    written = etree.fromstring(in_form(DECLARATION, walker).encode_xml(changed))
    assert text == written.findtext("{*}InvoiceAmount")


@each_form
@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 1, 31, 1, 2, 3, tzinfo=timezone(timedelta(0))), "2026-01-31T01:02:03Z"),
        (
            datetime(999, 1, 1, 0, 0, 0, 5, timezone(timedelta(hours=-3, minutes=-30))),
            "0999-01-01T00:00:00.000005-03:30",
        ),
        (datetime(2026, 1, 31, tzinfo=timezone(timedelta(hours=14))), "2026-01-31T00:00:00+14:00"),
    ],
)
def test_times(walker: Walker, at: datetime, text: str) -> None:
    """A time is written with its zone, with a fraction where it has one, and with four digits for its year."""
    declaration = replace(DECLARATION.decode_xml(SAMPLE), issue_date_time=at)
    written = etree.fromstring(in_form(DECLARATION, walker).encode_xml(declaration))
    assert text == written.findtext("{*}IssueDateTime")


@pytest.mark.parametrize(
    "wrong",
    [
        {"goods_item_quantity": "3"},
        {"goods_item_quantity": 10**30},
        {"goods_item_quantity": True},
        {"currency_exchange": []},
        {"additional_document": None},
        {"function_code": "9<"},
        {"declarant": None},
        {"type_code": "IM"},
        {"issue_date_time": datetime(2026, 1, 1)},  # noqa: DTZ001 - a time that lacks its zone is what is tried
    ],
    ids=str,
)
def test_wrong_values(wrong: dict[str, Any]) -> None:
    """A struct with a value that its type does not allow is written, or not, by both forms alike."""
    declaration = replace(DECLARATION.decode_xml(SAMPLE), **wrong)

    def written(walker: Walker | None) -> bytes | str:
        try:
            return in_form(DECLARATION, walker).encode_xml(declaration)
        except Exception as error:  # noqa: BLE001 - that both raise the same is what is tested
            return repr(error)

    assert written(PYTHON) == written(COMPILED)


def test_another_type_is_written_by_neither() -> None:
    """A struct of another message is not written."""
    for walker in (PYTHON, COMPILED):
        with pytest.raises(KeyError):
            in_form(DECLARATION, walker).encode_xml(DECLARATION.decode_xml(SAMPLE).declarant)


documents = st.recursive(
    st.text(st.sampled_from("ab <&=\"'海"), max_size=12),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=20,
)


def _tree(shape: Any) -> Any:
    element = etree.Element("a")
    if isinstance(shape, str):
        element.text = shape
        element.set("b", shape)
    for each in shape if isinstance(shape, list) else ():
        element.append(etree.Comment("<>") if each == "" else _tree(each))
    return element


@given(shape=documents, levels=st.integers(1, 6), most=st.integers(0, 20))
def test_same_looks(shape: Any, levels: int, most: int) -> None:
    """Both forms find the same marks, depth and long text in any document."""
    data = etree.tostring(_tree(shape))
    root = parse(data)
    looks = [
        (each.marks(data), each.is_deeper(root, levels), each.long_text(root, most)) for each in (PYTHON, _compiled())
    ]
    assert looks[0] == looks[1]


@each_form
@pytest.mark.parametrize("size", [0, 254, 255, 256, 511, 100_000])
def test_marks_of_any_size(walker: Walker, size: int) -> None:
    """Marks are counted to the last, whatever the size."""
    assert (size, size, size, 2 * size) == walker.marks(b"</=\"'" * size)


class Nested(msgspec.Struct, omit_defaults=True):
    """A type that holds itself, as schemas may have."""

    inner: "Nested | None" = msgspec.field(default=None, name="Inner")


def nested(levels: int) -> etree._Element:
    """That many elements, one in the other."""
    root = element = etree.Element("Nested")
    for _ in range(levels - 1):
        element = etree.SubElement(element, "Inner")
    return root


@each_form
def test_deep_trees(walker: Walker) -> None:
    """A tree deeper than any document is read while Python's own bound allows, and never exhausts the stack."""
    decoder = walker.decoder(table_of(Nested, ""), Nested)
    encode = walker.encoder(table_of(Nested, ""), "Nested", "")
    for levels in (1, 256, 257, 300):
        assert etree.tostring(nested(levels), method="c14n") in encode(decoder.decode(nested(levels)))
    with pytest.raises(RecursionError):
        decoder.decode(nested(5_000))
    assert walker.is_deeper(nested(5_000), 32)


def test_nothing_is_kept() -> None:
    """Reading and writing many documents, taken and refused, leaves no memory behind and no reference too many."""
    codec = in_form(DECLARATION, COMPILED)
    unusual = SAMPLE.replace(b"<FunctionCode>9", b"<FunctionCode><!-- c -->9")
    member = DECLARATION.decode_xml(SAMPLE).type_code

    def work() -> None:
        for _ in range(300):
            codec.encode_xml(codec.decode_xml(SAMPLE))
            codec.encode_xml(codec.decode_xml(unusual))

    work()
    gc.collect()
    references = sys.getrefcount(member), sys.getrefcount(Declaration), sys.getrefcount(Decimal)
    tracemalloc.start()
    try:
        work()
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        work()
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    after = sys.getrefcount(member), sys.getrefcount(Declaration), sys.getrefcount(Decimal)
    assert grown < 10_000
    assert all(abs(now - then) < 50 for then, now in zip(references, after, strict=True))


@pytest.mark.parametrize(
    ("name", "value"), [("LXML_VERSION", (5, 4, 0, 0)), ("LXML_VERSION", (7, 0, 0, 0)), ("LIBXML_VERSION", (2, 9, 1))]
)
def test_another_release_of_lxml(name: str, value: tuple[int, ...]) -> None:
    """Beside an lxml or a libxml2 that it was not compiled for, the extension stands back."""
    script = (
        f"from lxml import etree; etree.{name} = {value}; "
        "from onewindow.codecs.walker import CHOSEN, COMPILED; print(CHOSEN.name, COMPILED)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "python None\n" == ended.stdout


def test_the_environment_chooses() -> None:
    """The compiled form runs where it was built, unless the environment asks for the one in Python."""
    script = "from onewindow.codecs.walker import CHOSEN; print(CHOSEN.name)"
    found = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environ).stdout
        for environ in ({"ONEWINDOW_WALKER": "python"}, {})
    ]
    assert ["python\n", "compiled\n"] == found
