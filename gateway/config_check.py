"""What is wrong with settings that are each allowed, taken together."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from ipaddress import ip_address
from urllib.parse import urlsplit

from ..codecs.finding import Text
from . import payment
from .agency_latency import flaws as flaws_of_latencies
from .business_calendar import read_calendar
from .config import PROCEDURES, AgencyConfig, BusConfig, Config, KeysConfig, Mistake
from .plan import flaws
from .working_time import Calendar


def disagreements(config: Config, sources: Mapping[str, str], default: str) -> Iterator[Mistake]:
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
    if config.payment.treasury not in (treasuries := payment.installed()):
        wrong = f"payment.treasury = {config.payment.treasury!r}"
        text = Text(
            f"{wrong} is not installed; allowed: {', '.join(treasuries)}",
            f"{wrong} 未安装；可用：{'、'.join(treasuries)}",
        )
        yield Mistake("config.bad-value", sources.get("payment.treasury", default), "payment.treasury", text)
    for code, words in flaws_of_latencies({code: own.latency for code, own in config.agencies.items()}):
        key = f"agencies.{code}.latency"
        text = Text(f"{key}: {words.en}", f"{key}：{words.zh}")
        yield Mistake("config.bad-value", sources.get(key, default), key, text)
    for key, text in flaws_of_bus(config.bus):
        yield Mistake("config.transport", sources.get(key, sources.get("bus.url", default)), key, text)
    for code in config.agencies:
        yield from _unreachable(code, config, sources, default)
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


def _unreachable(code: str, config: Config, sources: Mapping[str, str], default: str) -> Iterator[Mistake]:
    """What keeps an agency from being reached as its settings say."""
    own = config.agencies[code]
    if own.transport == "nats" and not config.bus.is_nats:
        key = f"agencies.{code}.transport"
        text = Text(
            f'{key} = "nats" needs a bus, and bus.url is not set; set [bus] url = "nats://HOST:PORT"',
            f"{key} = “nats” 须有总线，但未设置 bus.url；请设置 [bus] url = “nats://HOST:PORT”",
        )
        yield Mistake("config.transport", sources.get(key, default), key, text)
    for key, text in _wrong(f"agencies.{code}", own):
        yield Mistake(
            "config.transport", sources.get(key, sources.get(f"agencies.{code}.transport", default)), key, text
        )


def _wrong(section: str, own: AgencyConfig) -> Iterator[tuple[str, Text]]:
    if own.transport == "http":
        if not own.url:
            yield (
                f"{section}.url",
                Text(
                    f'{section}.url is not set; transport = "http" needs the address that messages are posted to',
                    f"未设置 {section}.url；transport = “http” 须指定接收报文的地址",
                ),
            )
        elif (host := _host(own.url)) is None:
            yield (
                f"{section}.url",
                Text(f"{section}.url names no host, or no port that can be", f"{section}.url 未指明主机，或端口无效"),
            )
        elif own.url.startswith("http:") and not is_loopback(host):
            yield f"{section}.url", _unencrypted(f"{section}.url", "http", host, "https")
    yield from _half(section, own)


def _host(url: str) -> str | None:
    """The host that an address names; None where it names none, or a port that can't be."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname


def _unencrypted(key: str, scheme: str, host: str, allowed: str) -> Text:
    """Without what else is in the address, which may be a secret."""
    return Text(
        f'{key} = "{scheme}://{host}…" leaves this machine without encryption; allowed is {allowed}',
        f"{key} = “{scheme}://{host}…” 未加密且指向其他主机；只可使用 {allowed}",
    )


def flaws_of_bus(bus: BusConfig) -> Iterator[tuple[str, Text]]:
    """What is wrong with the bus' settings taken together, by key."""
    if bus.is_nats:
        host = _host(bus.url)
        if host is None:
            yield (
                "bus.url",
                # What it says instead may be a user's name and password.
                Text(
                    "bus.url names no host and port; write nats://HOST:PORT",
                    "bus.url 未指明主机和端口；请写作 nats://HOST:PORT",
                ),
            )
        elif bus.url.startswith("nats:") and not is_loopback(host):
            yield "bus.url", _unencrypted("bus.url", "nats", host, "tls")
    yield from _half("bus", bus)


def _half(section: str, own: AgencyConfig | BusConfig) -> Iterator[tuple[str, Text]]:
    """What is missing of a certificate and its key."""
    if (own.certificate is None) != (own.private_key is None):
        missing = f"{section}.{'certificate' if own.certificate is None else 'private_key'}"
        yield (
            missing,
            Text(
                f"{missing} is not set; certificate and private_key go together",
                f"未设置 {missing}；certificate 和 private_key 须同时设置",
            ),
        )


def unfollowable(config: Config, sources: Mapping[str, str], codes: Collection[str], default: str) -> Iterator[Mistake]:
    """What keeps the configured procedures from being followed."""
    for name in PROCEDURES:
        if name not in config.procedures:
            continue
        for flaw in flaws(config.procedure(name, tuple(codes)), codes):
            key = f"procedures.{name}.{flaw.key}"
            words = Text(f"{key}: {flaw.words.en}", f"{key}：{flaw.words.zh}")
            yield Mistake("config.plan", sources.get(key, default), key, words)


def untimely(config: Config, sources: Mapping[str, str], default: str) -> Iterator[Mistake]:
    """What is wrong with the calendars, and which agency names one that is not there."""
    for name, written in config.calendars.items():
        found = read_calendar(written)
        for flaw in () if isinstance(found, Calendar) else found:
            key = f"calendars.{name}.{flaw.key}"
            words = Text(f"{key}: {flaw.words.en}", f"{key}：{flaw.words.zh}")
            yield Mistake("config.calendar", sources.get(key, default), key, words)
    for code, own in config.agencies.items():
        if own.calendar is not None and own.calendar not in config.calendars:
            key = f"agencies.{code}.calendar"
            yield Mistake("config.calendar", sources.get(key, default), key, _no_calendar(key, own.calendar, config))


def _no_calendar(key: str, name: str, config: Config) -> Text:
    near = get_close_matches(name, config.calendars, n=1)
    en, zh = f"{key}: there is no [calendars.{name}]", f"{key}：没有 [calendars.{name}]"
    if near:
        return Text(f"{en}; did you mean {near[0]}?", f"{zh}；是否为 {near[0]}？")
    names = tuple(config.calendars)
    if not names:
        return Text(f"{en}, nor any other calendar", f"{zh}，也没有其他工作日历")
    return Text(f"{en}; allowed: {', '.join(names)}", f"{zh}；可用：{'、'.join(names)}")


def is_loopback(host: str) -> bool:
    """True for `localhost` and for an address that only this machine can reach."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
