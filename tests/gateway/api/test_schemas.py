"""Schemas and code lists over HTTP."""

from pathlib import Path

from lxml import etree
from support.declarations import declaration
from support.served import XML, served

from onewindow import schemas
from onewindow.codecs.messages.codes import CountryCode, Incoterm


async def test_every_schema_is_listed_and_served(tmp_path: Path) -> None:
    """Each schema of the list is served byte for byte, and an XSD processor can read it."""
    async with served(tmp_path) as gateway:
        listed = (await gateway.get("/v1/schemas")).json["schemas"]
        answers = {entry["name"]: await gateway.get(entry["path"]) for entry in listed}
    assert schemas.names() == tuple(answers)
    for name, answer in answers.items():
        assert (XML, schemas.text(name)) == (answer.headers["Content-Type"], answer.body)
        assert etree.fromstring(answer.body).tag.endswith("}schema")
    assert all(entry["words"]["en"] and entry["words"]["zh"] for entry in listed)
    assert "urn:onewindow:declaration:1" in {entry["namespace"] for entry in listed}


async def test_every_code_list_is_listed_and_served(tmp_path: Path) -> None:
    """Each code list of the list is served with its codes, in English and Chinese."""
    async with served(tmp_path) as gateway:
        names = (await gateway.get("/v1/schemas")).json["codes"]
        lists = {name: (await gateway.get(f"/v1/codes/{name}")).json for name in names}
    assert list(CountryCode) == [code["code"] for code in lists["CountryCode"]["codes"]]
    assert list(Incoterm) == [code["code"] for code in lists["Incoterm"]["codes"]]
    assert {"code": "CN", "words": {"en": "China", "zh": "中国"}} in lists["CountryCode"]["codes"]
    for codes in lists.values():
        assert codes["words"]["en"]
        assert codes["words"]["zh"]
        assert all(code["words"]["en"] and code["words"]["zh"] for code in codes["codes"])


async def test_code_lists_have_an_index(tmp_path: Path) -> None:
    """The index names every code list in both languages, says how many codes it has, and leads to it."""
    async with served(tmp_path) as gateway:
        listed = (await gateway.get("/v1/codes")).json["codes"]
        lists = [(await gateway.get(entry["path"])).json for entry in listed]
        names = (await gateway.get("/v1/schemas")).json["codes"]
    assert names == [entry["name"] for entry in listed]
    assert [len(each["codes"]) for each in lists] == [entry["count"] for entry in listed]
    assert [(each["name"], each["words"]) for each in lists] == [(entry["name"], entry["words"]) for entry in listed]


async def test_a_long_list_is_named(tmp_path: Path) -> None:
    """A finding that can't show all codes names their list and its path, in both languages; a short list is shown."""
    body = declaration("C-1").replace(b'currencyID="', b'currencyID="?', 1).replace(b"<TypeCode>IM<", b"<TypeCode>IN<")
    async with served(tmp_path) as gateway:
        short, long = (await gateway.post(body)).json["findings"]
        named = await gateway.get("/v1/codes/CurrencyCode")
    assert "one of IM, EX" == short["expected"]
    assert long["expected"].endswith("all of code list CurrencyCode: /v1/codes/CurrencyCode")
    assert "代码表 CurrencyCode 见 /v1/codes/CurrencyCode" in long["message"]["zh"]
    assert (200, "CurrencyCode") == (named.status, named.json["name"])
