"""Agencies found by entry point."""

from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from onewindow.agencies import UnusableAgency, installed, registry
from onewindow.codecs.messages.codes import DocumentType

PLUG_IN = """
from msgspec.structs import replace
from onewindow.agencies.customs import AGENCY as CUSTOMS

AGENCY = replace(CUSTOMS, code="port-health")
LAX = replace(AGENCY, prohibitions=(replace(CUSTOMS.prohibitions[0], hs=("507",)),))
NUMBER = 5
"""


@pytest.fixture(autouse=True)
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that offers a fifth agency, and one that can't be imported."""
    (tmp_path / "port_health.py").write_text(PLUG_IN, "utf-8")
    (tmp_path / "port_broken.py").write_text("raise OSError('no such port')\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)


def offer(monkeypatch: pytest.MonkeyPatch, **offered: str) -> None:
    """Make these the entry points that are installed; underscores in names stand for dashes."""
    entries = EntryPoints(EntryPoint(name.replace("_", "-"), value, registry.GROUP) for name, value in offered.items())
    monkeypatch.setattr(registry, "entry_points", lambda group: entries.select(group=group))


def test_four_agencies_in_order() -> None:
    """The window's four agencies are installed, in the order of the contract."""
    assert ["customs", "tax", "market-supervision", "quality-inspection"] == list(installed())[:4]


def test_agencies_are_complete() -> None:
    """Each agency has names and a guide in both languages, a time limit and documents of the code list."""
    for agency in installed().values():
        words = [agency.name, agency.guide.purpose, agency.guide.fee, *agency.guide.legal_basis]
        words += [text for document in agency.guide.documents for text in (document.name, document.needed)]
        assert all(text.en and text.zh for text in words)
        assert agency.time_limit.total_seconds() > 0
        assert {document.type_code for document in agency.guide.documents} <= set(DocumentType)


def test_others_follow_by_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth agency needs no more than its entry point, and comes after the four."""
    offer(
        monkeypatch,
        port_health="port_health:AGENCY",
        tax="onewindow.agencies.tax:AGENCY",
        customs="onewindow.agencies.customs:AGENCY",
    )
    assert ["customs", "tax", "port-health"] == list(installed())


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("port-health", "port_nowhere:AGENCY", "agency.not-loadable"),
        ("port-health", "port_broken:AGENCY", "agency.not-loadable"),
        ("port-health", "port_health:NOTHING", "agency.not-loadable"),
        ("port-health", "port_health:NUMBER", "agency.not-an-agency"),
        ("port-safety", "port_health:AGENCY", "agency.code-differs"),
        ("port-health", "port_health:LAX", "agency.prohibition-unusable"),
    ],
)
def test_broken_plug_in(monkeypatch: pytest.MonkeyPatch, name: str, value: str, code: str) -> None:
    """A plug-in that can't be used is an error with a code, naming the entry point in both languages."""
    offer(monkeypatch, **{name.replace("-", "_"): value})
    with pytest.raises(UnusableAgency) as caught:
        installed()
    found = caught.value.finding
    assert (name, code, f"onewindow.agencies/{name}") == (caught.value.entry_point, found.code, found.pointer)
    assert name in found.message.en
    assert name in found.message.zh


def test_two_packages_with_one_agency(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two packages that offer the same agency are an error: neither silently wins."""
    twice = EntryPoints([EntryPoint("tax", "onewindow.agencies.tax:AGENCY", registry.GROUP)] * 2)
    monkeypatch.setattr(registry, "entry_points", lambda group: twice.select(group=group))
    with pytest.raises(UnusableAgency) as caught:
        installed()
    assert "agency.code-taken" == caught.value.finding.code
