"""Who may speak for an agency."""

import hmac
from ipaddress import ip_address

from aiohttp import web

from .agency_side import AgencySide
from .context import WINDOW
from .problem import Refusal

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="onewindow agencies"'}


def admit(request: web.Request) -> str:
    """The code of the agency that the path names, if whoever calls may speak for it.

    Where the agency has a token it has to be shown (RFC 6750); where it has none, only the gateway's own machine may
    call. Raises Refusal: `unauthenticated`, and `forbidden`, as for a token that is another agency's.
    """
    window, agency = request.app[WINDOW], request.match_info["agency"]
    is_known = window.config.identity.mode == "demo" and _is_local(request)
    check(window, agency, request.headers.get("Authorization", ""), is_known=is_known)
    return agency


def check(window: AgencySide, agency: str, authorization: str, *, is_known: bool) -> None:
    """Raises Refusal, as `admit`, unless whoever shows this may speak for the agency.

    is_known: the way that it came is open to nobody else, which is enough for an agency without a token.
    """
    own = window.agency_tokens.get(agency)
    scheme, _, shown = authorization.partition(" ")
    if own is None and agency in window.agencies and not shown:
        if is_known:
            return
        raise _counted(window, agency, Refusal("forbidden"))
    given = shown.strip().encode("utf-8", "surrogateescape") if scheme.lower() == "bearer" else b""
    # Every token is compared, whichever fits, so that the time taken says nothing.
    fits = [code for code, token in window.agency_tokens.items() if hmac.compare_digest(token.encode(), given)]
    if agency in fits:
        return
    if own is None and agency not in window.agencies:
        raise Refusal("not-found")
    if fits:
        raise _counted(window, agency, Refusal("forbidden"))
    raise _counted(window, agency, Refusal("unauthenticated", headers=CHALLENGE))


def _counted(window: AgencySide, agency: str, refusal: Refusal) -> Refusal:
    window.metrics.reply_refused(agency, refusal.code)
    return refusal


def _is_local(request: web.Request) -> bool:
    try:
        return ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
