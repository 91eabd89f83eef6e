"""docs/operating.md has everything that can be set, and nothing that can't."""

import re
from pathlib import Path

from msgspec import Struct
from msgspec.structs import fields

import onewindow
from onewindow.gateway.config import (
    AgencyConfig,
    BusConfig,
    CalendarConfig,
    Config,
    DocumentsConfig,
    GatewayConfig,
    IdentityConfig,
    KeysConfig,
    PaymentConfig,
    ProcedureConfig,
    StoreConfig,
)

PAGE = Path(onewindow.__file__).parent / "docs" / "operating.md"

SECTIONS: dict[str, type[Struct]] = {
    "gateway": GatewayConfig,
    "store": StoreConfig,
    "documents": DocumentsConfig,
    "bus": BusConfig,
    "identity": IdentityConfig,
    "keys": KeysConfig,
    "payment": PaymentConfig,
    "agencies": AgencyConfig,
    "procedures": ProcedureConfig,
    "calendars": CalendarConfig,
}


def documented(page: str) -> dict[str, set[str]]:
    """The keys of each section that a page's table has."""
    found: dict[str, set[str]] = {}
    section = ""
    for line in page.splitlines():
        cell = re.match(r"\| (`.*?) \|", line)
        if cell is None:
            continue
        names = re.findall(r"`([^`]+)`", cell[1])
        for name in names:
            if name.startswith("["):
                section = re.split(r"[].[]", name)[1]
            elif section and "--" not in line:
                found.setdefault(section, set()).add(name)
    return found


def configurable() -> dict[str, set[str]]:
    """The keys of each section that the configuration has."""
    return {name: {field.encode_name for field in fields(section)} for name, section in SECTIONS.items()}


def test_every_section_is_known_here() -> None:
    """The sections looked at are those of the configuration."""
    assert {field.encode_name for field in fields(Config)} == set(SECTIONS)


def test_every_key_is_documented() -> None:
    """Each key stands in the page's table under its section, and no other does."""
    assert configurable() == documented(PAGE.read_text(encoding="utf-8"))


def test_a_key_that_is_left_out_is_missed() -> None:
    """The control: a page without the treasury's line is not complete."""
    page = PAGE.read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if "`treasury`" not in line]
    assert configurable() != documented("\n".join(lines))
