"""Schemas and code lists over HTTP."""

from pathlib import Path

from lxml import etree
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
