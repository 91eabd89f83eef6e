"""Reading a configuration: a TOML file, then ONEWINDOW_SECTION_KEY variables over it, then command line options.

Whatever is not known or not allowed stops the start: a setting that is silently ignored is one that somebody relies on
in vain.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from re import fullmatch, match, search
from types import MappingProxyType
from typing import Any, Final, get_type_hints

import msgspec
from msgspec import Struct

from ..agencies.duration import parse_duration
from ..agencies.registry import GROUP
from ..codecs.bounded_file import SETTINGS_BYTES_MAX, read_file
from ..codecs.causes import cause
from ..codecs.finding import Text
from .config import (
    CALENDAR_NAME,
    PROCEDURES,
    SECTIONS,
    BadConfig,
    Config,
    Dates,
    DelaySeconds,
    Mistake,
    Seconds,
    TimeLimit,
)
from .config_check import disagreements, unfollowable, untimely

PREFIX: Final = "ONEWINDOW_"

NOT_CONFIGURATION: Final = frozenset(
    {
        "ONEWINDOW_CLOCK_AHEAD",
        "ONEWINDOW_CORPUS",
        "ONEWINDOW_CRASH_POINT",
        "ONEWINDOW_TRUST",
        "ONEWINDOW_URL",
        "ONEWINDOW_WALKER",
    }
)
"""Variables with the prefix that other parts read: a trial's clock, the tests' corpus, a fault test's crash point, the
authorities that `onewindow verify` believes, a client's URL, which form of the codecs' walker runs."""


class _Setting(Struct, frozen=True):
    section: str
    member: str | None
    key: str
    value: object
    source: str

    @property
    def name(self) -> str:
        return ".".join(part for part in (self.section, self.member, self.key) if part)


_Members = Mapping[str, Collection[str] | None]
"""The sections of several tables, each with the names that these may have; None: any that CALENDAR_NAME matches."""


class _Converted(Struct, frozen=True):
    value: object


def load_config(
    path: Path | None, environ: Mapping[str, str], options: Mapping[str, tuple[str, object]] = MappingProxyType({})
) -> Config:
    """The configuration of a file (None: defaults), of the environment, and of command line options.

    options: by key, as in `gateway.port`, the option's name and its value. Raises BadConfig.
    """
    codes = sorted(entry_point.name for entry_point in entry_points(group=GROUP))
    members: _Members = {"agencies": codes, "procedures": PROCEDURES, "calendars": None}
    reading = (*_from_file(path, members), *_from_environment(environ, codes), *_from_options(options))
    mistakes = [each for each in reading if isinstance(each, Mistake)]
    settings = [each for each in reading if isinstance(each, _Setting)]
    values: dict[tuple[str, str | None], dict[str, Any]] = {}
    for setting in settings:
        converted = _convert(setting)
        if isinstance(converted, Mistake):
            mistakes.append(converted)
        else:
            values.setdefault((setting.section, setting.member), {})[setting.key] = converted.value
    sections: dict[str, Any] = {
        name: _members(kind, values, name) if name in members else kind(**values.get((name, None), {}))
        for name, kind in SECTIONS.items()
    }
    config = Config(**sections)
    sources = {setting.name: setting.source for setting in settings}
    source = str(path) if path else "configuration"
    wrong = {mistake.key for mistake in mistakes}
    together = (
        *disagreements(config, sources, source),
        *unfollowable(config, sources, codes, source),
        *untimely(config, sources, source),
    )
    mistakes += [mistake for mistake in together if mistake.key not in wrong]
    if mistakes:
        raise BadConfig(tuple(mistakes))
    return config


def _members(
    kind: type[Struct], values: Mapping[tuple[str, str | None], dict[str, Any]], name: str
) -> dict[str, Struct]:
    return {member: kind(**own) for (section, member), own in values.items() if section == name and member is not None}


def _from_file(path: Path | None, members: _Members) -> Iterator[_Setting | Mistake]:
    if path is None:
        return
    source = str(path)
    content = _read(path)
    if isinstance(content, Mistake):
        yield content
        return
    for section, table in content.items():
        if section not in SECTIONS:
            yield _unknown(source, section, section, SECTIONS, "[{}]")
        elif not isinstance(table, dict):
            yield _no_table(source, section)
        elif section not in members:
            yield from _from_table(source, section, None, table)
        else:
            yield from _from_members(source, section, table, members[section])


def _from_members(
    source: str, section: str, tables: dict[str, Any], known: Collection[str] | None
) -> Iterator[_Setting | Mistake]:
    for member, table in tables.items():
        name = f"{section}.{member}"
        if known is None and not fullmatch(CALENDAR_NAME, member):
            yield _misnamed(source, name)
        elif known is not None and member not in known:
            yield _unknown(source, name, member, known, f"[{section}.{{}}]")
        elif not isinstance(table, dict):
            yield _no_table(source, name)
        elif known is None and not table:
            yield Mistake("config.calendar", source, name, Text(f"[{name}] has no settings", f"[{name}] 中没有设置"))
        else:
            yield from _from_table(source, section, member, table)


def _read(path: Path) -> dict[str, Any] | Mistake:
    try:
        return tomllib.loads(read_file(path, SETTINGS_BYTES_MAX).decode())
    except OSError as error:
        why = cause(error)
        text = Text(f"the file can't be read: {why.en}", f"无法读取文件：{why.zh}")
        return Mistake("config.unreadable", str(path), "", text)
    except UnicodeDecodeError:
        text = Text("this is not TOML: it is not in UTF-8", "不是 TOML：文件未采用 UTF-8 编码")
        return Mistake("config.not-toml", str(path), "", text)
    except tomllib.TOMLDecodeError as error:
        found = search(r"at line (\d+), column (\d+)", str(error))
        place = f"第 {found[1]} 行第 {found[2]} 列" if found else "文件末尾"
        return Mistake(
            "config.not-toml", str(path), "", Text(f"this is not TOML: {error}", f"不是 TOML：{place}不符合语法")
        )


def _no_table(source: str, key: str) -> Mistake:
    text = Text(f"{key} is a table: write [{key}]", f"{key} 应为表：请写作 [{key}]")
    return Mistake("config.bad-value", source, key, text)


def _misnamed(source: str, key: str) -> Mistake:
    text = Text(
        f"{key}: a name has up to 64 letters, digits, dashes and underscores",
        f"{key}：名称由字母、数字、连字符和下划线组成，最长 64 个字符",
    )
    return Mistake("config.bad-value", source, key, text)


def _from_table(source: str, section: str, member: str | None, table: dict[str, Any]) -> Iterator[_Setting | Mistake]:
    keys = SECTIONS[section].__struct_fields__
    for key, value in table.items():
        setting = _Setting(section, member, key, value, source)
        if key not in keys:
            yield _unknown(source, setting.name, key, keys, setting.name.removesuffix(key) + "{}")
        else:
            yield setting


def _from_environment(environ: Mapping[str, str], codes: Collection[str]) -> Iterator[_Setting | Mistake]:
    variables = dict(_variables(codes))
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in NOT_CONFIGURATION:
            continue
        if name not in variables:
            yield _unknown(name, name, name, variables)
            continue
        section, member, key = variables[name]
        yield _Setting(section, member, key, environ[name], name)


def _variables(codes: Collection[str]) -> Iterator[tuple[str, tuple[str, str | None, str]]]:
    """The variables by name; procedures and calendars have none: lists and tables do not fit into one."""
    for section, struct in SECTIONS.items():
        if section in ("procedures", "calendars"):
            continue
        for key in struct.__struct_fields__:
            for agency in codes if section == "agencies" else (None,):
                words = [section, *([agency] if agency else []), key]
                yield PREFIX + "_".join(words).upper().replace("-", "_"), (section, agency, key)


def _from_options(options: Mapping[str, tuple[str, object]]) -> Iterator[_Setting]:
    for name, (option, value) in options.items():
        section, key = name.split(".")
        yield _Setting(section, None, key, value, option)


def _convert(setting: _Setting) -> _Converted | Mistake:
    """The setting's value in its type; a variable's is text and is read as TOML would read it bare."""
    kind = get_type_hints(SECTIONS[setting.section], include_extras=True)[setting.key]
    value = setting.value
    if kind in (TimeLimit, DelaySeconds, Seconds) and isinstance(value, str):
        duration = parse_duration(value)
        if kind is TimeLimit:
            value = duration if duration is not None else object()
        elif duration is not None:
            value = duration.total_seconds()
    if kind is Dates and isinstance(value, list):  # TOML has dates of its own
        value = [each.isoformat() if type(each) is date else each for each in value]
    try:
        strict = not setting.source.startswith(PREFIX)
        return _Converted(msgspec.convert(value, kind, strict=strict, dec_hook=_path))
    except msgspec.ValidationError:
        allowed: Text = kind.__metadata__[0].extra["allowed"]
        text = Text(
            f"{setting.name} = {_shown(setting)} is not allowed; allowed is {allowed.en}",
            f"{setting.name} = {_shown(setting)} 不可用；可用值：{allowed.zh}",
        )
        return Mistake("config.bad-value", setting.source, setting.name, text)


def _path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str) and value:
        return Path(value)
    raise ValueError(f"a path, not {value!r}")


def _shown(setting: _Setting) -> str:
    """The value; of an address that is not taken only the scheme, as somebody may have written a password into it."""
    value = setting.value
    if setting.key == "url":
        scheme = match(r"[A-Za-z][A-Za-z0-9+.-]*://", str(value))
        value = f"{scheme[0] if scheme else ''}…"
    return msgspec.json.encode(value, enc_hook=str).decode()


def _unknown(source: str, key: str, given: str, known: Collection[str], shown: str = "{}") -> Mistake:
    """A key, section or variable that does not exist: the nearest known one, or all where none is near.

    shown: how a name is written to the user, `[{}]` for a section.
    """
    near = get_close_matches(given, known, n=1)
    wrong = shown.format(given)
    if near:
        right = shown.format(near[0])
        text = Text(f"there is no {wrong}; did you mean {right}?", f"没有 {wrong}；是否为 {right}？")
    else:
        names = [shown.format(name) for name in known]
        text = Text(f"there is no {wrong}; allowed: {', '.join(names)}", f"没有 {wrong}；可用：{'、'.join(names)}")
    return Mistake("config.unknown-key", source, key, text)
