"""Whose requests are answered: not what a page of another site has somebody's browser send, nor our own deliveries.

In demo mode whoever reaches the loopback address may do everything. A browser on this machine reaches it too, on behalf
of any page that it shows; programs such as agencies and curl send none of the headers by which a browser is known.
"""

from collections.abc import Collection
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from aiohttp import HttpVersion11, web
from aiohttp.typedefs import Handler

from ..webhook import SIGNATURE
from .context import WINDOW
from .problem import Refusal

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_PAGES: Final = frozenset({"same-origin", "none"})
_PORT_UNSAID: Final = 80
_CACHED_HOSTS: Final = 256


@web.middleware
async def callers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses what is meant for another host, and what would change something and comes from where it must not."""
    check_host(request)
    if request.method not in _READING:
        check_page(request)
        if SIGNATURE in request.headers:  # by whatever way: a delivery taken as a request would bring forth the next
            raise Refusal("no-deliveries")
    return await handler(request)


def check_host(request: web.Request) -> None:
    """Raises Refusal (`misdirected`) where the request is meant for a host that this gateway is not.

    The name of a hostile page can be made to stand for a loopback address (DNS rebinding): Host still says that name.
    """
    config, reached = request.app[WINDOW].config, request.get_extra_info("sockname")
    if config.identity.mode != "demo" or not isinstance(reached, tuple) or not ip_address(reached[0]).is_loopback:
        return
    named = list(request.headers.getall("Host", ()))
    if not named and request.version < HttpVersion11:  # which no browser speaks
        return
    if len(named) == 1 and request.host != named[0]:  # the request line has a whole URL, which counts for more
        named.append(request.url.authority)
    if not named or not all(is_own(each, reached[1], config.gateway.hosts) for each in named):
        raise Refusal("misdirected")


@lru_cache(maxsize=_CACHED_HOSTS)
def is_own(authority: str, port: int, hosts: Collection[str]) -> bool:
    """Whether `HOST` or `HOST:PORT` is a name of the gateway that listens at this port of a loopback address.

    hosts: further names; one without a port stands for every port.
    """
    try:
        parts = urlsplit(f"//{authority.lower()}")
        host, named_port = parts.hostname or "", parts.port or _PORT_UNSAID
    except ValueError:
        return False
    if parts.netloc != authority.lower() or parts.username is not None:
        return False
    return parts.netloc in hosts or host in hosts or (named_port == port and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "localhost.")


def check_page(request: web.Request) -> None:
    """Raises Refusal (`cross-site`) where a browser says that a page which is not of this gateway sends this."""
    if request.app[WINDOW].config.identity.mode != "demo":
        return
    sites = request.headers.getall("Sec-Fetch-Site", ())
    origins = request.headers.getall("Origin", ())
    own = {f"{scheme}://{request.headers.get('Host', '')}".lower() for scheme in ("http", "https")}
    if not _OWN_PAGES.issuperset(sites) or not own.issuperset(map(str.lower, origins)):
        raise Refusal("cross-site")
