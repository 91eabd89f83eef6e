"""Addresses that a user names: what is no http(s) URL is wrong usage, whichever option or variable it came from."""

import os
import re
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from ...codecs.finding import Text
from .ending import USAGE, Stop

DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_EXAMPLE: Final = "http://127.0.0.1:8080"


def http_url(_kind: object, url: object) -> None:
    """Raises Stop (`url`) for what is no http(s) URL of a gateway; None is no URL, and in order."""
    if url is not None and (flaw := _flaw(str(url))):
        source = "ONEWINDOW_URL" if os.environ.get("ONEWINDOW_URL") == url else "--url"
        raise Stop(
            USAGE,
            "url",
            f"{source} {without_user(str(url))}: {flaw.en}; write one such as {_EXAMPLE}.",
            f"{source} {without_user(str(url))}：{flaw.zh}；应写作 {_EXAMPLE}。",
        )


def _flaw(url: str) -> Text | None:
    """What is wrong with it, as the part of a sentence."""
    if re.search(r"[\s\x00-\x20\x7f]", url) or not url.isprintable():
        return Text("there are blanks or controls in it", "含有空白或控制字符")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return Text("its host or port can't be read", "主机或端口无法识别")
    if parts.scheme not in DEFAULT_PORTS:
        return Text("this is not an http or https URL", "不是 http 或 https 地址")
    if not host or port == 0:
        return Text("it names no host and port", "未指明主机和端口")
    if parts.username is not None or parts.query or parts.fragment:
        return Text("a user, a query or a fragment has no place in it", "不得含有用户名、查询参数或片段")
    return None


def proxy_to(url: str) -> str | None:
    """The proxy through which the environment has this URL reached, less its user; None where there is none."""
    parts = urlsplit(url)
    found = getproxies().get(parts.scheme)
    if found is None or (parts.hostname and proxy_bypass(parts.hostname)):
        return None
    return without_user(found)


def without_user(url: str) -> str:
    """The address as it may be shown: somebody may have written a password into it."""
    return re.sub(r"//[^/@]*@", "//", url)
