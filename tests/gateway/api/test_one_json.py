"""JSON is read in one way on every route, and what the interface describes is what is taken."""

import json
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, validators
from support.declarations import declaration, incomplete
from support.served import JSON, Answer, Gateway, served

from onewindow import schemas
from onewindow.codecs import DECLARATION, Rejected
from onewindow.gateway.api.openapi import document
from onewindow.gateway.api.routes import ROUTES

HOOK = "http://127.0.0.1:9/hook"
MARK = b"\xef\xbb\xbf"
DIGEST = "sha256:" + "0" * 64


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    """A gateway whose agencies answer at once."""
    async with served(tmp_path) as opened:
        yield opened


async def case(gateway: Gateway) -> str:
    """The path of an open case."""
    answer = await gateway.post(incomplete("JSON-1"), Prefer="wait=30")
    assert 202 == answer.status
    return answer.headers["Location"]


async def put(gateway: Gateway, path: str, body: bytes) -> Answer:
    """A request in JSON."""
    return await gateway.ask("POST", path, {"Content-Type": JSON}, body)


BODIES: dict[str, dict[str, Any]] = {
    "/withdrawal": {"reason": "the order was cancelled"},
    "/documents": {"type_code": "852", "id": "DOC-1", "digest": DIGEST},
    "/payments": {"reference": "BANK-1", "amount": "1.00", "currency": "CNY"},
    "/rating": {"score": 5, "comment": "quick"},
    "/v1/webhooks": {"url": HOOK},
}


def test_every_request_is_tried() -> None:
    """Each route that takes JSON of its own is among those tried, or takes what these tests say elsewhere."""
    taking = {
        route.path.replace("/v1/declarations/{id}", "")
        for route in ROUTES
        for body in route.takes
        if route.method == "POST" and body.media_type == JSON and body.type is not None
    }
    elsewhere = {path for path in taking if path.startswith(("/v1/agencies/", "/v1/dead-letters/", "/v1/webhooks/"))}
    declarations = {"/v1/declarations", "/supplements", "/amendments"}
    assert set(BODIES) == taking - elsewhere - declarations


async def places(gateway: Gateway) -> list[tuple[str, dict[str, Any]]]:
    """Where each request goes, of an open case of its own, and its body."""
    path = await case(gateway)
    return [(place if place.startswith("/v1") else path + place, body) for place, body in BODIES.items()]


async def test_a_member_twice(gateway: Gateway) -> None:
    """A member given twice is a finding that names it, even with the same value, and nothing is done."""
    for place, plain in await places(gateway):
        body = msgspec.json.encode(plain)
        for name, value in plain.items():
            member = msgspec.json.encode(name) + b":" + msgspec.json.encode(value)
            answer = await put(gateway, place, body.replace(member, member + b"," + member, 1))
            assert 422 == answer.status
            (finding,) = answer.json["findings"]
            assert ("element-repeated", f"/{name}", name) == (finding["code"], finding["pointer"], finding["value"])


async def test_a_byte_order_mark(gateway: Gateway) -> None:
    """A byte order mark before a request changes nothing."""
    for place, plain in reversed(await places(gateway)):  # the withdrawal comes last
        body = msgspec.json.encode(plain)
        marked, bare = await put(gateway, place, MARK + body), await put(gateway, place, body)
        assert bare.status == marked.status
        assert 400 != marked.status


async def test_a_text_that_can_not_be_seen(gateway: Gateway) -> None:
    """A text of nothing to see, or with what hides, is refused in every request, and said without repeating it."""
    for place, plain in await places(gateway):
        for name in (name for name, value in plain.items() if isinstance(value, str)):
            for text in ("\u202e", "a\u009b31mb", "\u3000", "\u200b", "a\u0085b", "x\u2066y"):
                answer = await put(gateway, place, msgspec.json.encode(plain | {name: text}))
                assert 422 == answer.status
                (finding,) = answer.json["findings"]
                assert finding["code"] in ("text-blank", "character-hidden")
                assert f"/{name}" == finding["pointer"]
                assert text not in answer.body.decode()


async def test_a_whole_number_with_a_fraction(gateway: Gateway) -> None:
    """A score of 5.0 is 5; of 4.5 there is none."""
    path = (await gateway.post(declaration("JSON-2"), Prefer="wait=30")).headers["Location"]
    assert 422 == (await put(gateway, f"{path}/rating", b'{"score": 4.5}')).status
    assert 202 == (await put(gateway, f"{path}/rating", b'{"score": 5.0}')).status


async def test_lines_of_a_batch(gateway: Gateway) -> None:
    """The lines of a batch are read in the same way: a mark before one is nothing, a member twice is a finding."""
    twin = DECLARATION.encode_json(DECLARATION.decode_xml(declaration("JSON-3")))
    twice = twin.replace(b'"TypeCode":"IM"', b'"TypeCode":"IM","TypeCode":"EX"', 1)
    headers = {"Content-Type": "application/x-ndjson"}
    answer = await gateway.ask("POST", "/v1/declarations:batch", headers, MARK + twin + b"\n" + twice + b"\n")
    first, second = (msgspec.json.decode(line) for line in answer.body.splitlines())
    assert 202 == first["status"]
    assert ["element-repeated"] == [finding["code"] for finding in second["problem"]["findings"]]


DESCRIBED: dict[str, Any] = json.loads(json.dumps(document(ROUTES)), parse_float=Decimal)
SAMPLE: dict[str, Any] = json.loads(DECLARATION.encode_json(DECLARATION.decode_xml(schemas.sample("import"))))
del SAMPLE["AdditionalDocument"], SAMPLE["GoodsShipment"]["GovernmentAgencyGoodsItem"][1:]


def whole(_: object, value: Any) -> bool:
    """Whether this is an integer of JSON Schema (section 6.3): 3.0 is one."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and value == int(value)


EXACT = validators.extend(
    Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", whole)
)
VALIDATOR = EXACT({"$ref": "#/components/schemas/Declaration", "components": DESCRIBED["components"]})

numbers = st.decimals(0, 10**9, places=2).map(str) | st.integers(0, 10**9).map(str) | st.sampled_from(
    ["1e3", "1.5e1", "0.10", "12.345", "-1", "100000.00", "1E-2", "999999999.9"]
)  # fmt: skip
amounts = (
    numbers
    | numbers.map(lambda number: f'"{number}"')
    | st.sampled_from(
        ['"+1"', '".5"', '"00"', '"1."', '"99999999999999.99"', '"1000000000000000"', '"a"', '""', "true"]
    )
)
counts = st.sampled_from(["3", "3.0", "3e0", "30e-1", "3.5", "0", '"3"', "null", "true", "1000", "999", "-3.0"])
times = st.builds(
    "2026-09-{}{}{}:30:0{}{}{}".format,
    st.sampled_from(["14", "31", "1", "30"]),
    st.sampled_from("tT _"),
    st.sampled_from(["09", "24", "9"]),
    st.sampled_from("069"),
    st.sampled_from(["", ".1", ".123456", ".1234567", "."]),
    st.sampled_from(["Z", "z", "+08:00", "+14:00", "+14:30", "+0800", ""]),
).map(json.dumps)
names = st.sampled_from(["Ä", "x", " ", "", "x" * 256, "x" * 257, 5, None, True]).map(json.dumps)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_described_is_what_is_taken(data: st.DataObject) -> None:
    """A value of a declaration is taken exactly where the description has it valid."""
    where, written = data.draw(
        st.one_of(
            st.tuples(st.just(("InvoiceAmount", "value")), amounts),
            st.tuples(st.just(("TotalGrossMassMeasure", "value")), amounts),
            st.tuples(st.just(("GoodsItemQuantity",)), counts),
            st.tuples(st.just(("IssueDateTime",)), times),
            st.tuples(st.just(("Declarant", "Name")), names),
            st.tuples(st.just(("DeclarationOfficeID",)), st.sampled_from(['"2248"', "2248", '"x"', "null"])),
            st.tuples(st.just(("FunctionCode",)), st.sampled_from(['"9"', "9", '"8"'])),
        )
    )
    plain = json.loads(json.dumps(SAMPLE))
    inner = plain
    for name in where[:-1]:
        inner = inner[name]
    inner[where[-1]] = "@@"
    text = json.dumps(plain).replace('"@@"', written)
    valid = VALIDATOR.is_valid(json.loads(text, parse_float=Decimal))
    try:
        DECLARATION.decode_json(text.encode())
        taken = True
    except Rejected:
        taken = False
    on_calendar = not written.startswith('"2026-09-31') or where != ("IssueDateTime",)
    assert taken is (valid and on_calendar)


def test_the_description_is_not_too_kind() -> None:
    """The description refuses what it should: the test before this one does not pass by taking everything."""
    for name, value in (("GoodsItemQuantity", 3.5), ("IssueDateTime", "2026-09-14"), ("DeclarationOfficeID", 2248)):
        assert not VALIDATOR.is_valid(SAMPLE | {name: value})
    assert VALIDATOR.is_valid(SAMPLE)
