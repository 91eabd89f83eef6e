"""docs/errors.md: each document that can't be read is told why, in both languages, and the page shows it."""

import re

import pytest

from onewindow.docs.errors import JSON_ERRORS, PAGE, XML_ERRORS, Provoked, page, said

ERRORS = (*XML_ERRORS, *JSON_ERRORS)


@pytest.mark.parametrize("provoked", ERRORS, ids=[f"{each.media_type[12:]}: {each.what}" for each in ERRORS])
def test_the_reason_is_said(provoked: Provoked) -> None:
    """What is wrong with the document is said in words, in English and in Chinese, without the parsers' jargon."""
    finding = said(provoked)
    assert provoked.says in finding.message.en
    assert re.search("[\u4e00-\u9fff]", finding.message.zh)
    assert not re.search("Expecting|StartTag|Char 0x|EntityRef|delimiter| at\\.", finding.message.en)
    assert finding.message.en.isprintable()
    assert 1 <= (finding.line or 0)


def test_the_page_is_fresh() -> None:
    """The page is what `python -m onewindow.docs.errors` writes."""
    assert page() == PAGE.read_text("utf-8")


def test_a_document_that_is_read_is_no_error() -> None:
    """The control: a document that is not refused can't stand in the table."""
    from onewindow import schemas

    with pytest.raises(ValueError, match="it is read"):
        said(Provoked("a valid one", schemas.sample("import"), ""))
