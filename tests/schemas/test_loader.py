"""The loader finds every schema and sample, and says what there is when asked for something else."""

import pytest
from lxml import etree

from onewindow import schemas


def test_names_lists_the_code_lists_the_shared_types_and_every_message() -> None:
    """Every schema of the contract is there under its name, and no other."""
    messages = {
        "declaration",
        "customs",
        "tax",
        "market-supervision",
        "quality-inspection",
        "inspection-order",
        "notice",
        "reply",
        "receipt",
        "response",
    }
    assert messages | {"codes", "common", "charges"} == set(schemas.names())


@pytest.mark.parametrize("name", schemas.names())
def test_a_schema_is_a_local_file_and_its_text_is_that_file(name: str) -> None:
    """A path leads to the very bytes that text returns."""
    assert schemas.path(name).read_bytes() == schemas.text(name)


@pytest.mark.parametrize(("kind", "code"), [("import", "IM"), ("export", "EX")])
def test_a_sample_is_a_declaration_of_its_kind(kind: str, code: str) -> None:
    """The import sample declares an import, the export sample an export."""
    root = etree.fromstring(schemas.sample(kind))  # type: ignore[arg-type]
    assert code == root.findtext("{*}TypeCode")


def test_an_unknown_schema_is_refused_with_the_names_there_are() -> None:
    """Asking for a schema that is not there names those that are."""
    with pytest.raises(schemas.UnknownSchema, match=r"'forestry'.*declaration.*tax") as error:
        schemas.path("forestry")
    assert ("forestry", schemas.names()) == (error.value.wanted, error.value.existing)


@pytest.mark.parametrize("name", ["../schemas/tax", "tax.xsd", "", "TAX"])
def test_a_name_is_never_a_way_through_the_file_system(name: str) -> None:
    """Only a listed name is read, whatever file it would lead to."""
    with pytest.raises(schemas.UnknownSchema):
        schemas.text(name)


def test_an_unknown_sample_is_refused_with_the_kinds_there_are() -> None:
    """Asking for a transit sample names the two kinds there are."""
    with pytest.raises(schemas.UnknownSchema) as error:
        schemas.sample("transit")  # type: ignore[arg-type]
    assert ("export", "import") == error.value.existing
