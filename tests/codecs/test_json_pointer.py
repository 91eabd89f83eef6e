"""JSON Pointers: a finding about JSON leads to the very value that is wrong in it."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from onewindow import schemas
from onewindow.codecs import DECLARATION, Rejected
from onewindow.codecs.json_pointer import json_pointer, resolved
from onewindow.gateway import intake

WRONG = "#" * 600


@pytest.mark.parametrize(
    ("xpath", "pointer"),
    [
        ("/", ""),
        ("/Declaration", ""),
        ("/Declaration/TypeCode", "/TypeCode"),
        ("/Declaration/InvoiceAmount/@currencyID", "/InvoiceAmount/currencyID"),
        ("/Declaration/GoodsShipment/Item[12]/Commodity/Code[1]", "/GoodsShipment/Item/11/Commodity/Code/0"),
        ("/Declaration/Signature/SignedInfo/Reference", "/Signature"),
        ("/reason", "/reason"),
        ("/events[2]", "/events/1"),
    ],
)
def test_from_an_xpath(xpath: str, pointer: str) -> None:
    """Indices count from 0, an attribute is a member, the root is the document, a signature is one text."""
    assert pointer == json_pointer(xpath)


def _places(here: Any, pointer: str = "") -> Iterator[tuple[Any, Any, str]]:
    """Every text of a document: the object or list it is in, its key, its pointer."""
    for key, value in here.items() if isinstance(here, dict) else enumerate(here):
        own = f"{pointer}/{key}"
        if isinstance(value, str):
            yield here, key, own
        elif isinstance(value, dict | list):
            yield from _places(value, own)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("count", [1, 13, 60])
def test_each_leads_to_what_is_wrong(count: int, seed: int) -> None:
    """Of so many wrong values each has its finding, and its pointer resolves to that value."""
    document = json.loads(DECLARATION.encode_json(DECLARATION.decode_xml(schemas.sample("import"))))
    planted = random.Random(seed).sample(list(_places(document)), count)
    for parent, key, _ in planted:
        parent[key] = WRONG
    with pytest.raises(Rejected) as caught:
        intake.read(json.dumps(document).encode(), intake.JSON)
    found = [finding.json_pointer for finding in caught.value.findings]
    assert sorted(pointer for *_, pointer in planted) == sorted(each for each in found if each is not None)
    assert {WRONG} == {resolved(document, each) for each in found if each is not None}


def test_names_that_need_escaping() -> None:
    """Names with a slash or a tilde are escaped, one too long to be shown leads to its object."""
    body = json.dumps({"a/b": 1, "~": 2, "x" * 81: 3, "": 4}).encode()
    with pytest.raises(Rejected) as caught:
        intake.read(body, intake.JSON)
    unknown = [each for each in caught.value.findings if each.code == "element-unexpected"]
    assert ["", "/", "/a~1b", "/~0"] == sorted(each.json_pointer or "" for each in unknown)


def test_lists_keep_their_indices() -> None:
    """A member of a list that can't be read does not move those after it."""
    body = json.dumps({"AdditionalDocument": [None, {"TypeCode": "380", "ID": ""}, "x"]}).encode()
    with pytest.raises(Rejected) as caught:
        intake.read(body, intake.JSON)
    places = [each.json_pointer for each in caught.value.findings if "AdditionalDocument" in each.pointer]
    assert ["/AdditionalDocument/0", "/AdditionalDocument/1/ID", "/AdditionalDocument/2"] == places
