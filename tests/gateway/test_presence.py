"""What a gateway says at its start: that another one works on its store, and that an agency is there unasked."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from onewindow.agencies.agency import AnyAgency
from onewindow.agencies.registry import installed
from onewindow.gateway import window
from onewindow.gateway.config import AgencyConfig, Config, ProcedureConfig, StoreConfig
from onewindow.gateway.unnamed import unnamed
from onewindow.gateway.window import Window

ANOTHER = "another gateway works on this store already"
UNNAMED = "an agency is installed that the configuration does not name"


def config(folder: Path) -> Config:
    """A gateway on the folder's store."""
    return Config(store=StoreConfig(url=f"sqlite:///{folder / 'onewindow.db'}"))


async def said(settings: Config) -> tuple[Window, dict[str, object]]:
    """A window that has opened, and what it said, by its words."""
    with capture_logs() as lines:
        opened = await Window.open(settings)
    return opened, {str(line["event"]): line for line in lines}


async def test_a_second_gateway_on_one_store(tmp_path: Path) -> None:
    """The second gateway on a store is told of the first at its start, and works; the next alone is told nothing."""
    first, nothing = await said(config(tmp_path))
    second, warned = await said(config(tmp_path))
    await second.stop()
    await first.stop()
    third, again = await said(config(tmp_path))
    await third.stop()
    assert [False, True, False] == [ANOTHER in each for each in (nothing, warned, again)]
    line = warned[ANOTHER]
    assert isinstance(line, dict)
    assert "127.0.0.1:8080" in line["other"]


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        (Config(), ("port-health",)),
        (Config(agencies={"tax": AgencyConfig()}), ("port-health",)),
        (Config(agencies={"port-health": AgencyConfig()}), ()),
        (Config(procedures={"import": ProcedureConfig(agencies=("port-health",))}), ()),
        (Config(procedures={"import": ProcedureConfig(when={"port-health": {"hs": ("01-24",)}})}), ()),
        (Config(procedures={"export": ProcedureConfig(after={"port-health": ("customs",)})}), ()),
    ],
)
def test_an_agency_that_nothing_names(settings: Config, left: tuple[str, ...]) -> None:
    """An agency beside the window's four is named where any part of the configuration has its code."""
    assert left == unnamed(settings, (*installed(), "port-health"))


def with_another() -> dict[str, AnyAgency]:
    """The agencies, and one from a package of its own."""
    return {**installed(), "port-health": replace(installed()["tax"], code="port-health")}


async def test_it_is_said_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log of a start names the agency and where it is asked; without such an agency it says nothing."""
    opened, nothing = await said(config(tmp_path))
    await opened.stop()
    monkeypatch.setattr(window, "installed", with_another)
    opened, warned = await said(config(tmp_path))
    await opened.stop()
    assert UNNAMED not in nothing
    line = warned[UNNAMED]
    assert isinstance(line, dict)
    assert ("port-health", ["import", "export"]) == (line["agency"], line["asked_in"])
