"""Both engines that read the XSDs, and documents to change."""

from collections.abc import Callable
from functools import cache

import pytest
import xmlschema
from lxml import etree

from onewindow import schemas


class Engines:
    """One schema, read by libxml2 and by xmlschema; they must always say the same."""

    def __init__(self, name: str) -> None:
        file = str(schemas.path(name))
        self.libxml2 = etree.XMLSchema(etree.parse(file))
        self.xmlschema = xmlschema.XMLSchema10(file)

    def accept(self, document: etree._Element) -> bool:
        """Whether `document` is valid; fails where the engines disagree."""
        fast, thorough = self.libxml2.validate(document), self.xmlschema.is_valid(document)
        assert fast == thorough, f"the engines disagree: {self.libxml2.error_log}"
        return fast


@pytest.fixture(scope="session")
def engines() -> Callable[[str], Engines]:
    return cache(Engines)


@pytest.fixture
def declaration() -> etree._Element:
    """The import sample, parsed afresh."""
    return etree.fromstring(schemas.sample("import"))
