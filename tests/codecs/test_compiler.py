"""The compiler: readable modules that say all the XSD says, and a refusal with its line where they could not."""

import ast
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from support.bindings import loaded

from onewindow import codecs, schemas
from onewindow.codecs import compiler
from onewindow.codecs.compiler import UnsupportedConstruct, compile_schema
from onewindow.codecs.naming import field_name, member_name, module_name

HEAD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:t" targetNamespace="urn:t"
           elementFormDefault="qualified">
"""
ROOT = '<xs:element name="Root" type="Root"/>\n'


def schema(folder: Path, body: str) -> Path:
    """An XSD with this body under a common head of two lines."""
    path = folder / "small-thing.xsd"
    path.write_text(f"{HEAD}{body}\n</xs:schema>", "utf-8")
    return path


SMALL = """
<xs:simpleType name="Code"><xs:restriction base="xs:token">
  <xs:enumeration value="1a-b"/>
  <xs:enumeration value="class"/>
</xs:restriction></xs:simpleType>
<xs:simpleType name="Short"><xs:restriction base="xs:token">
  <xs:maxLength value="9"/><xs:pattern value="[a-z]+"/><xs:pattern value="[0-9]+"/>
</xs:restriction></xs:simpleType>
<xs:simpleType name="Shorter"><xs:restriction base="Short">
  <xs:maxLength value="3"/><xs:pattern value="\\w\\w.*"/>
</xs:restriction></xs:simpleType>
<xs:simpleType name="Rate"><xs:restriction base="xs:decimal">
  <xs:minInclusive value="0.5"/><xs:fractionDigits value="3"/>
</xs:restriction></xs:simpleType>
<xs:simpleType name="Count"><xs:restriction base="xs:positiveInteger">
  <xs:maxInclusive value="12"/>
</xs:restriction></xs:simpleType>
<xs:complexType name="Root">
  <xs:annotation>
    <xs:documentation xml:lang="en">The root. Of "it" all \\ here.</xs:documentation>
    <xs:documentation xml:lang="zh">根</xs:documentation>
  </xs:annotation>
  <xs:sequence>
    <xs:element name="FunctionalReferenceID" type="Shorter"/>
    <xs:element name="From" type="Rate" minOccurs="0"/>
    <xs:element name="UNDGID" type="Count" minOccurs="2" maxOccurs="4"/>
    <xs:element name="Amount" type="Amount" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element name="When" type="xs:dateTime"/>
    <xs:element name="Day" type="xs:date" minOccurs="0"/>
    <xs:element name="Inner" type="Root" minOccurs="0"/>
  </xs:sequence>
</xs:complexType>
<xs:complexType name="Amount"><xs:simpleContent><xs:extension base="Rate">
  <xs:attribute name="currencyID" type="Code" use="required"/><xs:attribute name="note" type="xs:string"/>
</xs:extension></xs:simpleContent></xs:complexType>
<xs:complexType name="Empty"/>
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The module of a small schema that has one of everything."""
    folder = tmp_path_factory.mktemp("small")
    ((name, source),) = compile_schema(schema(folder, ROOT + SMALL)).items()
    return loaded(source, folder, name)


def test_fields(small: ModuleType) -> None:
    """A complex type is a frozen struct with a field for each element and attribute, in order, under its own name."""
    fields = msgspec.structs.fields(small.Root)
    names = ["functional_reference_id", "from_", "undgid", "amount", "when", "day", "inner"]
    assert names == [field.name for field in fields]
    elements = ["FunctionalReferenceID", "From", "UNDGID", "Amount", "When", "Day", "Inner"]
    assert elements == [field.encode_name for field in fields]
    assert [True, False, True, False, True, False, False] == [field.required for field in fields]
    assert ["value", "currencyID", "note"] == [field.encode_name for field in msgspec.structs.fields(small.Amount)]
    assert small.Root.__struct_config__.frozen
    assert () == msgspec.structs.fields(small.Empty)


def test_constraints(small: ModuleType) -> None:
    """Lengths, patterns, bounds and digits of a type and of those it restricts are in its JSON Schema or beside it."""
    text = msgspec.json.schema(small.Shorter)
    assert {"type": "string", "maxLength": 3, "pattern": r"^(?=(?:[a-z]+|[0-9]+)$)\w\w.*$"} == text
    assert {"type": "integer", "maximum": 12} == msgspec.json.schema(small.Count)
    rate: Any = msgspec.inspect.type_info(small.Rate)
    assert {"ge": "0.5", "fraction_digits": 3} == rate.extra
    properties = msgspec.json.schema(small.Root)["$defs"]["Root"]["properties"]
    assert (2, 4) == (properties["UNDGID"]["minItems"], properties["UNDGID"]["maxItems"])


def test_members(small: ModuleType) -> None:
    """A code list is an enumeration whose members are the codes."""
    assert [("_1A_B", "1a-b"), ("CLASS", "class")] == [(each.name, each.value) for each in small.Code]


def test_documentation(small: ModuleType) -> None:
    """Documentation in both languages becomes the docstring, whatever characters are in it."""
    assert "The root. Of 'it' all \\ here. 根" == small.Root.__doc__


def record(content: str, attributes: str = "") -> str:
    """The root's type, with content in the XSD's fifth line."""
    return f"<xs:complexType name='Root'{attributes}>\n{content}</xs:complexType>"


def sequence(content: str) -> str:
    """The root's type, a sequence with content in the XSD's sixth line."""
    return record(f"<xs:sequence>\n{content}</xs:sequence>")


def simple(content: str) -> str:
    """A simple type in the XSD's fifth line."""
    return f"<xs:complexType name='Root'/>\n<xs:simpleType name='Simple'>{content}</xs:simpleType>"


LEAF = "<xs:element name='A' type='xs:token'/>"
ANY = "<xs:any namespace='##other' processContents='skip'/>"
REFUSED = {
    "mixed content": (record("<xs:sequence/>", " mixed='true'"), 4),
    "anything": (sequence("<xs:element name='A'/>"), 6),
    "anyType": (sequence("<xs:element name='A' type='xs:anyType'/>"), 6),
    "any attribute": (record("<xs:anyAttribute/>"), 5),
    "two wildcards": (sequence(f"{ANY}{LEAF}\n{ANY}"), 7),
    "wildcard for what an element takes": (sequence(f"{LEAF}\n<xs:any processContents='skip'/>"), 7),
    "abstract without an heir": (
        sequence("\n<xs:element name='A' type='None'/>") + "<xs:complexType name='None' abstract='true'/>",
        7,
    ),
    "nillable with attributes": (
        sequence("\n<xs:element name='A' type='With' nillable='true'/>")
        + "<xs:complexType name='With'><xs:attribute name='a' type='xs:token'/></xs:complexType>",
        7,
    ),
    "qualified name": (sequence("<xs:element name='A' type='xs:QName'/>"), 6),
    "restricted qualified name": (simple("<xs:restriction base='xs:QName'/>"), 5),
}


@pytest.mark.parametrize(("body", "line"), REFUSED.values(), ids=REFUSED)
def test_refused(tmp_path: Path, body: str, line: int) -> None:
    """A construct that structs cannot say is refused by name with its file and line, never passed over."""
    with pytest.raises(UnsupportedConstruct) as caught:
        compile_schema(schema(tmp_path, ROOT + body))
    assert ("small-thing.xsd", line) == (caught.value.file, caught.value.line)
    assert re.search(r"[a-z]{3}", caught.value.construct)


@pytest.mark.parametrize(
    ("element", "field"),
    [
        ("FunctionalReferenceID", "functional_reference_id"),
        ("UNDGID", "undgid"),
        ("currencyID", "currency_id"),
        ("HSCode", "hs_code"),
        ("NetNetWeightMeasure", "net_net_weight_measure"),
        ("Class", "class_"),
    ],
)
def test_field_names(element: str, field: str) -> None:
    """An element's words become a field's, abbreviations kept together."""
    assert field == field_name(element)


def test_other_names() -> None:
    """Codes and files become names that Python can say."""
    assert ["EUR", "_380", "MARKET_SUPERVISION", "_1_4S"] == [
        member_name(code) for code in ("EUR", "380", "market-supervision", "1.4S")
    ]
    assert "market_supervision" == module_name("market-supervision.xsd")


@pytest.fixture(scope="module")
def fresh() -> Mapping[str, str]:
    """What the compiler makes of the project's XSDs."""
    return compiler.fresh_modules(schemas.path("declaration").parent)


def test_modules_fresh(fresh: Mapping[str, str]) -> None:
    """The modules in the repository are what the compiler makes of the XSDs today."""
    folder = Path(codecs.__file__).parent / "messages"
    present = {path.stem: path.read_text("utf-8") for path in folder.glob("*.py") if path.stem != "__init__"}
    assert fresh == present


def test_modules_readable(fresh: Mapping[str, str]) -> None:
    """Every generated module says where it comes from, and its documentation is all there is besides declarations."""
    for source in fresh.values():
        assert re.match(
            r"# Generated from schemas/[a-z-]+\.xsd by onewindow\.codecs\.compiler; do not edit\.\n", source
        )
        kinds = {type(node).__name__ for node in ast.parse(source).body}
        assert kinds <= {"Expr", "Import", "ImportFrom", "Assign", "AnnAssign", "ClassDef"}


def test_formatted(fresh: Mapping[str, str], tmp_path: Path) -> None:
    """Generated modules are as the project's formatter would write them."""
    for name, source in fresh.items():
        (tmp_path / f"{name}.py").write_text(source, "utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", "--check", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


@pytest.fixture
def copied(tmp_path: Path, fresh: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package folder of its own for the compiler to write into."""
    messages = tmp_path / "codecs" / "messages"
    messages.mkdir(parents=True)
    monkeypatch.setattr(compiler, "fresh_modules", lambda _: fresh)
    monkeypatch.setattr(compiler, "__file__", str(tmp_path / "codecs" / "compiler.py"))
    return messages


def test_check_and_write(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` fails and names what is not fresh until the compiler has written it; all else is wrong usage."""
    assert 1 == compiler.main(["--check"])
    assert "declaration.py is not fresh" in capsys.readouterr().err
    assert [] == list(copied.iterdir())
    assert 0 == compiler.main([])
    assert 0 == compiler.main(["--check"])
    (copied / "gone.py").write_text("", "utf-8")
    assert 1 == compiler.main(["--check"])
    assert 0 == compiler.main([])
    assert 0 == compiler.main(["--check"])
    assert 2 == compiler.main(["--help"])
