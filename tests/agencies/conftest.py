"""What the tests of this floor start from: the two sample declarations, which every agency approves."""

import pytest

from onewindow import schemas
from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.declaration import Declaration


@pytest.fixture(scope="session")
def imported() -> Declaration:
    """The sample import: wine, coffee machines and a filling machine from Italy, FOB Genova."""
    return DECLARATION.decode_xml(schemas.sample("import"))


@pytest.fixture(scope="session")
def exported() -> Declaration:
    """The sample export: tea, batteries and desks to Germany, FOB Ningbo."""
    return DECLARATION.decode_xml(schemas.sample("export"))
