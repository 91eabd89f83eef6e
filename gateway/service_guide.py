"""The service guide (办事指南): what a procedure asks of a trader and what it promises.

It is made from the configuration that runs and from what the installed agencies say of themselves, so that it can't
promise what nobody keeps.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from graphlib import TopologicalSorter
from typing import Final

import msgspec

from ..agencies.agency import AnyAgency, GuideDocument
from ..agencies.directives import DirectiveWord, directive_words
from ..codecs.code_lists import code_words
from ..codecs.finding import Text
from ..codecs.messages.codes import DocumentType
from .case import ReleaseRule
from .config import PROCEDURES, Config, ProcedureConfig, ProcedureName, procedure_name
from .events import OnOverdue
from .plan import Procedure
from .time_limits import time_limits


class ServiceClass(msgspec.Struct, frozen=True, kw_only=True):
    """A class of procedures by time limit; `up_to_seconds` is the longest in it, None where there is none longer."""

    code: str
    name: Text
    up_to_seconds: int | None


CLASSES: Final = (
    ServiceClass(code="immediate", name=Text("immediate", "即办件"), up_to_seconds=3600),
    ServiceClass(code="promised", name=Text("promised", "承诺件"), up_to_seconds=20 * 86_400),
    ServiceClass(code="complex", name=Text("complex", "复杂件"), up_to_seconds=None),
)
"""One sitting at the window is immediate; promised ends where the ordinary time of the Administrative Licensing Law
(行政许可法, article 42) does, at 20 days."""

NAMES: Final[Mapping[ProcedureName, Text]] = {
    "import": Text("Import", "进口申报"),
    "export": Text("Export", "出口申报"),
}

OVERDUE: Final = {
    OnOverdue.ESCALATE: Text("put before the supervisor, and still to be answered", "督办，部门仍须答复"),
    OnOverdue.DEEM_APPROVED: Text("deemed to have approved", "视为同意"),
    OnOverdue.DEEM_REFUSED: Text("deemed to have refused", "视为不予同意"),
}
"""What becomes of an agency's part when its time is over."""


class DocumentKind(msgspec.Struct, frozen=True, kw_only=True):
    """A type of document, by its code of the list DocumentType."""

    type_code: str
    name: Text


class AgencyDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A type of document that an agency may ask for, and when it needs it."""

    type_code: str
    name: Text
    needed: Text


class ProcedureDocuments(msgspec.Struct, frozen=True, kw_only=True):
    """What every declaration has to have, and what may follow later (容缺受理): null where every document may."""

    required: tuple[DocumentKind, ...]
    deferrable: tuple[DocumentKind, ...] | None


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """What a goods item has to meet for an agency to be asked; `rule` is the key in the gateway's configuration."""

    rule: str
    words: Text


class WorkingHours(msgspec.Struct, frozen=True, kw_only=True):
    """When an agency works: its calendar's name, time zone, and hours by weekday or stretch of weekdays (`mon-fri`)."""

    calendar: str
    time_zone: str
    hours: Mapping[str, tuple[str, ...]]


class GuideAgency(msgspec.Struct, frozen=True, kw_only=True):
    """An agency in a procedure.

    `after`: whose answers it waits for. `condition`: null where it is asked about every declaration. Times count from
    the moment that the agency is sent its message, in its working time; where `working_hours` is null, all the time.
    """

    code: str
    name: Text
    purpose: Text
    after: tuple[str, ...]
    condition: Condition | None
    time_limit_seconds: float
    warning_seconds: float
    working_hours: WorkingHours | None
    on_overdue: OnOverdue
    on_overdue_words: Text
    fee: Text
    documents: tuple[AgencyDocument, ...]
    legal_basis: tuple[Text, ...]


class GuideStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a procedure; `optional`: taken only where it is needed. `agencies` are those at work in it."""

    number: int
    name: Text
    words: Text
    optional: bool = False
    agencies: tuple[str, ...] = ()


class ProhibitedGoods(msgspec.Struct, frozen=True, kw_only=True):
    """Goods that are refused at the window, in the notation of the rule: `2618-2621`, `!HK`; no country: all."""

    rule: str
    agency: str
    goods: Text
    hs: tuple[str, ...]
    countries: tuple[str, ...]
    legal_basis: Text


class ServiceGuide(msgspec.Struct, frozen=True, kw_only=True):
    """The guide to one procedure.

    `time_limit_seconds` is that of the longest chain of agencies that wait for one another, each by its own working
    time; time in which a case waits for the trader does not count. `in_working_time`: some agency keeps hours.
    """

    procedure: str
    name: Text
    class_: ServiceClass = msgspec.field(name="class")
    time_limit_seconds: float
    documents: ProcedureDocuments
    steps: tuple[GuideStep, ...]
    agencies: tuple[GuideAgency, ...]
    prohibited_goods: tuple[ProhibitedGoods, ...]
    in_working_time: bool = False


class GuideEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A procedure as a line of the list of guides; `path` is where its own is."""

    procedure: str
    name: Text
    class_: ServiceClass = msgspec.field(name="class")
    time_limit_seconds: float
    agencies: tuple[str, ...]
    path: str
    in_working_time: bool = False


class GuideList(msgspec.Struct, frozen=True, kw_only=True):
    """Every procedure, the classes that there are, and in test mode the words of its references."""

    procedures: tuple[GuideEntry, ...]
    classes: tuple[ServiceClass, ...]
    test_words: tuple[DirectiveWord, ...] = ()


def guide_list(config: Config, agencies: Mapping[str, AnyAgency]) -> GuideList:
    """The procedures of a window."""
    guides = (service_guide(name, config, agencies) for name in PROCEDURES)
    return GuideList(
        procedures=tuple(
            GuideEntry(
                procedure=guide.procedure,
                name=guide.name,
                class_=guide.class_,
                time_limit_seconds=guide.time_limit_seconds,
                agencies=tuple(agency.code for agency in guide.agencies),
                path=f"/v1/guide/{guide.procedure}",
                in_working_time=guide.in_working_time,
            )
            for guide in guides
        ),
        classes=CLASSES,
        test_words=directive_words() if config.gateway.test_mode else (),
    )


def service_guide(name: ProcedureName, config: Config, agencies: Mapping[str, AnyAgency]) -> ServiceGuide:
    """The guide to one procedure of a window that has this configuration and these agencies."""
    procedure = config.procedure(name, tuple(agencies))
    named = tuple(_agency(name, code, procedure, config, agencies[code]) for code in procedure.agencies)
    limit = _longest(named)
    return ServiceGuide(
        procedure=name,
        name=NAMES[name],
        class_=service_class(timedelta(seconds=limit)),
        time_limit_seconds=limit,
        documents=_documents(config.procedures.get(name, ProcedureConfig())),
        steps=tuple(_numbered(procedure, config.release(name))),
        agencies=named,
        prohibited_goods=tuple(_prohibited(name, agencies)),
        in_working_time=any(each.working_hours is not None for each in named),
    )


def service_class(time_limit: timedelta) -> ServiceClass:
    """The class of a procedure with this time limit."""
    seconds = time_limit.total_seconds()
    return next(each for each in CLASSES if each.up_to_seconds is None or seconds <= each.up_to_seconds)


def _agency(name: ProcedureName, code: str, procedure: Procedure, config: Config, agency: AnyAgency) -> GuideAgency:
    limit = time_limits(config, {code: agency})[code]
    concern = procedure.when.get(code)
    return GuideAgency(
        code=code,
        name=agency.name,
        purpose=agency.guide.purpose,
        after=procedure.after.get(code, ()),
        condition=None if concern is None else Condition(rule=concern.rule, words=concern.words),
        time_limit_seconds=limit.time_limit.total_seconds(),
        warning_seconds=(limit.time_limit * limit.warn_at).total_seconds(),
        working_hours=_working_hours(config, code),
        on_overdue=limit.on_overdue,
        on_overdue_words=OVERDUE[limit.on_overdue],
        fee=agency.guide.fee,
        documents=tuple(_kept(agency.guide.documents, name)),
        legal_basis=agency.guide.legal_basis,
    )


def _working_hours(config: Config, code: str) -> WorkingHours | None:
    name = config.agency(code).calendar
    if name is None:
        return None
    calendar = config.calendars[name]
    return WorkingHours(calendar=name, time_zone=calendar.time_zone or "", hours=calendar.hours)


def _kept(documents: tuple[GuideDocument, ...], name: ProcedureName) -> Iterator[AgencyDocument]:
    for each in documents:
        if each.only is None or procedure_name(each.only.value) == name:
            yield AgencyDocument(type_code=each.type_code, name=each.name, needed=each.needed)


def _longest(agencies: tuple[GuideAgency, ...]) -> float:
    """Seconds until the last agency has to have answered, where each takes all of its time."""
    by_code = {agency.code: agency for agency in agencies}
    ends: dict[str, float] = {}
    for code in TopologicalSorter({agency.code: agency.after for agency in agencies}).static_order():
        agency = by_code[code]
        ends[code] = agency.time_limit_seconds + max((ends[each] for each in agency.after), default=0.0)
    return max(ends.values())


def _documents(own: ProcedureConfig) -> ProcedureDocuments:
    return ProcedureDocuments(
        required=tuple(_kind(each) for each in dict.fromkeys(own.documents)),
        deferrable=None if own.deferrable is None else tuple(_kind(each) for each in dict.fromkeys(own.deferrable)),
    )


def _kind(document: DocumentType) -> DocumentKind:
    return DocumentKind(type_code=document.value, name=code_words("DocumentType", document))


def _prohibited(name: ProcedureName, agencies: Mapping[str, AnyAgency]) -> Iterator[ProhibitedGoods]:
    for code, agency in agencies.items():
        for each in agency.prohibitions:
            if procedure_name(each.type_code.value) == name:
                yield ProhibitedGoods(
                    rule=each.rule,
                    agency=code,
                    goods=each.goods,
                    hs=each.hs,
                    countries=each.countries,
                    legal_basis=each.legal_basis,
                )


def _numbered(procedure: Procedure, release: ReleaseRule) -> Iterator[GuideStep]:
    for number, step in enumerate((*_steps(procedure), _RELEASE[release], _CLEARANCE), start=1):
        yield msgspec.structs.replace(step, number=number)


def _steps(procedure: Procedure) -> Iterator[GuideStep]:
    """The steps up to the response in their order, not numbered yet."""
    yield _step(
        Text("Acceptance", "受理"),
        Text(
            "Checked against schema, rules and prohibitions; once it is on disk there is a signed receipt.",
            "按模式、规则和禁止货物清单校验，存储后出具签名的受理回执。",
        ),
    )
    first, *later = _waves(procedure)
    yield msgspec.structs.replace(_CONCURRENT if len(first) > 1 else _ALONE, agencies=first)
    for wave in later:
        yield msgspec.structs.replace(_SERIAL, agencies=wave)
    yield from _AFTERWARDS


def _waves(procedure: Procedure) -> Iterator[tuple[str, ...]]:
    """The agencies by when their turn can come: those that wait for nobody, those that wait for them, and so on."""
    sorter = TopologicalSorter({code: procedure.after.get(code, ()) for code in procedure.agencies})
    sorter.prepare()
    while sorter.is_active():
        ready = sorter.get_ready()
        yield tuple(code for code in procedure.agencies if code in ready)
        sorter.done(*ready)


def _step(name: Text, words: Text, *, optional: bool = False) -> GuideStep:
    return GuideStep(number=0, name=name, words=words, optional=optional)


_CONCURRENT: Final = _step(
    Text("Concurrent processing", "并联审批"),
    Text("These agencies are asked at once, each with its own part.", "同时向各部门分发其所需部分，并联办理。"),
)
_ALONE: Final = _step(
    Text("Processing", "审批"),
    Text("This agency is asked first, with its own part.", "首先向该部门分发其所需部分。"),
)
_SERIAL: Final = _step(
    Text("Serial step", "串联审批"),
    Text("Each is asked when those that it comes after have answered.", "前置部门均已答复后，再向该部门分发。"),
)
_AFTERWARDS: Final = (
    _step(
        Text("Supplement", "补正"),
        Text(
            "Where an agency asks for more, the case waits for the trader; that time does not count.",
            "部门要求补正的，待申报人补正，其间不计入办理时限。",
        ),
        optional=True,
    ),
    _step(
        Text("Joint inspection", "联合查验"),
        Text(
            "Agencies that want to see the goods come in one visit, by one order.", "需查验的部门按同一安排联合查验。"
        ),
        optional=True,
    ),
    _step(
        Text("Bill", "统一收费"),
        Text("All duties, taxes and fees stand in one bill.", "全部税费列入同一份缴款单。"),
    ),
    _step(
        Text("Response", "统一出件"),
        Text(
            "One signed response: outcome, every agency's decision, findings, conditions and bill.",
            "出具一份签名的统一出件，载明办理结果、各部门决定、审核意见、附加条件和缴款单。",
        ),
    ),
)
_RELEASE: Final = {
    ReleaseRule.BEFORE_PAYMENT: _step(
        Text("Release and payment", "放行与缴款"),
        Text(
            "Goods that are cleared may move at once; the bill is paid afterwards.",
            "准予放行的货物可即时提离，随后缴款。",
        ),
    ),
    ReleaseRule.AFTER_PAYMENT: _step(
        Text("Payment and release", "缴款与放行"),
        Text("Goods that are cleared may move when the bill is paid.", "准予放行的货物在缴清税费后方可提离。"),
    ),
}
_CLEARANCE: Final = _step(
    Text("Clearance", "结关"),
    Text(
        "All is settled when the bill is paid and every document that was to follow has come.",
        "缴清税费且容缺单证全部补交后结关。",
    ),
)
