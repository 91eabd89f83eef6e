"""What the operating system says of a failure, in English and Chinese: its own words are in one language only."""

import errno
import os
import re
import ssl
from collections.abc import Mapping
from socket import gaierror
from typing import Final

from .bounded_file import Unfit
from .finding import Text

_CHINESE: Final[Mapping[int, str]] = {
    errno.EACCES: "权限不足",
    errno.EADDRINUSE: "地址已被占用",
    errno.EADDRNOTAVAIL: "本机没有该地址",
    errno.EBADF: "文件未打开",
    errno.ECONNABORTED: "连接已中断",
    errno.ECONNREFUSED: "连接被拒绝",
    errno.ECONNRESET: "连接被对方中断",
    errno.EDQUOT: "超出磁盘配额",
    errno.EEXIST: "文件已存在",
    errno.EFBIG: "文件过大",
    errno.EHOSTUNREACH: "主机不可达",
    errno.EINVAL: "参数无效",
    errno.EIO: "读写错误",
    errno.EISDIR: "该路径是目录",
    errno.ELOOP: "符号链接层数过多",
    errno.EMFILE: "打开的文件过多",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ENETDOWN: "网络不可用",
    errno.ENETUNREACH: "网络不可达",
    errno.ENOENT: "文件或目录不存在",
    errno.ENOSPC: "磁盘空间不足",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.ENOTEMPTY: "目录不为空",
    errno.ENXIO: "没有该设备",
    errno.EPERM: "操作不被允许",
    errno.EPIPE: "管道已关闭",
    errno.EROFS: "文件系统只读",
    errno.ESPIPE: "无法在管道中定位",
    errno.ETIMEDOUT: "连接超时",
    errno.ETXTBSY: "文件正在执行",
}


_CERTIFICATES: Final[Mapping[int, Text]] = {
    9: Text("the certificate is not valid yet", "证书尚未生效"),
    10: Text("the certificate has run out", "证书已过期"),
    18: Text("the certificate is its own authority, which is not trusted", "证书为自签名，不受信任"),
    19: Text("an authority that is not trusted issued the certificate", "证书签发机构不受信任"),
    20: Text("an authority that is not trusted issued the certificate", "证书签发机构不受信任"),
    21: Text("an authority that is not trusted issued the certificate", "证书签发机构不受信任"),
    23: Text("the certificate has been withdrawn", "证书已吊销"),
    26: Text("the certificate is not meant for this use", "证书用途不符"),
    62: Text("the certificate is for another host name", "证书与主机名不符"),
    64: Text("the certificate is for another address", "证书与地址不符"),
}
"""What OpenSSL found wrong with the other side's certificate, by the number it has for that (X509_V_ERR_...)."""

_TLS: Final[Mapping[str, Text]] = {
    "HTTP_REQUEST": Text("it speaks HTTP without TLS", "对方未使用 TLS"),
    "KEY_VALUES_MISMATCH": Text("the private key is not the one of the certificate", "私钥与证书不匹配"),
    "NO_CERTIFICATE_OR_CRL_FOUND": Text("the file holds no certificate in PEM", "文件不含 PEM 格式的证书"),
    "PEM_LIB": Text(
        "the file holds no certificate or key in PEM, or the two do not match", "文件不含 PEM 证书或私钥，或两者不匹配"
    ),
    "RECORD_LAYER_FAILURE": Text("what it speaks is not TLS", "对方未使用 TLS"),
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": Text("it asks for a client's certificate", "对方要求客户端证书"),
    "UNEXPECTED_EOF_WHILE_READING": Text("it hung up during the TLS handshake", "TLS 握手时连接中断"),
    "WRONG_VERSION_NUMBER": Text("what it speaks is not TLS", "对方未使用 TLS"),
}
"""What OpenSSL says of a connection or a file, by its own word for it."""


def cause(error: OSError) -> Text:
    """The reason of a failure as the part of a sentence: lower case, without a full stop."""
    if isinstance(error, Unfit):
        return error.words
    if isinstance(error, gaierror):
        return Text("the name stands for no address", "无法解析该主机名")
    if isinstance(error, ssl.SSLError):
        return _tls(error)
    if error.errno is None:
        return _first(error) or Text(str(error) or type(error).__name__, "系统错误")
    words = os.strerror(error.errno)
    return Text(words[:1].lower() + words[1:], _CHINESE.get(error.errno, f"系统错误 {error.errno}"))


def _tls(error: ssl.SSLError) -> Text:
    """An SSL error's number is one of OpenSSL's kinds and no errno: 1 is not "operation not permitted"."""
    if isinstance(error, ssl.SSLCertVerificationError):
        known = _CERTIFICATES.get(error.verify_code)
        return known or Text(f"the certificate is not taken: {error.verify_message}", "证书未通过验证")
    reason = getattr(error, "reason", None) or ("PEM_LIB" if "PEM" in str(error) else "")
    words = reason.lower().replace("_", " ") or str(error)
    return _TLS.get(reason, Text(f"TLS: {words}", "TLS 错误"))


def _first(error: OSError) -> Text | None:
    """Of several attempts at one host, which asyncio puts into one sentence, the reason of the first."""
    found = re.search(r"\[Errno (\d+)\]", str(error))
    return None if found is None else cause(OSError(int(found[1]), ""))
