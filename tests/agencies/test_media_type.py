"""What a Content-Type header says, whatever stands in it."""

import pytest

from onewindow.agencies.media_type import PARAMETER_COUNT_MAX, UNKNOWN, MediaType, media_type


@pytest.mark.parametrize(
    ("header", "name", "charset"),
    [
        ("application/xml", "application/xml", None),
        ("Application/XML;charset=UTF-8", "application/xml", "utf-8"),
        (' text/xml ; Charset="utf-8" ; version=1 ', "text/xml", "utf-8"),
        ("application/vnd.agency+xml;;", "application/vnd.agency+xml", None),
        ("application/xml; charset=utf-8; charset=latin-1", "application/xml", "utf-8"),
        (r'application/xml; a="\";charset=latin-1"', "application/xml", None),
    ],
)
def test_read(header: str, name: str, charset: str | None) -> None:
    """A media type is read with its charset, in lower case."""
    assert MediaType(name, charset) == media_type(header)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "xml",
        "application/",
        "application/xml text/xml",
        "application/xml; a*",
        f"application/xml; a={'(' * 3000}",
        "application/xml; charset = utf-8",
        'application/xml; charset="utf-8',
        "application/xml; charset=\udcff",
        "application/xml\u3000",
    ],
)
def test_unreadable(header: str) -> None:
    """A header that breaks the rules says nothing."""
    assert MediaType(UNKNOWN) == media_type(header)


@pytest.mark.parametrize(("parameters", "name"), [(0, "a/b"), (1, UNKNOWN)])
def test_parameters_end(parameters: int, name: str) -> None:
    """A header has as many parameters as the limit, and not one more."""
    assert name == media_type("a/b" + "; c=d" * (PARAMETER_COUNT_MAX + parameters)).name
