"""The validator of one XSD, in several threads."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace

import pytest
from lxml import etree

from onewindow import schemas
from onewindow.codecs import validation
from onewindow.codecs.validation import Validator


def test_one_schema_is_compiled_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that need a schema at the same moment compile it one after another: libxml2 does it wrong otherwise."""
    together = Barrier(2)
    met: list[bool] = []

    def compiled(tree: etree._ElementTree) -> etree.XMLSchema:
        try:
            together.wait(0.2)
        except BrokenBarrierError:
            together.reset()
        else:
            met.append(True)
        return etree.XMLSchema(tree)

    monkeypatch.setattr(validation, "etree", SimpleNamespace(XMLSchema=compiled, parse=etree.parse))
    validator = Validator(schemas.path("reply"))
    root = etree.fromstring("<Reply/>")
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda _: validator.is_valid(root), range(2), timeout=60))
    assert ([False, False], []) == (answers, met)
