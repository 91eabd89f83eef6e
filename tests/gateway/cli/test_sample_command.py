"""`onewindow sample`: a valid declaration on standard output."""

import pytest
from support.command_line import Run

from onewindow.codecs import DECLARATION
from onewindow.gateway.intake import read


@pytest.mark.parametrize("kind", ["IM", "EX"])
@pytest.mark.parametrize("form", ["xml", "json"])
def test_valid(run: Run, form: str, kind: str) -> None:
    """What is written is a valid declaration of the type, form and size asked for, and nothing else."""
    ended = run("sample", "--format", form, "--type", kind, "--items", "4")
    declaration = read(ended.out.encode(), f"application/{form}")
    assert (0, "", kind, 4) == (ended.status, ended.err, declaration.type_code, declaration.goods_item_quantity)


def test_two_samples_are_two_cases(run: Run) -> None:
    """Every sample has a reference of its own unless one is given."""
    first, second = (DECLARATION.decode_xml(run("sample").out.encode()) for _ in range(2))
    assert first.functional_reference_id != second.functional_reference_id


def test_reference(run: Run) -> None:
    """The reference can be chosen."""
    declaration = DECLARATION.decode_xml(run("sample", "--reference", "MINE-7").out.encode())
    assert "MINE-7" == declaration.functional_reference_id


def test_reference_that_is_none(run: Run) -> None:
    """A reference that no declaration may have is refused, so that a sample is always valid."""
    ended = run("sample", "--reference", "  ")
    assert (2, "") == (ended.status, ended.out)


@pytest.mark.parametrize("reference", ["", "a\x01b", "[/]", "a" * 141])
def test_reference_that_xml_cannot_carry(run: Run, reference: str) -> None:
    """Whatever is given as a reference and can't be one is refused in words, as wrong usage."""
    ended = run("sample", "--reference", reference)
    assert (2, "") == (ended.status, ended.out)
    assert ended.err.startswith("reference ")
