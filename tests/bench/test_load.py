"""The options of `make load`, and the documents that it sends."""

import pytest

from onewindow.bench.load import BadOption, Load, Options, options
from onewindow.codecs import DECLARATION
from onewindow.gateway.intake import check


def test_options() -> None:
    """Options come from variables in capitals; others and empty ones change nothing."""
    environ = {"SECONDS": "1.5", "WORKERS": "2", "RATE": "300", "ITEMS": "", "HOME": "there"}
    assert Options(seconds=1.5, workers=2, rate=300) == options(environ)
    assert Options() == options({})


@pytest.mark.parametrize("environ", [{"WORKERS": "two"}, {"SECONDS": "0"}, {"RATE": "-1"}, {"CONNECTIONS": "1.5"}])
def test_bad_options(environ: dict[str, str]) -> None:
    """An option that can't be is refused."""
    with pytest.raises(BadOption):
        options(environ)


async def test_documents() -> None:
    """Every document is a valid declaration in order, and no two have the same reference."""
    load = Load(0, Options(items=2))
    found = [DECLARATION.decode_xml(load.document(number)) for number in (0, 1, 12_345_678)]
    assert ["LOAD-00000000", "LOAD-00000001", "LOAD-12345678"] == [each.functional_reference_id for each in found]
    assert [(), (), ()] == [check(each) for each in found]
