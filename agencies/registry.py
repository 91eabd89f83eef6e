"""The agencies that are installed, found by entry point."""

from importlib.metadata import EntryPoint, entry_points

from ..codecs.finding import Finding, Text
from .agency import Agency, AnyAgency
from .prohibition import flaws

GROUP = "onewindow.agencies"

FIRST = ("customs", "tax", "market-supervision", "quality-inspection")


class UnusableAgency(Exception):
    """An installed agency that can't be used.

    entry_point: the entry point's name. finding: what is wrong, its pointer being ``onewindow.agencies/NAME``.
    """

    def __init__(self, entry_point: str, finding: Finding) -> None:
        super().__init__(f"{finding.pointer}: {finding.message.en}")
        self.entry_point = entry_point
        self.finding = finding


def installed() -> dict[str, AnyAgency]:
    """Every agency under the entry-point group, by code: the four of the window first, then the others by code.

    Raises UnusableAgency for an entry point that can't be loaded, is no Agency, has another code than its name,
    has a name that is taken, or prohibitions that can't be applied.
    """
    agencies: dict[str, AnyAgency] = {}
    for entry_point in sorted(entry_points(group=GROUP), key=lambda entry_point: _rank(entry_point.name)):
        agency = load(entry_point)
        if agency.code in agencies:
            raise _unusable(entry_point, "agency.code-taken", "two packages offer it", "有两个软件包提供同一部门")
        agencies[agency.code] = agency
    return agencies


def load(entry_point: EntryPoint) -> AnyAgency:
    """The agency that one entry point offers. Raises UnusableAgency."""
    try:
        offered = entry_point.load()
    except Exception as error:
        cause = f"{type(error).__name__}: {error}"
        raise _unusable(entry_point, "agency.not-loadable", f"it can't be loaded ({cause})", "无法加载") from error
    if not isinstance(offered, Agency):
        words = f"it offers a {type(offered).__name__}, not an Agency"
        raise _unusable(entry_point, "agency.not-an-agency", words, "所提供的对象不是部门")
    if offered.code != entry_point.name:
        words = f"its agency has the code {offered.code!r}, not the entry point's name"
        raise _unusable(entry_point, "agency.code-differs", words, "部门代码与入口点名称不一致")
    for flaw in flaws(offered.prohibitions):
        raise _unusable(entry_point, "agency.prohibition-unusable", flaw.en, flaw.zh)
    return offered


def _rank(code: str) -> tuple[int, str]:
    return (FIRST.index(code) if code in FIRST else len(FIRST), code)


def _unusable(entry_point: EntryPoint, code: str, en: str, zh: str) -> UnusableAgency:
    message = Text(
        en=f"The agency {entry_point.name!r} ({entry_point.value}) is unusable: {en}.",
        zh=f"部门“{entry_point.name}”（{entry_point.value}）不可用：{zh}。",
    )
    return UnusableAgency(entry_point.name, Finding(code=code, pointer=f"{GROUP}/{entry_point.name}", message=message))
