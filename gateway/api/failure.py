"""Whatever goes wrong while a request is answered becomes a problem document, and nothing else."""

import re
import uuid
from typing import Final

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from ...agencies.agency_fault import AgencyFault
from ...codecs.finding import Rejected, Text
from ...codecs.json_pointer import pointed
from ..commands import Forbidden
from ..payment import TreasuryUnavailable
from ..seal import RETRY_SECONDS as RESEALED_SECONDS
from ..seal import Unsealed
from ..store.store import RecordDamaged, StoreUnavailable
from ..submission import NotServing, ReferenceConflict
from .limits import HEADER_BYTES_MAX
from .problem import KINDS, MEDIA_TYPE, Problem, Refusal

RETRY_SECONDS: Final = 5
"""What `Retry-After` says where nobody knows better."""

MENDED_SECONDS: Final = 300
"""What it says where somebody has to mend a program first."""

_JSON_SENT: Final = re.compile(r"\s*application/(json|x-ndjson)\b", re.IGNORECASE)

log = structlog.get_logger("onewindow.api")

_encode = msgspec.json.Encoder().encode


@web.middleware
async def failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns every exception into an answer, except that of a client that is gone."""
    try:
        _check_headers(request)
        return await handler(request)
    except Refusal as refusal:
        return _told(request, refusal)
    except web.HTTPMethodNotAllowed as error:
        allow = ", ".join(sorted({*error.allowed_methods, "OPTIONS"}))
        if request.method == "OPTIONS":
            return web.Response(status=204, headers={"Allow": allow})
        return answer(Refusal("method-not-allowed", headers={"Allow": allow}), request.rel_url.raw_path)
    except web.HTTPException as error:
        return answer(Refusal("not-found" if error.status == 404 else "bad-request"), request.rel_url.raw_path)
    except ConnectionError:
        if request.transport is None or request.transport.is_closing():
            raise  # the client has hung up, which is no failure
        return _incident(request)
    except Exception as error:  # noqa: BLE001 - no caller may see what is inside; the log does
        known = _known(error)
        return _incident(request) if known is None else _told(request, known)


def _told(request: web.Request, refusal: Refusal) -> web.Response:
    """A refusal as an answer; to who sent JSON with the places as JSON Pointers as well."""
    if _JSON_SENT.match(request.headers.get("Content-Type", "")):
        refusal.findings = tuple(pointed(finding) for finding in refusal.findings)
    return answer(refusal, request.rel_url.raw_path)


def _check_headers(request: web.Request) -> None:
    if sum(len(name) + len(value) for name, value in request.raw_headers) > HEADER_BYTES_MAX:
        detail = Text(
            en=f"The headers are larger than {HEADER_BYTES_MAX} bytes.", zh=f"请求头超过 {HEADER_BYTES_MAX} 字节。"
        )
        raise Refusal("bad-request", detail, close=True)


def answer(refusal: Refusal, instance: str) -> web.Response:
    """The problem document of a refusal as an answer; 429 and 503 always say when to come again."""
    kind = KINDS[refusal.code]
    response = web.Response(
        status=kind.status,
        body=_encode(refusal.problem(instance)),
        content_type=MEDIA_TYPE,
        headers=refusal.headers,
    )
    if kind.status in (429, 503):
        response.headers.setdefault("Retry-After", str(RETRY_SECONDS))
    if refusal.close:
        response.force_close()
    return response


def problem_of(error: Exception, instance: str, *, in_json: bool = False) -> Problem:
    """The problem document of an exception that is handled just now; of one that nobody foresaw the log has more.

    in_json: what it is about was sent as JSON.
    """
    refusal = error if isinstance(error, Refusal) else _known(error)
    if refusal is not None:
        if in_json:
            refusal.findings = tuple(pointed(finding) for finding in refusal.findings)
        return refusal.problem(instance)
    incident = _new_incident()
    log.exception("request failed", incident=incident, path=instance)
    return Refusal("internal").problem(incident)


def _new_incident() -> str:
    return f"urn:uuid:{uuid.uuid4()}"


def _known(error: Exception) -> Refusal | None:
    """What the window's exceptions mean to a caller."""
    if isinstance(error, Rejected):
        code = error.problem if error.problem in KINDS else "invalid"
        return Refusal(code, _counted(len(error.findings)), findings=error.findings)
    if isinstance(error, ReferenceConflict):
        return Refusal("reference-conflict", related=f"/v1/declarations/{error.case_id}")
    if isinstance(error, Forbidden) and error.code in KINDS:
        return Refusal(error.code)
    if isinstance(error, NotServing):
        return Refusal(error.code, headers={"Retry-After": str(error.retry_after)})
    if isinstance(error, Unsealed):
        return unsealed(error.code)
    if isinstance(error, AgencyFault):
        log.error("agency unable", agency=error.agency, work=error.work.value, exc_info=error)
        return Refusal("agency-unable", _unable(error), headers={"Retry-After": str(MENDED_SECONDS)})
    if isinstance(error, TreasuryUnavailable):
        return Refusal("treasury-unavailable")
    if isinstance(error, StoreUnavailable):
        log.warning("store unavailable", error=str(error))
        return Refusal("store-unavailable")
    if isinstance(error, RecordDamaged):
        log.error("record damaged", case=error.case_id, detail=error.detail)
        return Refusal("record-damaged")
    return None


def unsealed(code: str) -> Refusal:
    """What a caller is told for whom something had to be signed."""
    return Refusal(code, headers={"Retry-After": str(RESEALED_SECONDS)})


def _counted(findings: int) -> Text:
    return Text(
        en=f"The document is not taken: {findings} finding{'s' if findings != 1 else ''}.",
        zh=f"所提交的内容不予受理，共发现 {findings} 处问题。",
    )


def _unable(fault: AgencyFault) -> Text:
    """Whose program it is; what it raised is for the log, it may quote the declaration."""
    code, name = fault.agency, fault.name
    return Text(
        en=f"The program of {name.en} ({code}) fails on this declaration; nothing was stored. It has to be mended.",
        zh=f"{name.zh}（{code}）的程序处理该申报单时出错，本次未受理，须修复后重新提交。",
    )


def _incident(request: web.Request) -> web.Response:
    """The answer to a failure that nobody foresaw; called while the exception is handled, which the log then shows."""
    incident = _new_incident()
    log.exception("request failed", incident=incident, method=request.method, path=request.rel_url.raw_path)
    return answer(Refusal("internal"), incident)
