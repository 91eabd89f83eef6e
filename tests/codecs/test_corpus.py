"""Other people's schemas and documents: what the United Kingdom publishes for its declarations.

Documents are compared in Canonical XML 2.0 with prefixes rewritten, comments left out and the text of every node
trimmed: what is left are elements, attributes and texts, xsi:schemaLocation among them. Where a type keeps white space,
texts are compared as they stand as well. These tests skip where the corpus is not at hand.
"""

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree.ElementTree import canonicalize

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from support.bindings import compiled, corpus_folder

from onewindow.codecs import Codec, Rejected
from onewindow.codecs.compiler import compile_module
from onewindow.codecs.walker import COMPILED, PYTHON, Walker

Element = Any
SCHEMA = "schemas/customs/wrapper_submit.xsd"
WALKERS = [PYTHON] if COMPILED is None else [PYTHON, COMPILED]
NOTIFICATIONS = """<xs:schema targetNamespace="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
  elementFormDefault="qualified" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:include schemaLocation="{folder}/DocumentMetaData_2_DMS.xsd"/>
  <xs:import namespace="urn:wco:datamodel:WCO:RES-DMS:2" schemaLocation="{folder}/WCO_RES_2_DMS.xsd"/>
</xs:schema>"""


@pytest.fixture(scope="module")
def corpus() -> Path:
    """The folder with the UK's schemas and documents."""
    return corpus_folder()


@pytest.fixture(scope="module")
def module(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The bindings of the UK's declaration."""
    return compiled(corpus / SCHEMA, tmp_path_factory.mktemp("uk"))


@pytest.fixture(scope="module", params=WALKERS, ids=lambda walker: walker.name)
def codec(corpus: Path, module: ModuleType, request: pytest.FixtureRequest) -> Codec[Any]:
    """The codec of the UK's declaration, in each form."""
    walker: Walker = request.param
    return Codec.of(corpus / SCHEMA, module.MetaData, walker=walker)


@pytest.fixture(scope="module")
def answers(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Codec[Any]:
    """The codec of the UK's notifications: its message inside the envelope that both ways have in common."""
    folder = tmp_path_factory.mktemp("answers")
    schema = folder / "notification.xsd"
    schema.write_text(NOTIFICATIONS.format(folder=(corpus / "schemas/wco/notification").as_uri()), "utf-8")
    return Codec.of(schema, compiled(schema, folder).MetaData)


def canonical(document: bytes) -> str:
    """A document's elements, attributes and texts, as canonical XML."""
    return canonicalize(document.decode("utf-8-sig"), strip_text=True, rewrite_prefixes=True)


def kept(document: bytes) -> list[str]:
    """The texts of the elements whose type keeps white space: names, references and descriptions."""
    parser = etree.XMLParser(remove_comments=True)
    elements: list[Element] = list(etree.fromstring(document, parser).iter("{*}*"))
    names = ("ID", "Name", "Line", "Description", "StatementDescription", "CityName")
    return [each.text or "" for each in elements if not len(each) and etree.QName(each).localname in names]


def test_declarations_survive(corpus: Path, codec: Codec[Any]) -> None:
    """Every valid declaration decodes, and encodes to a document with the same canonical bytes."""
    documents = sorted((corpus / "declarations").glob("*.xml"))
    for file in documents:
        document = file.read_bytes()
        written = codec.encode_xml(codec.decode_xml(document))
        assert canonical(document) == canonical(written), file.name
        assert kept(document) == kept(written), file.name
    assert len(documents) > 80


def test_declarations_in_other_forms(corpus: Path, codec: Codec[Any]) -> None:
    """The structs of every declaration are the same after XML, the JSON twin, plain JSON and MessagePack."""
    type_ = codec.type
    for file in sorted((corpus / "declarations").glob("*.xml")):
        value = codec.decode_xml(file.read_bytes())
        assert value == codec.decode_xml(codec.encode_xml(value)), file.name
        assert value == codec.decode_json(codec.encode_json(value)), file.name
        assert value == msgspec.json.decode(msgspec.json.encode(value), type=type_), file.name
        assert value == msgspec.msgpack.decode(msgspec.msgpack.encode(value), type=type_), file.name


def test_rejected(corpus: Path, codec: Codec[Any]) -> None:
    """Every document that the UK calls invalid is rejected with a finding in both languages."""
    documents = sorted((corpus / "rejected").glob("*.xml"))
    assert documents
    for file in documents:
        with pytest.raises(Rejected) as caught:
            codec.decode_xml(file.read_bytes())
        assert caught.value.findings, file.name
        assert all(finding.message.en and finding.message.zh for finding in caught.value.findings)


def test_values_are_typed(corpus: Path, codec: Codec[Any]) -> None:
    """What the schema calls a decimal, a code and an attribute are that in the struct, by readable names."""
    file = next((corpus / "declarations").glob("TT_EX001a*.xml"))
    declaration = codec.decode_xml(file.read_bytes()).declaration
    root: Element = etree.parse(str(file)).getroot()
    (mass,) = root.xpath("//*[local-name() = 'TotalGrossMassMeasure']") or [None]
    if mass is not None:
        assert msgspec.to_builtins(declaration.total_gross_mass_measure.value) == mass.text
    assert "9" == declaration.function_code.value
    assert len(root.xpath("//*[local-name() = 'GovernmentAgencyGoodsItem']")) == len(
        declaration.goods_shipment.government_agency_goods_item
    )


@pytest.mark.parametrize(
    ("before", "after", "code", "where"),
    [
        (b"<FunctionCode>9<", b"<FunctionCode>999<", "value-enumeration", "FunctionCode"),
        (b"<FunctionCode>9</FunctionCode>", b"", "element-missing", "FunctionCode"),
        (
            b"<FunctionCode>",
            b"<FunctionCode bogus='1'>",
            "attribute-unexpected",
            "FunctionCode/@bogus",
        ),
    ],
)
def test_mistakes_are_explained(
    corpus: Path, codec: Codec[Any], before: bytes, after: bytes, code: str, where: str
) -> None:
    """A mistake deep in somebody else's schema has its code and pointer as one in ours has."""
    document = next((corpus / "declarations").glob("TT_EX001a*.xml")).read_bytes()
    assert before in document
    with pytest.raises(Rejected) as caught:
        codec.decode_xml(document.replace(before, after))
    assert (code, f"/MetaData/Declaration/{where}") in [
        (finding.code, finding.pointer) for finding in caught.value.findings
    ]


CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
SAMPLES = ("", " ", "0", "9", "-1", "+1.50", "1e3", "GB", " a  b ", "20260131", "x" * 600, "海关", "<&>")
TEXTS = st.sampled_from(SAMPLES) | st.text(CHARACTERS, max_size=5)


@pytest.fixture(scope="module")
def schema(corpus: Path) -> etree.XMLSchema:
    """The UK's declaration as libxml2 sees it."""
    return etree.XMLSchema(etree.parse(str(corpus / SCHEMA)))


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changed_declarations(corpus: Path, codec: Codec[Any], schema: etree.XMLSchema, data: st.DataObject) -> None:
    """A declaration changed at random is taken exactly if libxml2 takes it, and what is taken survives."""
    file = data.draw(st.sampled_from(sorted((corpus / "declarations").glob("*.xml"))))
    tree: Element = etree.fromstring(file.read_bytes(), etree.XMLParser(remove_comments=True))
    for _ in range(data.draw(st.integers(1, 3))):
        element = data.draw(st.sampled_from(list(tree.iter("{*}*"))[1:]))
        match data.draw(st.sampled_from(("text", "attribute", "away"))):
            case "text" if not len(element):
                element.text = data.draw(TEXTS)
            case "attribute":
                names = ("currencyID", "unitCode", "schemeID", "listID", "languageID", "formatCode")
                element.set(data.draw(st.sampled_from(names)), data.draw(TEXTS))
            case _ if element.getparent() is not tree:
                element.getparent().remove(element)
    document = etree.tostring(tree)
    if schema.validate(etree.fromstring(document)):
        value = codec.decode_xml(document)
        assert value == codec.decode_xml(codec.encode_xml(value))
        assert value == msgspec.json.decode(msgspec.json.encode(value), type=codec.type)
        assert value == codec.decode_json(codec.encode_json(value))
    else:
        with pytest.raises(Rejected):
            codec.decode_xml(document)


def test_notifications(corpus: Path, answers: Codec[Any]) -> None:
    """A notification is taken if its schema allows it, and survives; the others are rejected with a finding."""
    schema = etree.XMLSchema(etree.parse(str(answers.schema)))
    taken = 0
    for file in sorted((corpus / "notifications").glob("*.xml")):
        document = file.read_bytes()
        if schema.validate(etree.fromstring(document)):
            assert canonical(document) == canonical(answers.encode_xml(answers.decode_xml(document))), file.name
            taken += 1
        else:
            with pytest.raises(Rejected) as caught:
                answers.decode_xml(document)
            assert caught.value.findings, file.name
    assert taken > 0


@pytest.mark.parametrize(
    "name",
    [
        "customs/wrapper_submit.xsd",
        "customs/wrapper_cancel.xsd",
        "customs/error.xsd",
        "wco/notification/WCO_RES_2_DMS.xsd",
        "wco/fileupload/FileUploadRequest.xsd",
        "wco/fileupload/FileUploadResponse.xsd",
        "wco/fileupload/FileUploadNotification.xsd",
    ],
)
def test_modules_are_readable(corpus: Path, tmp_path: Path, name: str) -> None:
    """Every schema compiles to one module that formatter and linter find nothing to say about."""
    (tmp_path / "module.py").write_text(compile_module(corpus / "schemas" / name), "utf-8")
    for command in (["format", "--check"], ["check", "--select", "E,F,W,UP"]):
        options = ["--isolated", "--line-length", "120", "--target-version", "py311"]
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *options, str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert 0 == done.returncode, done.stdout


def test_documentation_is_kept(module: ModuleType) -> None:
    """The names and explanations of the data model are the docstrings."""
    declaration = "Declaration. Any statement or action, in any form prescribed or accepted by the Governmental Agency"
    assert declaration in " ".join((module.Declaration.__doc__ or "").split())
