"""The JSON twin: the same rules and the same findings as for XML, and none of what JSON readers are too kind about."""

import json
from typing import Any

import pytest

from onewindow import schemas
from onewindow.codecs import DECLARATION, Finding, Limits, Rejected
from onewindow.codecs.messages.codes import DeclarationType

AMOUNT = {"value": "1", "currencyID": "CNY"}
DECLARED = DECLARATION.decode_xml(schemas.sample("import"))
SIGNATURE = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignatureValue>AA==</SignatureValue></Signature>'


def document(**members: Any) -> dict[str, Any]:
    """The sample as plain data, with members put in or, given as `...`, taken out."""
    plain: dict[str, Any] = json.loads(DECLARATION.encode_json(DECLARED)) | members
    return {name: value for name, value in plain.items() if value is not ...}


def refusal(data: Any, limits: Limits | None = None) -> tuple[str, tuple[Finding, ...]]:
    """Why a document is refused: the problem and the findings."""
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    with pytest.raises(Rejected) as caught:
        DECLARATION.decode_json(text, *([limits] if limits else []))
    for finding in caught.value.findings:
        assert finding.message.en
        assert finding.message.zh
    return caught.value.problem, caught.value.findings


def finding(data: Any) -> Finding:
    """The one finding for which a document is refused as invalid; JSON has no lines."""
    problem, (one,) = refusal(data)
    assert ("invalid", None) == (problem, one.line)
    return one


def test_same_findings() -> None:
    """The same mistakes make the same findings in JSON as in XML, without lines."""
    plain = document(GoodsItemQuantity=0, TypeCode=..., DeclarationOfficeID="x")
    plain["InvoiceAmount"] = {"value": "1.005"}
    text = schemas.sample("import").decode().replace("<GoodsItemQuantity>3", "<GoodsItemQuantity>0")
    text = text.replace("\n  <TypeCode>IM</TypeCode>", "").replace("OfficeID>2248", "OfficeID>x")
    text = text.replace('<InvoiceAmount currencyID="EUR">100000.00', "<InvoiceAmount>1.005")
    with pytest.raises(Rejected) as caught:
        DECLARATION.decode_xml(text.encode())
    expected = sorted((each.code, each.pointer, each.message.en) for each in caught.value.findings)
    assert 5 == len(expected)
    assert expected == sorted((each.code, each.pointer, each.message.en) for each in refusal(plain)[1])


@pytest.mark.parametrize(
    ("members", "code", "pointer"),
    [
        ({"Bogus": 1}, "element-unexpected", "/Declaration/Bogus"),
        ({"TypeCode": ..., "typeCode": "IM"}, "element-unexpected", "/Declaration/typeCode"),
        ({"TypeCode": ["IM"]}, "value-shape", "/Declaration/TypeCode"),
        ({"TypeCode": {"value": "IM"}}, "value-shape", "/Declaration/TypeCode"),
        ({"TypeCode": True}, "value-shape", "/Declaration/TypeCode"),
        ({"TypeCode": None}, "element-missing", "/Declaration/TypeCode"),
        ({"InvoiceAmount": "1.00"}, "value-shape", "/Declaration/InvoiceAmount"),
        ({"InvoiceAmount": 1}, "value-shape", "/Declaration/InvoiceAmount"),
        ({"InvoiceAmount": [{}]}, "value-shape", "/Declaration/InvoiceAmount"),
        ({"InvoiceAmount": AMOUNT | {"unit": 1}}, "element-unexpected", "/Declaration/InvoiceAmount/unit"),
        ({"InvoiceAmount": AMOUNT | {"currencyID": ["CNY"]}}, "value-shape", "/Declaration/InvoiceAmount/@currencyID"),
        ({"InvoiceAmount": {"value": "1"}}, "attribute-missing", "/Declaration/InvoiceAmount/@currencyID"),
        ({"AdditionalDocument": {"ID": "1"}}, "value-shape", "/Declaration/AdditionalDocument"),
        ({"AdditionalDocument": ["x"]}, "value-shape", "/Declaration/AdditionalDocument[1]"),
        ({"Declarant": "me"}, "value-shape", "/Declaration/Declarant"),
        ({"Declarant": []}, "value-shape", "/Declaration/Declarant"),
        ({"Declarant": {"ID": "A1234", "Name": "a\x00b"}}, "character-forbidden", "/Declaration/Declarant/Name"),
        ({"Declarant": {"ID": "A1234", "Name": "\ud800"}}, "character-forbidden", "/Declaration/Declarant/Name"),
        ({"Declarant": {"ID": "A1234", "Name": "\uffff"}}, "character-forbidden", "/Declaration/Declarant/Name"),
        ({"Signature": "</Declaration>"}, "value-shape", "/Declaration/Signature"),
        ({"Signature": SIGNATURE + SIGNATURE}, "value-shape", "/Declaration/Signature"),
        ({"Signature": "<Signature/>"}, "value-shape", "/Declaration/Signature"),
        ({"Signature": f"<!DOCTYPE a>{SIGNATURE}"}, "value-shape", "/Declaration/Signature"),
        ({"Signature": {"a": 1}}, "value-shape", "/Declaration/Signature"),
    ],
)  # fmt: skip
def test_shapes(members: dict[str, Any], code: str, pointer: str) -> None:
    """A value of the wrong shape, a member unknown, misspelled or absent: one finding each, at its element."""
    found = finding(document(**members))
    assert (code, pointer) == (found.code, found.pointer)


@pytest.mark.parametrize("plain", [[], [{}], "Declaration", 1, None, True])
def test_root_shape(plain: Any) -> None:
    """A document that is not an object is one finding at the root."""
    found = finding(plain)
    assert ("value-shape", "/Declaration") == (found.code, found.pointer)


def test_name_not_in_xml() -> None:
    """A member whose name XML could not even carry is a finding that can be shown."""
    found = finding(document(**{"<a>\x00": 1}))
    assert ("element-unexpected", "<a>?") == (found.code, found.value)


@pytest.mark.parametrize(
    "inner", ['"TypeCode":"IM","TypeCode":"EX"', '"TypeCode":"IM","TypeCode":"IM"', '"TypeCode":"IM","TypeCode":null']
)
def test_member_twice(inner: str) -> None:
    """A member given twice is a finding, even with the same value: readers differ on which one counts."""
    data = DECLARATION.encode_json(DECLARED).replace(b'"TypeCode":"IM"', inner.encode(), 1)
    found = finding(data)
    assert ("element-repeated", "/Declaration/TypeCode") == (found.code, found.pointer)


def test_any_order() -> None:
    """Members may come in any order."""
    backwards = json.dumps(dict(reversed(document().items())))
    assert DECLARED == DECLARATION.decode_json(backwards.encode())


def test_nulls_and_empty_lists() -> None:
    """Null and an empty list stand for what is absent."""
    plain = document(Agent=None, AdditionalDocument=[], CurrencyExchange=None)
    read = DECLARATION.decode_json(json.dumps(plain).encode())
    assert (None, (), ()) == (read.agent, read.additional_document, read.currency_exchange)


def amount(number: str) -> bytes:
    """The sample with this written for the value of its invoice amount."""
    return DECLARATION.encode_json(DECLARED).replace(b'"100000.00"', number.encode(), 1)


def quantity(number: str) -> bytes:
    """The sample with this written for its number of items."""
    return DECLARATION.encode_json(DECLARED).replace(
        b'"GoodsItemQuantity":3', b'"GoodsItemQuantity":' + number.encode()
    )


def test_numbers_and_words() -> None:
    """A decimal may be a number, and booleans are JSON's own."""
    documents = [
        each | {"DeferredIndicator": index == 0} for index, each in enumerate(document()["AdditionalDocument"])
    ]
    plain = document(AdditionalDocument=documents, InvoiceAmount={"value": 12.5, "currencyID": "CNY"})
    read = DECLARATION.decode_json(json.dumps(plain).encode())
    assert ("12.5", True) == (str(read.invoice_amount.value), read.additional_document[0].deferred_indicator)


@pytest.mark.parametrize(
    "number", ["100000.00", "100000", "100000.0", "1e5", "1E+5", "100000.00e0", "1000000e-1", '"100000.00"', '"100000"']
)
def test_one_number_in_many_forms(number: str) -> None:
    """The same number is the same amount, however JSON writes it."""
    assert DECLARED == DECLARATION.decode_json(amount(number))


@pytest.mark.parametrize("number", ["3", "3.0", "3.000", "3e0", "30e-1", "0.3e1"])
def test_whole_numbers(number: str) -> None:
    """A whole number is one where it is written with a fraction of nothing or an exponent (JSON Schema, 6.3)."""
    assert DECLARED == DECLARATION.decode_json(quantity(number))


@pytest.mark.parametrize(
    "number", ["3.5", "-3", "0", "3e3", "1e99999999999999999999", "1e-99999999999999999999", "1e41", "3" * 5000]
)
def test_no_whole_numbers(number: str) -> None:
    """What is no number of items is one finding, however many digits it would have."""
    found = finding(quantity(number))
    assert "/Declaration/GoodsItemQuantity" == found.pointer
    assert found.code in ("value-type", "value-range")


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"DeclarationOfficeID": 2248}, "/Declaration/DeclarationOfficeID"),
        ({"FunctionCode": 9}, "/Declaration/FunctionCode"),
        ({"GoodsItemQuantity": "3"}, "/Declaration/GoodsItemQuantity"),
        ({"IssueDateTime": 20260914}, "/Declaration/IssueDateTime"),
        ({"AdditionalDocument": [{"TypeCode": "380", "ID": "1", "DeferredIndicator": "true"}]},
         "/Declaration/AdditionalDocument[1]/DeferredIndicator"),
    ],
)  # fmt: skip
def test_shapes_that_are_not_described(members: dict[str, Any], pointer: str) -> None:
    """A number for a text, and a text for a whole number or a truth value, are not what the interface describes."""
    found = finding(document(**members))
    assert ("value-shape", pointer) == (found.code, found.pointer)


@pytest.mark.parametrize("moment", ["2026-09-14t09:30:00+08:00", "2026-09-14T01:30:00z", "2026-09-14t01:30:00.000z"])
def test_small_letters_in_times(moment: str) -> None:
    """The letters of a time may be small ones (RFC 3339, 5.6)."""
    assert DECLARED == DECLARATION.decode_json(json.dumps(document(IssueDateTime=moment)).encode())


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_byte_order_mark(mark: bytes) -> None:
    """A byte order mark before the document means nothing."""
    assert DECLARED == DECLARATION.decode_json(mark + DECLARATION.encode_json(DECLARED))


def test_signature_travels() -> None:
    """A signature given in JSON is the signature of the document, and nothing else of it can be."""
    read = DECLARATION.decode_json(json.dumps(document(Signature=SIGNATURE)).encode())
    assert (SIGNATURE, DeclarationType.IM) == (read.signature, read.type_code)
    assert SIGNATURE.encode() in DECLARATION.encode_xml(read)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"{} {}",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 01}',
        b'{"a": "\x01"}',
        b'{"a": "\xff"}',
        b'{"a": "\xed\xa0\x80"}',
        "{}".encode("utf-16"),
        "{}".encode("utf-32-le"),
        b"<a/>",
    ],
)
def test_not_json(data: bytes) -> None:
    """What is not JSON in UTF-8 is refused as such, whatever Python's own reader would make of it."""
    problem, (found,) = refusal(data)
    assert ("not-well-formed", "not-well-formed") == (problem, found.code)


def test_line_of_broken_json() -> None:
    """Of broken JSON the line is known and said."""
    assert 3 == refusal(b'{"a": 1,\n"b":\n]}')[1][0].line


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "nesting-too-deep"),
        (b'{"a":' * 50_000, "nesting-too-deep"),
        (b"[" + b"[]," * 1_000_000 + b"[]]", "elements-too-many"),
        (b'"' + b"x" * (5 * 1024 * 1024) + b'"', "body-too-large"),
        (json.dumps(document(FunctionalReferenceID="x" * 2**20)).encode(), "text-too-long"),
    ],
    ids=["lists", "objects", "values", "body", "text"],
)
def test_flood(data: bytes, code: str) -> None:
    """A document made to be costly is refused by the limit that it breaks."""
    problem, (found,) = refusal(data)
    assert ("too-large", code) == (problem, found.code)


def test_limits_to_the_unit() -> None:
    """A document at the limits of its size and number of values is taken, one past either is refused."""
    data = DECLARATION.encode_json(DECLARED)
    values = sum(data.count(each) for each in (b",", b"[", b"{"))
    at = Limits(body_bytes_max=len(data), element_count_max=values - 60, attribute_count_max=60)
    assert DECLARED == DECLARATION.decode_json(data, Limits(body_bytes_max=len(data)))
    assert "body-too-large" == refusal(data, Limits(body_bytes_max=len(data) - 1))[1][0].code
    assert DECLARED == DECLARATION.decode_json(data, at)
    past = Limits(body_bytes_max=len(data), element_count_max=values - 61, attribute_count_max=60)
    assert "elements-too-many" == refusal(data, past)[1][0].code


def test_many_mistakes() -> None:
    """Mistakes of shape are counted with the others: at most a hundred findings, the last saying there are more."""
    found = refusal(document(**{f"Bogus{index}": 1 for index in range(150)}))[1]
    assert (100, "findings-too-many") == (len(found), found[-1].code)


@pytest.mark.parametrize(
    "members",
    [
        {f"TypeCod{index}": 1 for index in range(90_000)} | {"TypeCode": ...},
        {"AdditionalDocument": [1] * 90_000},
        {"AdditionalDocument": [{}] * 90_000},
        {"AdditionalDocument": [{"x": 1}] * 90_000},
    ],
    ids=["unknown members", "values", "empty objects", "objects"],
)
def test_flood_of_mistakes(members: dict[str, Any]) -> None:
    """A document made to be costly to explain gets its hundred findings, in time that does not grow with its square."""
    assert 100 == len(refusal(document(**members))[1])


def test_flood_of_repeats() -> None:
    """Members given twice by the thousand are found in one pass."""
    repeats = b",".join(b'"a%d":1,"a%d":2' % (index, index) for index in range(45_000))
    assert 100 == len(refusal(b"{" + repeats + b"}")[1])
