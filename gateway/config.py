"""Configuration: everything about a gateway that can be set, and what each setting may be.

Relative paths are relative to the working directory. `config_loading` reads it.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct

from ..codecs import limits
from ..codecs.finding import Text
from ..codecs.messages.codes import DeclarationType, DocumentType
from .agency_latency import LatencyTable
from .case import ReleaseRule
from .concern import Concern
from .events import OnOverdue
from .payment import REFERENCE
from .plan import Procedure

KEY_FOLDER: Final = "onewindow-keys"
"""The folder of the development keys, beside the store's file."""

DOCUMENT_FOLDER: Final = "onewindow-documents"
"""The folder of documents on file, beside the store's file."""

INFLIGHT_MESSAGES: Final = 64
"""Messages on their way to one agency at one time, where its settings say nothing else."""

BUS_URL: Final = r"^(memory://|(nats|tls)://[^\s/?#@,]+)$"
"""What a bus' address may be: a user's name or password in it would be seen wherever it is logged."""

_SQLITE: Final = "sqlite:///"


def _allowed(en: str, zh: str) -> dict[str, Text]:
    return {"allowed": Text(en, zh)}


_FILE = _allowed("the path of a file", "文件路径")
_TIME = _allowed('a duration such as "45s", "30m", "2h" or "1d"', "时长，如“45s”“30m”“2h”“1d”")

Host = Annotated[
    str, Meta(min_length=1, extra=_allowed("an address of this machine, such as 127.0.0.1", "本机地址，如 127.0.0.1"))
]
Port = Annotated[int, Meta(ge=0, le=65535, extra=_allowed("0 (any free port) to 65535", "0（任意空闲端口）至 65535"))]
Hosts = Annotated[
    tuple[Annotated[str, Meta(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$(?!\n)", max_length=260)], ...],
    Meta(
        extra=_allowed(
            'a list of names in lower case, such as ["gateway.example", "localhost:9000"]',
            "小写主机名列表，如 [“gateway.example”, “localhost:9000”]",
        )
    ),
]
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
DocumentBytes = Annotated[
    int, Meta(ge=1024, le=1024**3, extra=_allowed(f"bytes, 1024 to {1024**3}", f"字节数，1024 至 {1024**3}"))
]
Switch = Annotated[bool, Meta(extra=_allowed("true or false", "true 或 false"))]
Inflight = Annotated[int, Meta(ge=1, le=100_000, extra=_allowed("a whole number, 1 to 100000", "1 至 100000 的整数"))]
StoreUrl = Annotated[str, Meta(pattern=r"^sqlite:///[^?#]+$", extra=_allowed('"sqlite:///FILE"', "“sqlite:///文件”"))]
BusUrl = Annotated[
    str,
    Meta(
        pattern=BUS_URL,
        extra=_allowed(
            '"memory://", or "nats://HOST:PORT" or "tls://HOST:PORT" without a user in it',
            "“memory://”，或不含用户名的“nats://HOST:PORT”“tls://HOST:PORT”",
        ),
    ),
]
Mode = Annotated[Literal["demo"], Meta(extra=_allowed('"demo"', "“demo”"))]
TransportName = Annotated[
    Literal["inprocess", "http", "mailbox", "nats"],
    Meta(extra=_allowed('"inprocess", "http", "mailbox" or "nats"', "“inprocess”“http”“mailbox”或“nats”")),
]
AgencyUrl = Annotated[
    str,
    Meta(
        pattern=r"^https?://[^\s/?#@]+([/?][^\s#]*)?$",
        extra=_allowed("an http or https address, without a user in it", "http 或 https 地址，不含用户名"),
    ),
]
Seconds = Annotated[
    float, Meta(gt=0, le=3600, extra=_allowed('seconds, up to 3600, or such as "45s"', "不超过 3600 的秒数，或如“45s”"))
]
Messages = Annotated[int, Meta(ge=1, le=10_000, extra=_allowed("a whole number, 1 to 10000", "1 至 10000 的整数"))]
CalendarName = Annotated[str | None, Meta(extra=_allowed("the name of a calendar", "工作日历的名称"))]
OptionalFile = Annotated[Path | None, Meta(extra=_FILE)]
OptionalFolder = Annotated[Path | None, Meta(extra=_allowed("the path of a folder", "文件夹路径"))]
TimeLimit = Annotated[timedelta | None, Meta(extra=_TIME)]
Fraction = Annotated[float, Meta(gt=0, lt=1, extra=_allowed("a number between 0 and 1", "0与1之间的数"))]
Policy = Annotated[
    OnOverdue,
    Meta(extra=_allowed('"escalate", "deem-approved" or "deem-refused"', "“escalate”“deem-approved”或“deem-refused”")),
]
Name = Annotated[str, Meta(min_length=1, extra=_allowed("the name of an installed treasury", "已安装的收款系统名称"))]
ByHand = Annotated[
    tuple[Literal["declaration", "inspection-order"], ...],
    Meta(extra=_allowed('a list of "declaration" and "inspection-order"', "“declaration”“inspection-order”的列表")),
]
DelaySeconds = Annotated[
    float,
    Meta(
        ge=0,
        le=86_400,
        extra=_allowed('seconds, 0 to 86400, or a duration such as "45s"', "0 至 86400 秒，或时长如“45s”"),
    ),
]

LatencySetting = Annotated[
    LatencyTable | None,
    Meta(
        extra=_allowed(
            '{ median = "8m", p90 = "25m" } or { file = "figures.csv", column = "minutes", unit = "m" }',
            "{ median = “8m”, p90 = “25m” } 或 { file = “figures.csv”, column = “minutes”, unit = “m” }",
        )
    ),
]
ErrorRate = Annotated[float, Meta(ge=0, lt=1, extra=_allowed("a number from 0 to below 1", "不小于0且小于1的数"))]
Seed = Annotated[int, Meta(ge=0, le=2**31, extra=_allowed("a whole number from 0", "不小于0的整数"))]


class GatewayConfig(Struct, frozen=True, kw_only=True):
    """[gateway]: where the server listens and how much it takes on.

    hosts: names, with a port or for every port, under which a proxy on this machine is reached that passes Host on;
    requests under other names than these and those of the loopback address are refused. max_body: bytes of one
    request's body. max_inflight: cases being worked on at one time, beyond which new ones are put off with 429;
    those that wait for people, or for an agency that is down, do not count. test_mode: references that begin with TEST-
    say what reference agencies are to act out.
    """

    host: Host = "127.0.0.1"
    port: Port = 8080
    workers: Workers = 1
    max_body: BodyBytes = limits.DEFAULT.body_bytes_max
    max_inflight: Inflight = 1_000
    hosts: Hosts = ()
    test_mode: Switch = False


class StoreConfig(Struct, frozen=True, kw_only=True):
    """[store]: where cases are kept.

    head: the file in which the number and digest of the newest entry are noted, so that a store that lost some is not
    taken for a sound one; without it in the folder of the development keys, or beside the store where [keys] are set.
    """

    url: StoreUrl = "sqlite:///onewindow.db"
    head: OptionalFile = None

    @property
    def path(self) -> Path:
        """The database's file."""
        return Path(self.url.removeprefix(_SQLITE))


class DocumentsConfig(Struct, frozen=True, kw_only=True):
    """[documents]: documents on file.

    folder: where their files are kept, without it beside the store's file. max_bytes: of one document.
    required_on_file: a declaration may name no digest of a document that is not on file.
    """

    folder: OptionalFolder = None
    max_bytes: DocumentBytes = 20 * 1024 * 1024
    required_on_file: Switch = False


class BusConfig(Struct, frozen=True, kw_only=True):
    """[bus]: the NATS server with JetStream from which agencies with `nats` take their messages.

    credentials: a NATS credentials file. ca, certificate, private_key: PEM files: the authorities that the server's
    certificate is from, the window's own certificate and key.
    """

    url: BusUrl = "memory://"
    credentials: OptionalFile = None
    ca: OptionalFile = None
    certificate: OptionalFile = None
    private_key: OptionalFile = None

    @property
    def is_nats(self) -> bool:
        """There is a server."""
        return not self.url.startswith("memory:")


class IdentityConfig(Struct, frozen=True, kw_only=True):
    """[identity]: how callers are told apart; in demo mode they are not, so the server binds to loopback only."""

    mode: Mode = "demo"


class KeysConfig(Struct, frozen=True, kw_only=True):
    """[keys]: PEM files of the gateway's certificate (with its chain), its private key, the authorities it trusts."""

    certificate: OptionalFile = None
    private_key: OptionalFile = None
    trust: OptionalFile = None


class PaymentConfig(Struct, frozen=True, kw_only=True):
    """[payment]: who confirms that a bill was paid; `reference` confirms whatever is claimed, for trials."""

    treasury: Name = REFERENCE


class AgencyConfig(Struct, frozen=True, kw_only=True):
    """[agencies.CODE]: how one agency is reached.

    time_limit: instead of the agency's own. warn_at: the part of it at which to warn. on_overdue: what follows when it
    has passed. delay: seconds its reference desk lets an answer wait, for trials. by_hand: what its reference desk only
    takes, for a person to answer.
    ledger: the file in which its reference desk keeps what it took; without one it keeps it in memory.
    latency: how long its reference desk takes, drawn for each message. error_rate: the share of attempts that fails.
    seed: of both draws.
    calendar: the business calendar by whose working time the limit counts; without one the clock runs all the time.
    inflight: messages on their way to it, or leased by it, at one time; 0 stands for 64, and in process for no limit.
    url, ca, certificate, private_key: of `http`, where messages are posted, and PEM files: the authorities that the
    agency's certificate is from, the window's own certificate and key. timeout: seconds for one answer. token_file:
    holds the bearer token that window and agency show each other. lease: of `mailbox` and `nats`, seconds after which a
    message that was fetched and not settled is fetched again.
    """

    transport: TransportName = "inprocess"
    time_limit: TimeLimit = None
    warn_at: Fraction = 0.8
    on_overdue: Policy = OnOverdue.ESCALATE
    delay: DelaySeconds = 0.0
    by_hand: ByHand = ()
    latency: LatencySetting = None
    error_rate: ErrorRate = 0.0
    seed: Seed = 1
    ledger: OptionalFile = None
    calendar: CalendarName = None
    inflight: Messages = 0
    url: AgencyUrl = ""
    token_file: OptionalFile = None
    ca: OptionalFile = None
    certificate: OptionalFile = None
    private_key: OptionalFile = None
    timeout: Seconds = 30.0
    lease: Seconds = 60.0

    def inflight_max(self, most: int) -> int:
        """Messages on their way to it at one time; `most`: cases that may be in hand at one time."""
        return self.inflight or (most if self.transport == "inprocess" else INFLIGHT_MESSAGES)


CALENDAR_NAME: Final = r"[A-Za-z0-9_-]{1,64}"
"""What the NAME in [calendars.NAME] may be, as a regular expression."""

ZoneName = Annotated[
    str | None, Meta(extra=_allowed("the name of a time zone, such as Asia/Shanghai", "时区名，如 Asia/Shanghai"))
]
Hours = Annotated[
    Mapping[str, tuple[str, ...]],
    Meta(
        extra=_allowed(
            'hours by weekday, such as { mon-fri = ["09:00-12:00", "13:30-17:00"] }',
            "各日的工作时段，如 { mon-fri = [“09:00-12:00”, “13:30-17:00”] }",
        )
    ),
]
Spans = Annotated[
    tuple[str, ...] | None,
    Meta(
        extra=_allowed('hours, such as ["09:00-12:00", "13:30-17:00"]', "工作时段，如 [“09:00-12:00”, “13:30-17:00”]")
    ),
]
Dates = Annotated[
    tuple[str, ...],
    Meta(
        extra=_allowed(
            'dates, such as ["2026-05-01", "2026-10-01/2026-10-07"]', "日期，如 [“2026-05-01”, “2026-10-01/2026-10-07”]"
        )
    ),
]


class CalendarConfig(Struct, frozen=True, kw_only=True):
    """[calendars.NAME]: when an agency works.

    time_zone: of its hours and dates. hours: by weekday, `mon` to `sun`, or a stretch of them. holidays: dates without
    work. working_days: dates worked in place of others, a weekend's usually; they have `working_day_hours`, by default
    those of the first weekday, from Monday on, that has any.
    """

    time_zone: ZoneName = None
    hours: Hours = MappingProxyType({})
    holidays: Dates = ()
    working_days: Dates = ()
    working_day_hours: Spans = None


ProcedureName = Literal["import", "export"]

PROCEDURES: Final[tuple[ProcedureName, ...]] = get_args(ProcedureName)

Codes = Annotated[tuple[str, ...] | None, Meta(extra=_allowed("a list of agency codes", "部门代码列表"))]
Release = Annotated[
    ReleaseRule, Meta(extra=_allowed('"before-payment" or "after-payment"', "“before-payment”或“after-payment”"))
]
After = Annotated[
    Mapping[str, tuple[str, ...]],
    Meta(
        extra=_allowed(
            'agencies by the agency that comes after them, such as { tax = ["customs"] }',
            "各部门及其前置部门，如 { tax = [“customs”] }",
        )
    ),
]
When = Annotated[
    Mapping[str, Mapping[str, tuple[str, ...]]],
    Meta(
        extra=_allowed(
            'by agency, lists of hs, regime and origin, such as { tax = { hs = ["01-24"], origin = ["!CN"] } }',
            "各部门的 hs、regime、origin 列表，如 { tax = { hs = [“01-24”], origin = [“!CN”] } }",
        )
    ),
]
_TYPES: Final = ", ".join(DocumentType)
_DOCUMENTS = _allowed(
    f'a list of document types such as ["380"], of these: {_TYPES}', f"单证类别代码列表，如 [“380”]，可选：{_TYPES}"
)
Documents = Annotated[tuple[DocumentType, ...], Meta(extra=_DOCUMENTS)]
OptionalDocuments = Annotated[tuple[DocumentType, ...] | None, Meta(extra=_DOCUMENTS)]


class ProcedureConfig(Struct, frozen=True, kw_only=True):
    """[procedures.import], [procedures.export]: the plan of a procedure, and its documents.

    agencies: those that are asked, without it all that are installed. after: by agency, whose answers it waits for.
    when: by agency, what a declaration has to meet for it to be asked. documents: types that every declaration has to
    have. deferrable: types that may follow later, without it all. release: whether goods that are cleared may move at
    once or when the bill is paid.
    """

    agencies: Codes = None
    after: After = MappingProxyType({})
    when: When = MappingProxyType({})
    documents: Documents = ()
    deferrable: OptionalDocuments = None
    release: Release = ReleaseRule.BEFORE_PAYMENT


_NO_PROCEDURES: Mapping[str, ProcedureConfig] = MappingProxyType({})
_NO_AGENCIES: Mapping[str, AgencyConfig] = MappingProxyType({})
_NO_CALENDARS: Mapping[str, CalendarConfig] = MappingProxyType({})


class Config(Struct, frozen=True, kw_only=True):
    """Everything that can be set. `agencies` has the codes that were configured; `agency(code)` answers for all."""

    gateway: GatewayConfig = GatewayConfig()
    store: StoreConfig = StoreConfig()
    documents: DocumentsConfig = DocumentsConfig()
    bus: BusConfig = BusConfig()
    identity: IdentityConfig = IdentityConfig()
    keys: KeysConfig = KeysConfig()
    payment: PaymentConfig = PaymentConfig()
    agencies: Mapping[str, AgencyConfig] = _NO_AGENCIES
    procedures: Mapping[str, ProcedureConfig] = _NO_PROCEDURES
    calendars: Mapping[str, CalendarConfig] = _NO_CALENDARS

    @property
    def documents_folder(self) -> Path:
        """Where the files of documents on file are kept."""
        return self.documents.folder or self.store.path.parent / DOCUMENT_FOLDER

    @property
    def key_folder(self) -> Path:
        """Where development keys are, and are made where no keys are configured."""
        return self.store.path.parent / KEY_FOLDER

    @property
    def makes_keys(self) -> bool:
        """No keys are configured."""
        return self.keys.certificate is None or self.keys.private_key is None

    @property
    def head_file(self) -> Path:
        """Where the head of the store is noted."""
        beside = self.key_folder if self.makes_keys else self.store.path.parent
        return self.store.head or beside / f"head-of-{self.store.path.name}"

    def agency(self, code: str) -> AgencyConfig:
        """The settings of one agency; the defaults where it has none of its own."""
        return self.agencies.get(code, AgencyConfig())

    def procedure(self, name: ProcedureName, installed: tuple[str, ...]) -> Procedure:
        """The plan of one procedure, of all agencies that are installed where it names none."""
        own = self.procedures.get(name, ProcedureConfig())
        when = {code: Concern(f"procedures.{name}.when.{code}", criteria) for code, criteria in own.when.items()}
        return Procedure(installed if own.agencies is None else own.agencies, own.after, when)

    def release(self, name: ProcedureName) -> ReleaseRule:
        """When goods that this procedure clears may move."""
        return self.procedures.get(name, ProcedureConfig()).release


def procedure_name(type_code: str) -> ProcedureName:
    """The procedure of a declaration's type, IM or EX."""
    return "import" if type_code == DeclarationType.IM.value else "export"


class Mistake(Struct, frozen=True):
    """One thing that is wrong with a configuration.

    code: `config.unreadable`, `config.not-toml`, `config.unknown-key`, `config.bad-value`, `config.not-loopback`,
    `config.plan`, `config.transport`, `config.calendar` or `config.keys-incomplete`. source: the file, variable or
    option it comes from. key: as in `gateway.port`, empty where the file as a whole is meant. message: in words, with
    what is allowed.
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


SECTIONS: Final[Mapping[str, type[Struct]]] = {
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
"""Every section by name."""
