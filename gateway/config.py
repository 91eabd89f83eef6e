"""Configuration: a TOML file, then ONEWINDOW_SECTION_KEY variables over it, then what the command line says.

Relative paths are relative to the working directory. Whatever is not known or not allowed stops the start: a setting
that is silently ignored is one that somebody relies on in vain.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches
from importlib.metadata import entry_points
from ipaddress import ip_address
from pathlib import Path
from re import fullmatch, search
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, TypeVar, get_args, get_type_hints

import msgspec
from msgspec import Meta, Struct

from ..agencies.registry import GROUP
from ..codecs import limits
from ..codecs.finding import Text
from .causes import cause
from .events import OnOverdue
from .plan import Procedure, flaws

PREFIX: Final = "ONEWINDOW_"

NOT_CONFIGURATION: Final = frozenset(
    {"ONEWINDOW_CORPUS", "ONEWINDOW_CRASH_POINT", "ONEWINDOW_TRUST", "ONEWINDOW_URL", "ONEWINDOW_WALKER"}
)
"""Variables with the prefix that other parts read: the tests' corpus, a fault test's crash point, the authorities that
`onewindow verify` believes, a client's URL, which form of the codecs' walker runs."""

KEY_FOLDER: Final = "onewindow-keys"
"""The folder of the development keys, beside the store's file."""

_SQLITE: Final = "sqlite:///"


def _allowed(en: str, zh: str) -> dict[str, Text]:
    return {"allowed": Text(en, zh)}


_FILE = _allowed("the path of a file", "文件路径")
_TIME = _allowed('a duration such as "45s", "30m", "2h" or "1d"', "时长，如“45s”“30m”“2h”“1d”")

Host = Annotated[
    str, Meta(min_length=1, extra=_allowed("an address of this machine, such as 127.0.0.1", "本机地址，如 127.0.0.1"))
]
Port = Annotated[int, Meta(ge=0, le=65535, extra=_allowed("0 (any free port) to 65535", "0（任意空闲端口）至 65535"))]
Workers = Annotated[
    int, Meta(ge=1, le=1, extra=_allowed("1: this release serves with one process", "1，本版本仅以单进程运行"))
]
BodyBytes = Annotated[
    int,
    Meta(
        ge=1024,
        le=limits.DEFAULT.body_bytes_max,
        extra=_allowed(
            f"bytes, 1024 to {limits.DEFAULT.body_bytes_max}", f"字节数，1024 至 {limits.DEFAULT.body_bytes_max}"
        ),
    ),
]
Inflight = Annotated[int, Meta(ge=1, le=100_000, extra=_allowed("a whole number, 1 to 100000", "1 至 100000 的整数"))]
StoreUrl = Annotated[str, Meta(pattern=r"^sqlite:///[^?#]+$", extra=_allowed('"sqlite:///FILE"', "“sqlite:///文件”"))]
BusUrl = Annotated[Literal["memory://"], Meta(extra=_allowed('"memory://"', "“memory://”"))]
Mode = Annotated[Literal["demo"], Meta(extra=_allowed('"demo"', "“demo”"))]
TransportName = Annotated[Literal["inprocess"], Meta(extra=_allowed('"inprocess"', "“inprocess”"))]
OptionalFile = Annotated[Path | None, Meta(extra=_FILE)]
TimeLimit = Annotated[timedelta | None, Meta(extra=_TIME)]
Fraction = Annotated[float, Meta(gt=0, lt=1, extra=_allowed("a number between 0 and 1", "0与1之间的数"))]
Policy = Annotated[
    OnOverdue,
    Meta(extra=_allowed('"escalate", "deem-approved" or "deem-refused"', "“escalate”“deem-approved”或“deem-refused”")),
]
DelaySeconds = Annotated[
    float,
    Meta(
        ge=0,
        le=86_400,
        extra=_allowed('seconds, 0 to 86400, or a duration such as "45s"', "0 至 86400 秒，或时长如“45s”"),
    ),
]


class GatewayConfig(Struct, frozen=True, kw_only=True):
    """[gateway]: where the server listens and how much it takes on.

    max_body: bytes of one request's body. max_inflight: declarations taken and not decided yet, beyond which new ones
    are put off with 429.
    """

    host: Host = "127.0.0.1"
    port: Port = 8080
    workers: Workers = 1
    max_body: BodyBytes = limits.DEFAULT.body_bytes_max
    max_inflight: Inflight = 1_000


class StoreConfig(Struct, frozen=True, kw_only=True):
    """[store]: where cases are kept."""

    url: StoreUrl = "sqlite:///onewindow.db"

    @property
    def path(self) -> Path:
        """The database's file."""
        return Path(self.url.removeprefix(_SQLITE))


class BusConfig(Struct, frozen=True, kw_only=True):
    """[bus]: what carries work between nodes."""

    url: BusUrl = "memory://"


class IdentityConfig(Struct, frozen=True, kw_only=True):
    """[identity]: how callers are told apart; in demo mode they are not, so the server binds to loopback only."""

    mode: Mode = "demo"


class KeysConfig(Struct, frozen=True, kw_only=True):
    """[keys]: PEM files of the gateway's certificate (with its chain), its private key, the authorities it trusts."""

    certificate: OptionalFile = None
    private_key: OptionalFile = None
    trust: OptionalFile = None


class AgencyConfig(Struct, frozen=True, kw_only=True):
    """[agencies.CODE]: how one agency is reached.

    time_limit: instead of the agency's own. warn_at: the part of it at which to warn. on_overdue: what follows when it
    has passed. delay: seconds its reference desk lets an answer wait, for trials.
    ledger: the file in which its reference desk keeps what it took; without one it keeps it in memory.
    """

    transport: TransportName = "inprocess"
    time_limit: TimeLimit = None
    warn_at: Fraction = 0.8
    on_overdue: Policy = OnOverdue.ESCALATE
    delay: DelaySeconds = 0.0
    ledger: OptionalFile = None


S = TypeVar("S", bound=Struct)

ProcedureName = Literal["import", "export"]

Codes = Annotated[tuple[str, ...] | None, Meta(extra=_allowed("a list of agency codes", "部门代码列表"))]
After = Annotated[
    Mapping[str, tuple[str, ...]],
    Meta(
        extra=_allowed(
            'agencies by the agency that comes after them, such as { tax = ["customs"] }',
            "各部门及其前置部门，如 { tax = [“customs”] }",
        )
    ),
]


class ProcedureConfig(Struct, frozen=True, kw_only=True):
    """[procedures.import], [procedures.export]: the plan of a procedure.

    agencies: those that are asked, without it all that are installed. after: by agency, whose answers it waits for.
    """

    agencies: Codes = None
    after: After = MappingProxyType({})


_NO_PROCEDURES: Mapping[str, ProcedureConfig] = MappingProxyType({})
_NO_AGENCIES: Mapping[str, AgencyConfig] = MappingProxyType({})


class Config(Struct, frozen=True, kw_only=True):
    """Everything that can be set. `agencies` has the codes that were configured; `agency(code)` answers for all."""

    gateway: GatewayConfig = GatewayConfig()
    store: StoreConfig = StoreConfig()
    bus: BusConfig = BusConfig()
    identity: IdentityConfig = IdentityConfig()
    keys: KeysConfig = KeysConfig()
    agencies: Mapping[str, AgencyConfig] = _NO_AGENCIES
    procedures: Mapping[str, ProcedureConfig] = _NO_PROCEDURES

    def agency(self, code: str) -> AgencyConfig:
        """The settings of one agency; the defaults where it has none of its own."""
        return self.agencies.get(code, AgencyConfig())

    def procedure(self, name: ProcedureName, installed: tuple[str, ...]) -> Procedure:
        """The plan of one procedure, of all agencies that are installed where it names none."""
        own = self.procedures.get(name, ProcedureConfig())
        return Procedure(installed if own.agencies is None else own.agencies, own.after)


class Mistake(Struct, frozen=True):
    """One thing that is wrong with a configuration.

    code: `config.unreadable`, `config.not-toml`, `config.unknown-key`, `config.bad-value`, `config.not-loopback`,
    `config.plan` or `config.keys-incomplete`. source: the file, variable or option it comes from. key: as in
    `gateway.port`, empty where the file as a whole is meant. message: in words, with what is allowed.
    """

    code: str
    source: str
    key: str
    message: Text


class BadConfig(Exception):
    """A configuration that is not taken: everything that is wrong with it, at least one mistake."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("; ".join(f"{mistake.source}: {mistake.message.en}" for mistake in mistakes))
        self.mistakes = mistakes


class _Setting(Struct, frozen=True):
    section: str
    member: str | None
    key: str
    value: object
    source: str

    @property
    def name(self) -> str:
        return ".".join(part for part in (self.section, self.member, self.key) if part)


class _Converted(Struct, frozen=True):
    value: object


_SECTIONS: Final[Mapping[str, type[Struct]]] = {
    "gateway": GatewayConfig,
    "store": StoreConfig,
    "bus": BusConfig,
    "identity": IdentityConfig,
    "keys": KeysConfig,
    "agencies": AgencyConfig,
    "procedures": ProcedureConfig,
}

_PROCEDURES: Final[tuple[ProcedureName, ...]] = get_args(ProcedureName)


def load_config(
    path: Path | None, environ: Mapping[str, str], options: Mapping[str, tuple[str, object]] = MappingProxyType({})
) -> Config:
    """The configuration of a file (None: defaults), of the environment, and of command line options.

    options: by key, as in `gateway.port`, the option's name and its value. Raises BadConfig.
    """
    codes = sorted(entry_point.name for entry_point in entry_points(group=GROUP))
    members = {"agencies": codes, "procedures": _PROCEDURES}
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
    config = Config(
        gateway=_section(GatewayConfig, values, "gateway"),
        store=_section(StoreConfig, values, "store"),
        bus=_section(BusConfig, values, "bus"),
        identity=_section(IdentityConfig, values, "identity"),
        keys=_section(KeysConfig, values, "keys"),
        agencies=_members(AgencyConfig, values, "agencies"),
        procedures=_members(ProcedureConfig, values, "procedures"),
    )
    sources = {setting.name: setting.source for setting in settings}
    source = str(path) if path else "configuration"
    wrong = {mistake.key for mistake in mistakes}
    checked = (*_check(config, sources, source), *_check_plans(config, sources, codes, source))
    mistakes += [mistake for mistake in checked if mistake.key not in wrong]
    if mistakes:
        raise BadConfig(tuple(mistakes))
    return config


def _section(kind: type[S], values: Mapping[tuple[str, str | None], dict[str, Any]], name: str) -> S:
    return kind(**values.get((name, None), {}))


def _members(kind: type[S], values: Mapping[tuple[str, str | None], dict[str, Any]], name: str) -> dict[str, S]:
    return {member: kind(**own) for (section, member), own in values.items() if section == name and member is not None}


def _from_file(path: Path | None, members: Mapping[str, Collection[str]]) -> Iterator[_Setting | Mistake]:
    if path is None:
        return
    source = str(path)
    content = _read(path)
    if isinstance(content, Mistake):
        yield content
        return
    for section, table in content.items():
        if section not in _SECTIONS:
            yield _unknown(source, section, section, _SECTIONS, "[{}]")
        elif not isinstance(table, dict):
            yield _no_table(source, section)
        elif section not in members:
            yield from _from_table(source, section, None, table)
        else:
            yield from _from_members(source, section, table, members[section])


def _from_members(
    source: str, section: str, tables: dict[str, Any], known: Collection[str]
) -> Iterator[_Setting | Mistake]:
    for member, table in tables.items():
        name = f"{section}.{member}"
        if member not in known:
            yield _unknown(source, name, member, known, f"[{section}.{{}}]")
        elif not isinstance(table, dict):
            yield _no_table(source, name)
        else:
            yield from _from_table(source, section, member, table)


def _read(path: Path) -> dict[str, Any] | Mistake:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
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


def _from_table(source: str, section: str, member: str | None, table: dict[str, Any]) -> Iterator[_Setting | Mistake]:
    keys = _SECTIONS[section].__struct_fields__
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
    """The variables by name; procedures have none: lists and tables do not fit into one."""
    for section, struct in _SECTIONS.items():
        if section == "procedures":
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
    kind = get_type_hints(_SECTIONS[setting.section], include_extras=True)[setting.key]
    value = setting.value
    if kind in (TimeLimit, DelaySeconds) and isinstance(value, str):
        duration = parse_duration(value)
        if kind is TimeLimit:
            value = duration if duration is not None else object()
        elif duration is not None:
            value = duration.total_seconds()
    try:
        strict = not setting.source.startswith(PREFIX)
        return _Converted(msgspec.convert(value, kind, strict=strict, dec_hook=_path))
    except msgspec.ValidationError:
        allowed: Text = kind.__metadata__[0].extra["allowed"]
        text = Text(
            f"{setting.name} = {_shown(setting.value)} is not allowed; allowed is {allowed.en}",
            f"{setting.name} = {_shown(setting.value)} 不可用；可用值：{allowed.zh}",
        )
        return Mistake("config.bad-value", setting.source, setting.name, text)


def _path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str) and value:
        return Path(value)
    raise ValueError(f"a path, not {value!r}")


def _shown(value: object) -> str:
    return msgspec.json.encode(value, enc_hook=str).decode()


_UNITS: Final = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}


def parse_duration(text: str) -> timedelta | None:
    """The duration of a number and its unit (ms, s, m, h or d), as in `30m` or `1.5h`; None where it is not one."""
    match = fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(ms|s|m|h|d)", text)
    if match is None:
        return None
    duration = float(match[1]) * _UNITS[match[2]]
    return timedelta(seconds=duration) if 0 < duration <= 366 * 86_400 else None


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


def _check(config: Config, sources: Mapping[str, str], default: str) -> Iterator[Mistake]:
    """What is wrong with the settings taken together."""
    host = config.gateway.host
    if config.identity.mode == "demo" and not is_loopback(host):
        text = Text(
            f'gateway.host = "{host}" is not a loopback address; with identity.mode = "demo", where callers are not '
            "told apart, allowed is a loopback address such as 127.0.0.1 or ::1",
            f"gateway.host = “{host}” 不是回环地址；identity.mode = “demo” 不区分调用者，"
            "只可绑定回环地址，如 127.0.0.1 或 ::1",
        )
        yield Mistake("config.not-loopback", sources.get("gateway.host", default), "gateway.host", text)
    keys = {name: getattr(config.keys, name) for name in KeysConfig.__struct_fields__}
    given = [name for name, file in keys.items() if file is not None]
    if given in ([], ["trust"]):  # trust alone is what fsck needs elsewhere
        return
    source = sources.get(f"keys.{given[0]}", default)
    for name, file in keys.items():
        if file is None:
            text = Text(
                f"keys.{name} is not set, and keys.{given[0]} is; a gateway with keys of its own "
                "needs certificate, private_key and trust",
                f"已设置 keys.{given[0]}，未设置 keys.{name}；自有密钥须同时设置 certificate、private_key 和 trust",
            )
            yield Mistake("config.keys-incomplete", source, f"keys.{name}", text)


def _check_plans(config: Config, sources: Mapping[str, str], codes: Collection[str], default: str) -> Iterator[Mistake]:
    """What keeps the configured procedures from being followed."""
    for name in _PROCEDURES:
        if name not in config.procedures:
            continue
        for flaw in flaws(config.procedure(name, tuple(codes)), codes):
            key = f"procedures.{name}.{flaw.key}"
            words = Text(f"{key}: {flaw.words.en}", f"{key}：{flaw.words.zh}")
            yield Mistake("config.plan", sources.get(key, default), key, words)


def is_loopback(host: str) -> bool:
    """True for `localhost` and for an address that only this machine can reach."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
