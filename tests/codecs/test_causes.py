"""The system's reasons in words."""

import errno
import ssl

import pytest

from onewindow.codecs.causes import cause


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "permission denied"),
        (OSError("Multiple exceptions: [Errno 111] Connect call failed, [Errno 101] x"), "connection refused"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1)"), "TLS:"),
        (ssl.SSLError(9, "[SSL] PEM lib (_ssl.c:4150)"), "the file holds no certificate or key in PEM"),
        (OSError(), "OSError"),
    ],
)
def test_reasons(error: OSError, words: str) -> None:
    """Each kind of failure has its own reason, and a number of OpenSSL's is not taken for one of the system's."""
    assert cause(error).en.startswith(words)
    assert cause(error).zh
    assert "not permitted" not in cause(error).en


def test_no_reason_is_in_one_language_only() -> None:
    """Whatever the system calls a failure, there are Chinese words for it."""
    numbers = (errno.EACCES, errno.EBADF, errno.EFBIG, errno.EIO, errno.EISDIR, errno.ENOSPC, errno.ENOTEMPTY)
    assert not [number for number in numbers if cause(OSError(number, "")).zh.startswith("系统错误")]
