"""Why a gateway can't be reached, in words that name what is to be looked at: the host, the proxy, the certificate."""

from urllib.parse import urlsplit

import aiohttp

from ...codecs.causes import cause
from ...codecs.finding import Text
from .addresses import proxy_to
from .ending import UNREACHABLE, USAGE, Stop

_REMEDY = Text(
    "Start one with `onewindow serve`, or name another with --url.",
    "请用 `onewindow serve` 启动网关，或用 --url 指定其他地址。",
)


def unreachable(url: str, error: Exception) -> Stop:
    """What to say of a call to the gateway at `url` that got no answer."""
    proxy = proxy_to(url)
    if proxy is not None and isinstance(error, aiohttp.ClientProxyConnectionError | aiohttp.ClientHttpProxyError):
        return _proxy(url, proxy, _reason(error))
    why = _reason(error)
    by = Text("", "") if proxy is None else Text(f" through the proxy {proxy}", f"（经代理 {proxy}）")
    remedy = _certificates(url) if _is_certificate(error) else _REMEDY
    return Stop(
        UNREACHABLE,
        "unreachable",
        f"The gateway at {url} can't be reached{by.en}: {why.en}. {remedy.en}",
        f"无法连接 {url}{by.zh}：{why.zh}。{remedy.zh}",
    )


def foreign(url: str, status: int) -> Stop:
    """What to say of an answer that no gateway gives: it may be the proxy's own."""
    proxy = proxy_to(url)
    by = Text("", "") if proxy is None else Text(f" through the proxy {proxy}", f"（经代理 {proxy}）")
    return Stop(
        UNREACHABLE,
        "not-a-gateway",
        f"What answers at {url}{by.en} (HTTP {status}) does not speak as a onewindow gateway does.",
        f"{url}{by.zh}的应答（HTTP {status}）不是 onewindow 网关的应答。",
    )


def check_proxy(url: str) -> None:
    """Raises Stop where the environment names a proxy that can't be one."""
    proxy = proxy_to(url)
    if proxy is None:
        return
    parts = urlsplit(proxy)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Stop(
            USAGE,
            "proxy",
            f"The environment names the proxy {proxy} ({_variable(url)}); allowed is http://HOST:PORT.",
            f"环境变量（{_variable(url)}）指定的代理 {proxy} 不可用，应写作 http://HOST:PORT。",
        )


def _variable(url: str) -> str:
    return f"{urlsplit(url).scheme.upper()}_PROXY"


def _proxy(url: str, proxy: str, why: Text) -> Stop:
    host = urlsplit(url).hostname
    return Stop(
        UNREACHABLE,
        "proxy-unreachable",
        f"The proxy {proxy} ({_variable(url)}), on the way to the gateway at {url}, does not let it be reached: "
        f"{why.en}. NO_PROXY={host} goes past it.",
        f"通往 {url} 的代理 {proxy}（{_variable(url)}）不可用：{why.zh}。设置 NO_PROXY={host} 可绕过代理。",
    )


def _is_certificate(error: Exception) -> bool:
    return isinstance(error, aiohttp.ClientConnectorCertificateError)


def _certificates(url: str) -> Text:
    host = urlsplit(url).hostname
    return Text(
        f"SSL_CERT_FILE names a file (PEM) of authorities to believe for {host}.",
        f"可用 SSL_CERT_FILE 指定 {host} 的可信签发机构证书文件（PEM）。",
    )


def _reason(error: Exception) -> Text:
    """The part of the sentence that says what went wrong."""
    found: BaseException = error
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        found = error.certificate_error
    elif isinstance(error, aiohttp.ClientConnectorError):
        found = error.os_error
    if isinstance(found, TimeoutError) and getattr(found, "errno", None) is None:
        return Text("it did not answer in time", "未在规定时间内应答")
    if isinstance(found, aiohttp.ClientHttpProxyError):
        return Text(f"it answers {found.status}", f"其应答为 {found.status}")
    if isinstance(found, aiohttp.ServerDisconnectedError | aiohttp.ClientPayloadError):
        return Text("it hung up before all of its answer was there", "应答完成之前连接中断")
    if isinstance(found, aiohttp.ClientResponseError):
        return Text("what it speaks is not HTTP", "对方使用的不是 HTTP")
    if isinstance(found, OSError):
        return cause(found)
    return Text(str(found) or type(found).__name__, "连接中断")
