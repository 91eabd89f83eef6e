"""Where a webhook may lead: nobody must reach through the gateway what he could not reach himself (SSRF).

The URL is looked at when it is registered, and the address, again and decisively, when a connection is made: what a
name stands for may change in between (DNS rebinding).
"""

from collections.abc import Collection
from ipaddress import IPv6Address, ip_address

from yarl import URL

from ..codecs.finding import Text
from .webhook import URL_CHARS_MAX

LOOPBACK_ONLY = Text(
    'while identity.mode is "demo" webhooks lead to loopback addresses only, such as http://127.0.0.1:9000/',
    "identity.mode 为“demo”时只可推送至回环地址，如 http://127.0.0.1:9000/",
)
PUBLIC_ONLY = Text("webhooks lead to public addresses only", "只可推送至公网地址")

OWN_ADDRESS = Text(
    "it leads back to this gateway, which subscribes to nothing", "指向本网关自身，而本网关不订阅任何推送"
)


def leads_back(address: str, port: int, own: Collection[tuple[str, int]]) -> bool:
    """Whether a connection to an IP address and port would reach what listens at one of `own`.

    One loopback address is as good as another here: which of them a name stands for is chance.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    listening = [ip_address(host) for host, own_port in own if own_port == port]
    is_here = found.is_loopback or found.is_unspecified
    return any(found == each or (is_here and (each.is_loopback or each.is_unspecified)) for each in listening)


def forbidden(demo: bool) -> Text:
    """What to say of an address that webhooks may not lead to, as part of a sentence."""
    return LOOPBACK_ONLY if demo else PUBLIC_ONLY


def may_lead_to(address: str, demo: bool) -> bool:
    """Whether deliveries may be made to an IP address.

    While callers are not told apart (`demo`) it has to be this machine's own, where the callers are too; otherwise one
    that is reachable from everywhere (the IANA special-purpose address registries).
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found.is_loopback if demo else found.is_global and not found.is_multicast


def objection(url: str, demo: bool, own: Collection[tuple[str, int]] = ()) -> Text | None:
    """What is wrong with a URL to deliver to, as part of a sentence; None where nothing is. `own`: see `leads_back`."""
    if len(url) > URL_CHARS_MAX:
        return Text(f"it has more than {URL_CHARS_MAX} characters", f"超过 {URL_CHARS_MAX} 个字符")
    try:
        parsed = URL(url)  # the very parser that aiohttp goes by
        host = parsed.host
    except ValueError:
        host = None
    if host is None or parsed.scheme not in ("http", "https"):
        return Text("it is no http or https URL with a host", "不是带主机名的 http 或 https 地址")
    if not all("!" <= character <= "~" for character in url):
        return Text("it has a character that a URL has not", "含有 URL 不允许的字符")
    if parsed.user is not None or parsed.password is not None:
        return Text("it has a user name or password in it", "地址中含有用户名或密码")
    if parsed.fragment:
        return Text("it has a fragment (#)", "地址中含有片段标识（#）")
    if leads_back("127.0.0.1" if host == "localhost" else host, parsed.port or 0, own):
        return OWN_ADDRESS
    if _is_address(host):
        return None if may_lead_to(host, demo) else forbidden(demo)
    return None if host == "localhost" or not demo else forbidden(demo)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
