"""The service guide: it says what the configuration that runs does, and nothing else."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from onewindow.agencies.prohibition import Prohibition
from onewindow.agencies.registry import installed
from onewindow.codecs.finding import Text
from onewindow.codecs.messages.codes import DeclarationType, DocumentType
from onewindow.gateway.case import ReleaseRule
from onewindow.gateway.config import PROCEDURES, AgencyConfig, CalendarConfig, Config, ProcedureConfig, ProcedureName
from onewindow.gateway.events import OnOverdue
from onewindow.gateway.plan import Procedure, flaws
from onewindow.gateway.service_guide import (
    CLASSES,
    ServiceGuide,
    WorkingHours,
    guide_list,
    service_class,
    service_guide,
)

CODES = tuple(installed())


def guide(config: Config, name: ProcedureName = "import") -> ServiceGuide:
    """The guide to a procedure with the agencies that are installed."""
    return service_guide(name, config, installed())


def planned(after: Mapping[str, tuple[str, ...]], **limits: timedelta) -> Config:
    """A configuration with this plan for imports and these limits; underscores stand for dashes."""
    return Config(
        agencies={code.replace("_", "-"): AgencyConfig(time_limit=limit) for code, limit in limits.items()},
        procedures={"import": ProcedureConfig(after=after)},
    )


def test_the_defaults() -> None:
    """Without configuration all agencies work side by side, and the longest of their limits is the procedure's."""
    made = guide(Config())
    assert ("immediate", 2400.0) == (made.class_.code, made.time_limit_seconds)
    assert [("Acceptance", ()), ("Concurrent processing", CODES), ("Supplement", ())] == [
        (step.name.en, step.agencies) for step in made.steps[:3]
    ]
    assert ["Supplement", "Joint inspection"] == [step.name.en for step in made.steps if step.optional]
    assert ["Joint inspection", "Bill", "Response", "Release and payment", "Clearance"] == [
        step.name.en for step in made.steps[3:]
    ]
    assert list(range(1, 9)) == [step.number for step in made.steps]
    assert ((), None) == (made.documents.required, made.documents.deferrable)
    assert list(CODES) == [agency.code for agency in made.agencies]
    assert [None] * 4 == [agency.condition for agency in made.agencies]


def test_steps_follow_the_plan() -> None:
    """Agencies that wait for others have steps of their own, after those that they wait for; limits add up."""
    made = guide(planned({"tax": ("customs",), "market-supervision": ("tax", "quality-inspection")}))
    waves = [step.agencies for step in made.steps if step.agencies]
    assert [("customs", "quality-inspection"), ("tax",), ("market-supervision",)] == waves
    assert ["Concurrent processing", "Serial step", "Serial step"] == [
        step.name.en for step in made.steps if step.agencies
    ]
    assert 60.0 * (30 + 20 + 20) == made.time_limit_seconds
    assert "promised" == made.class_.code
    assert [(), ("customs",), ("tax", "quality-inspection"), ()] == [agency.after for agency in made.agencies]


def test_when_goods_may_move() -> None:
    """Whether the bill is paid before goods may move is what the configuration says, for its own procedure only."""
    config = Config(procedures={"import": ProcedureConfig(release=ReleaseRule.AFTER_PAYMENT)})
    steps = {name: guide(config, name).steps[-2].name.en for name in PROCEDURES}
    assert {"import": "Payment and release", "export": "Release and payment"} == steps


def test_one_agency_alone() -> None:
    """Where only one agency begins, nothing is called concurrent."""
    made = guide(Config(procedures={"import": ProcedureConfig(agencies=("tax",))}))
    assert ["Acceptance", "Processing", "Supplement"] == [step.name.en for step in made.steps[:3]]


_after = st.dictionaries(
    st.sampled_from(CODES), st.lists(st.sampled_from(CODES), unique=True, max_size=3).map(tuple), max_size=4
)


@given(_after, st.lists(st.integers(1, 10_000), min_size=4, max_size=4))
def test_any_plan_has_its_longest_chain(after: dict[str, tuple[str, ...]], seconds: list[int]) -> None:
    """The time limit is that of the longest chain, every agency is in one step, and none before one it waits for."""
    if list(flaws(Procedure(CODES, after), CODES)):
        return
    limits = dict(zip(CODES, seconds, strict=True))
    config = Config(
        agencies={code: AgencyConfig(time_limit=timedelta(seconds=limit)) for code, limit in limits.items()},
        procedures={"import": ProcedureConfig(after=after)},
    )

    def until(code: str) -> int:
        return limits[code] + max((until(each) for each in after.get(code, ())), default=0)

    made = guide(config)
    assert float(max(map(until, CODES))) == made.time_limit_seconds
    place = {code: step.number for step in made.steps for code in step.agencies}
    assert set(CODES) == set(place)
    assert all(place[each] < place[code] for code, awaited in after.items() for each in awaited)


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        (timedelta(minutes=1), "immediate"),
        (timedelta(hours=1), "immediate"),
        (timedelta(hours=1, seconds=1), "promised"),
        (timedelta(days=20), "promised"),
        (timedelta(days=20, seconds=1), "complex"),
    ],
)
def test_classes(limit: timedelta, code: str) -> None:
    """A procedure is immediate up to an hour, promised up to twenty days, complex beyond."""
    assert code == service_class(limit).code
    assert ["即办件", "承诺件", "复杂件"] == [each.name.zh for each in CLASSES]


def test_an_agency_as_it_is_configured() -> None:
    """Limit, warning, what follows, and condition are those of the configuration that runs."""
    config = Config(
        agencies={"tax": AgencyConfig(time_limit=timedelta(hours=10), warn_at=0.5, on_overdue=OnOverdue.DEEM_REFUSED)},
        procedures={"import": ProcedureConfig(when={"tax": {"hs": ("22", "!2201"), "origin": ("!CN",)}})},
    )
    tax = next(agency for agency in guide(config).agencies if agency.code == "tax")
    assert (36_000.0, 18_000.0) == (tax.time_limit_seconds, tax.warning_seconds)
    assert (OnOverdue.DEEM_REFUSED, "deemed to have refused") == (tax.on_overdue, tax.on_overdue_words.en)
    assert tax.condition is not None
    assert ("procedures.import.when.tax", "HS code 22, not 2201; origin not CN") == (
        tax.condition.rule,
        tax.condition.words.en,
    )
    of_export = next(agency for agency in guide(config, "export").agencies if agency.code == "tax")
    assert None is of_export.condition


def test_an_agency_with_a_business_calendar() -> None:
    """Where a limit counts in working time, the guide says in which; other agencies have no hours."""
    hours = {"mon-fri": ("09:00-12:00", "13:30-17:00"), "sat": ("09:00-12:00",)}
    config = Config(
        agencies={"tax": AgencyConfig(time_limit=timedelta(hours=13), calendar="china")},
        calendars={"china": CalendarConfig(time_zone="Asia/Shanghai", hours=hours)},
    )
    working = {agency.code: agency.working_hours for agency in guide(config).agencies}
    assert WorkingHours(calendar="china", time_zone="Asia/Shanghai", hours=hours) == working.pop("tax")
    assert {None} == set(working.values())


def test_documents_of_a_procedure() -> None:
    """What every declaration has to have and what may follow later stand there in words, each once."""
    own = ProcedureConfig(
        documents=(DocumentType._380, DocumentType._705, DocumentType._380), deferrable=(DocumentType._861,)
    )
    documents = guide(Config(procedures={"import": own})).documents
    assert [("380", "Commercial invoice", "商业发票"), ("705", "Bill of lading", "提单")] == [
        (each.type_code, each.name.en, each.name.zh) for each in documents.required
    ]
    assert documents.deferrable is not None
    assert ["861"] == [each.type_code for each in documents.deferrable]
    assert () == guide(Config(procedures={"import": ProcedureConfig(deferrable=())})).documents.deferrable


@pytest.mark.parametrize(("name", "there", "not_there"), [("import", "911", "811"), ("export", "811", "911")])
def test_documents_of_the_other_direction_are_left_out(name: ProcedureName, there: str, not_there: str) -> None:
    """An agency's documents that are for imports only are not in the guide to exports, nor the reverse."""
    customs = guide(Config(), name).agencies[0]
    kinds = [document.type_code for document in customs.documents]
    assert (True, False) == (there in kinds, not_there in kinds)


def test_prohibited_goods_of_every_agency() -> None:
    """The prohibitions of all installed agencies are listed for their direction, whoever the procedure asks."""
    words = Text("toys", "玩具")
    toys = Prohibition(
        rule="toys.none", type_code=DeclarationType.IM, hs=("9503",), goods=words, legal_basis=Text("By-law", "细则")
    )
    agencies = installed()
    agencies["toys"] = replace(agencies["tax"], code="toys", prohibitions=(toys,))
    config = Config(procedures={"import": ProcedureConfig(agencies=("tax",))})
    listed = service_guide("import", config, agencies).prohibited_goods
    own = [each.rule for each in agencies["customs"].prohibitions if each.type_code is DeclarationType.IM]
    assert [*own, "toys.none"] == [each.rule for each in listed]
    assert ("toys", ("9503",), ()) == (listed[-1].agency, listed[-1].hs, listed[-1].countries)
    exported = service_guide("export", config, agencies).prohibited_goods
    assert {"customs"} == {each.agency for each in exported}


def test_the_list_has_every_procedure() -> None:
    """Each procedure is listed with its class, and the classes with their limits."""
    listed = guide_list(planned({}, tax=timedelta(days=30)), installed())
    assert [("import", "complex", "/v1/guide/import"), ("export", "complex", "/v1/guide/export")] == [
        (entry.procedure, entry.class_.code, entry.path) for entry in listed.procedures
    ]
    assert [3600, 20 * 86_400, None] == [each.up_to_seconds for each in listed.classes]


def _texts(value: Any) -> Iterator[Mapping[str, str]]:
    """Every text of a document."""
    if isinstance(value, dict) and set(value) == {"en", "zh"}:
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


@pytest.mark.parametrize("name", ["import", "export"])
def test_everything_is_said_in_both_languages(name: ProcedureName) -> None:
    """No text of a guide is missing in English or in Chinese, and the document decodes to what it was."""
    own = ProcedureConfig(documents=tuple(DocumentType), when={"tax": {"hs": ("22",)}})
    made = guide(Config(procedures={name: own}), name)
    document = msgspec.json.encode(made)
    texts = list(_texts(msgspec.json.decode(document)))
    assert len(texts) > 100
    assert [] == [text for text in texts if not (text["en"].isascii() and not text["zh"].isascii())]
    assert made == msgspec.json.decode(document, type=ServiceGuide)
