"""`onewindow bindings`: typed structs from anybody's XSD."""

import importlib.util
from pathlib import Path

import pytest
from support.command_line import Run

XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
<xs:element name="Note"><xs:complexType{mixed}><xs:sequence><xs:element name="Line" type="xs:string"/></xs:sequence>
</xs:complexType></xs:element></xs:schema>"""


def written(folder: Path, text: str) -> Path:
    """A schema with this text."""
    file = folder / "note.xsd"
    file.write_text(text, "utf-8")
    return file


def test_module_is_written(run: Run, tmp_path: Path) -> None:
    """The module that is written can be imported and holds the schema's types."""
    module = tmp_path / "note.py"
    ended = run("bindings", written(tmp_path, XSD.format(mixed="")), "-o", module)
    assert 0 == ended.status
    spec = importlib.util.spec_from_file_location("note", module)
    assert spec is not None
    assert spec.loader is not None
    note = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(note)
    assert "Dear" == note.Note(line="Dear").line
    assert (str(module), 1) == tuple(
        run("bindings", tmp_path / "note.xsd", "-o", module, "--json").json[name] for name in ("file", "structs")
    )


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (XSD.format(mixed=' mixed="true"'), "unsupported-construct", "note.xsd:2"),
        ("<xs:schema", "not-a-schema", "is no schema"),
        (XSD.format(mixed="").replace("xs:string", "xs:strung"), "not-a-schema", "strung"),
    ],
)
def test_refused(run: Run, tmp_path: Path, text: str, code: str, words: str) -> None:
    """What structs can't say is the answer no with its line, as is a schema that is none; nothing is written."""
    module = tmp_path / "note.py"
    ended = run("bindings", written(tmp_path, text), "-o", module, "--json")
    assert (1, f"urn:onewindow:problem:{code}") == (ended.status, ended.json["type"])
    assert words in ended.json["detail"]
    assert not module.exists()


def test_wrong_usage(run: Run, tmp_path: Path) -> None:
    """A schema that is not there and a missing -o are wrong usage."""
    assert 2 == run("bindings", tmp_path / "none.xsd", "-o", tmp_path / "m.py").status
    assert 2 == run("bindings", written(tmp_path, XSD.format(mixed=""))).status
