"""What the operating system says of a failure, in English and Chinese: its own words are in one language only."""

import errno
import os
from collections.abc import Mapping
from socket import gaierror
from typing import Final

from ..codecs.finding import Text

_CHINESE: Final[Mapping[int, str]] = {
    errno.EACCES: "权限不足",
    errno.EADDRINUSE: "地址已被占用",
    errno.EADDRNOTAVAIL: "本机没有该地址",
    errno.ECONNREFUSED: "连接被拒绝",
    errno.ECONNRESET: "连接被对方中断",
    errno.EEXIST: "文件已存在",
    errno.EHOSTUNREACH: "主机不可达",
    errno.EISDIR: "该路径是目录",
    errno.ELOOP: "符号链接层数过多",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ENETUNREACH: "网络不可达",
    errno.ENOENT: "文件或目录不存在",
    errno.ENOSPC: "磁盘空间不足",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EPERM: "操作不被允许",
    errno.EPIPE: "管道已关闭",
    errno.EROFS: "文件系统只读",
    errno.ETIMEDOUT: "连接超时",
}


def cause(error: OSError) -> Text:
    """The reason of a failure as the part of a sentence: lower case, without a full stop."""
    if isinstance(error, gaierror):
        return Text("the name stands for no address", "无法解析该主机名")
    if error.errno is None:
        return Text(str(error) or type(error).__name__, "系统错误")
    words = os.strerror(error.errno)
    return Text(words[:1].lower() + words[1:], _CHINESE.get(error.errno, f"系统错误 {error.errno}"))
