"""The service guide as a person reads it: the procedure at a glance, then its steps, documents, agencies and law."""

from collections.abc import Callable, Iterator
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from ...codecs.finding import Text as Words
from ..business_calendar import WEEKDAYS
from ..service_guide import GuideAgency, GuideList, ProhibitedGoods, ServiceClass, ServiceGuide, WorkingHours
from .console import table as new_table
from .language import label, said, spoken, text
from .paragraph import show_paragraph
from .terms import both
from .wrapping import wrapped

_UNITS: Final = ((86_400, "d", "天"), (3600, "h", "小时"), (60, "min", "分钟"), (1, "s", "秒"))


def show_list(console: Console, guides: GuideList) -> None:
    """Print the procedures and what the classes mean."""
    table = new_table(expand=False)
    for heading in ("Procedure\n流程", "Class\n类别", "Time limit\n办理时限", "Agencies\n部门"):
        table.add_column(heading)
    for entry in guides.procedures:
        table.add_row(
            Text.assemble((entry.procedure, "term"), *((" ", (entry.name.zh, "quiet")) if spoken()[1] else ())),
            both(entry.class_.name),
            text(_span(entry.time_limit_seconds))
            + ("\n" + label("of working time 工作时间") if entry.in_working_time else ""),
            Text(", ".join(entry.agencies)),
        )
    console.print(table)
    console.print()
    for each in guides.classes:
        console.print(_class(each))
    if guides.test_words:
        console.print(f"\n{label('Test mode 测试模式')}  TEST-AGENCY=WORD;AGENCY=WORD-42", markup=False)
        words = new_table(expand=False)
        words.add_column("Word\n指令", no_wrap=True)
        words.add_column("The agency\n部门", overflow="fold")
        for word in guides.test_words:
            words.add_row(Text(word.form, "term"), both(word.meaning))
        console.print(words)
    console.print(f"{label('One procedure 查看详情')}  onewindow guide import", style="quiet", markup=False)


def show_guide(console: Console, guide: ServiceGuide) -> None:
    """Print the guide to one procedure."""
    console.print(both(guide.name, "term"))
    console.print(Text.assemble(label("Class 类别") + "  ", _class(guide.class_, working=guide.in_working_time)))
    limit = Text.assemble(label("Time limit 办理时限") + "  ", both(_span(guide.time_limit_seconds)))
    if guide.in_working_time:
        limit.append("  " + label("of each agency's working time 按各部门工作时间计"), "quiet")
    console.print(limit)
    for show in SECTIONS:
        show(console, guide)


def _show_steps(console: Console, guide: ServiceGuide) -> None:
    names = {agency.code: agency for agency in guide.agencies}
    tree = Tree(Text(label("Steps 办理流程"), "quiet"), guide_style="quiet")
    for step in guide.steps:
        head = Text.assemble((f"{step.number} ", "quiet"), both(step.name, "term"))
        branch = tree.add(head.append("  " + label("where needed 如需"), "quiet") if step.optional else head)
        branch.add(both(step.words, between="\n"))
        for agency in (names[code] for code in step.agencies if code in names):
            line = Text.assemble(
                (agency.code, "running"), "  ", both(agency.name), "  ", text(_span(agency.time_limit_seconds))
            )
            if agency.working_hours is not None:
                line.append(" " + label("of working time 工作时间"), "quiet")
            if agency.after:
                line.append(f"  {label('after 前置')} {', '.join(agency.after)}", "quiet")
            branch.add(line)
    console.print()
    console.print(tree)


def _show_agencies(console: Console, guide: ServiceGuide) -> None:
    _title(console, label("Agencies 部门"))
    for agency in guide.agencies:
        head = f"{agency.code}  {text(agency.name)}"
        show_paragraph(console, head, agency.purpose.en, agency.purpose.zh)
        for name, words in _facts(agency):
            _show_fact(console, name, words)


def _facts(agency: GuideAgency) -> Iterator[tuple[str, Words]]:
    late = agency.on_overdue_words
    limit, warned = _span(agency.time_limit_seconds), _span(agency.warning_seconds)
    if agency.working_hours is not None:
        limit = Words(f"{limit.en} of its working time", f"工作时间内{limit.zh}")
    yield (
        label("Time 时限"),
        Words(
            f"{limit.en}, with a warning after {warned.en}; then {late.en}.",
            f"{limit.zh}，{warned.zh}预警；逾期{late.zh}。",
        ),
    )
    if agency.working_hours is not None:
        yield label("Hours 工时"), _hours(agency.working_hours)
    if agency.condition is not None:
        yield label("Asked 适用"), agency.condition.words
    yield label("Fee 收费"), agency.fee
    for place, law in enumerate(agency.legal_basis):
        yield "" if place else label("Law 依据"), law


def _hours(working: WorkingHours) -> Words:
    """The hours of each weekday or stretch of them, and the time zone that they are in."""
    en = [f"{days} {', '.join(spans)}" for days, spans in working.hours.items()]
    zh = [
        f"{'至'.join(f'周{_WEEKDAYS.get(day, day)}' for day in days.split('-'))} {'、'.join(spans)}"
        for days, spans in working.hours.items()
    ]
    return Words(f"{'; '.join(en)} ({working.time_zone})", f"{'；'.join(zh)}（{working.time_zone}）")


_WEEKDAYS: Final = dict(zip(WEEKDAYS, "一二三四五六日", strict=True))
_FACT_CELLS: Final = 14
_NUMBER_CELLS: Final = 5
"""Where the words of a fact begin, and those of a numbered line."""


def _show_fact(console: Console, name: str, words: Words, cells: int = _FACT_CELLS) -> None:
    """One fact: its words beside its name, in one line or each language on lines of its own."""
    head = Text.assemble("  ", (name, "quiet"))
    head.append(" " * (cells - head.cell_len))
    room = console.width - cells
    if cell_len(text(words)) <= room:
        console.print(head.append_text(both(words)), soft_wrap=True)
        return
    in_english, in_chinese = spoken()
    lines = [Text(line) for line in wrapped(words.en, room)] if in_english else []
    lines += [Text(line, "quiet" if in_english else "") for line in wrapped(words.zh, room)] if in_chinese else []
    for place, line in enumerate(lines):
        console.print(Text(" " * cells).append_text(line) if place else head.append_text(line), soft_wrap=True)


def _show_documents(console: Console, guide: ServiceGuide) -> None:
    _title(console, label("Documents 材料"))
    deferrable = guide.documents.deferrable
    later = None if deferrable is None else {each.type_code for each in deferrable}
    required = {each.type_code: each.name for each in guide.documents.required}
    needed: dict[str, tuple[Words, list[tuple[str, Words]]]] = {
        code: (name, [("", Words("every declaration", "所有申报单"))]) for code, name in required.items()
    }
    for agency in guide.agencies:
        for document in agency.documents:
            needed.setdefault(document.type_code, (document.name, []))[1].append((agency.code, document.needed))
    table = new_table()
    for heading, ratio in (("Type\n类别", None), ("Document\n材料", 3), ("Needed\n何时提交", 4), ("Later\n容缺", None)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for code, (name, uses) in needed.items():
        lines = Text("\n").join(
            Text.assemble((f"{agency} ", "running") if agency else "", both(words)) for agency, words in uses
        )
        follows = later is None or code in later
        table.add_row(code, both(name), lines, label("yes 可") if follows else label("no 否"))
    console.print(table)


def _show_prohibited(console: Console, guide: ServiceGuide) -> None:
    """The goods in a table, and under it the laws that they are forbidden by, each once."""
    if not guide.prohibited_goods:
        return
    laws = dict.fromkeys(each.legal_basis for each in guide.prohibited_goods)
    numbers = {law: number for number, law in enumerate(laws, start=1)}
    _title(console, label("Prohibited goods, refused at the window 禁止货物"))
    table = new_table()
    table.add_column("Goods and rule\n货物与规则", ratio=3, overflow="fold")
    table.add_column("HS code\n商品编码", ratio=2, overflow="fold")
    table.add_column("Country\n国别", ratio=1, overflow="fold")
    table.add_column("Law\n依据", justify="right")
    for each in guide.prohibited_goods:
        goods = Text.assemble(both(each.goods), "\n", (each.rule, "quiet"))
        table.add_row(goods, ", ".join(each.hs), _countries(each), str(numbers[each.legal_basis]))
    console.print(table)
    for law, number in numbers.items():
        _show_fact(console, str(number), law, _NUMBER_CELLS)


def _countries(each: ProhibitedGoods) -> str:
    """The countries of origin or destination, by their codes."""
    named = [code for code in each.countries if not code.startswith("!")]
    excepted = [code[1:] for code in each.countries if code.startswith("!")]
    return ", ".join([*named, *(f"not {code}" for code in excepted)]) or label("all 全部")


SECTIONS: Final[tuple[Callable[[Console, ServiceGuide], None], ...]] = (
    _show_steps,
    _show_documents,
    _show_agencies,
    _show_prohibited,
)
"""The parts of a guide in the order in which they are shown; each prints its own title."""


def _title(console: Console, title: str) -> None:
    console.print()
    console.print(title, style="quiet", markup=False)


def _class(each: ServiceClass, *, working: bool = False) -> Text:
    name = both(each.name, "good")
    if each.up_to_seconds is None:
        return name.append("  " + label("longer than that 超出前述时限"), "quiet")
    limit = _span(each.up_to_seconds)
    en, zh = (" of working time", "工作时间") if working else ("", "")
    return name.append("  " + said(f"up to {limit.en}{en}", f"{zh}{limit.zh}以内"), "quiet")


def _span(seconds: float) -> Words:
    """A time limit in the largest units that say it: `1 h 30 min`."""
    left = round(seconds)
    parts: list[tuple[int, str, str]] = []
    for size, en, zh in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append((count, en, zh))
    en = " ".join(f"{count} {unit}" for count, unit, _ in parts) or "0 s"
    return Words(en, "".join(f"{count}{unit}" for count, _, unit in parts) or "0秒")
