"""The commands, their help, and how each ends."""

import errno
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from ... import __version__
from .ending import INTERRUPTED, Stop, internal_error, output_lost
from .standard_files import discard, open_standard_files

OUTPUT_ERRORS = frozenset({errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC})
"""What a write to standard output fails with, where it is not that its reader has gone."""

COMMANDS = (
    ("demo", "One declaration through the window, before your eyes. 演示"),
    ("serve", "Run the gateway. 启动网关"),
    ("submit", "Submit a declaration and wait for the response. 申报"),
    ("status", "Where a case stands, agency by agency. 办件状态"),
    ("supplement", "Give what agencies asked for. 补正"),
    ("amend", "Replace the declaration of an open case. 变更"),
    ("withdraw", "Take a declaration back. 撤回"),
    ("deliver", "Give a document that was to follow. 补交容缺单证"),
    ("pay", "Record a payment of the bill. 缴款"),
    ("rate", "Rate how a case was handled. 评价"),
    ("document", "Documents on file, for declarations to refer to. 存档单证"),
    ("events", "What happens to all cases, in order. 事件流水"),
    ("webhook", "Have events delivered to a URL. 推送订阅"),
    ("validate", "Check a declaration without sending it anywhere. 校验"),
    ("spreadsheet", "Declarations from a spreadsheet: a template, and CSV to declarations. 表格导入"),
    ("verify", "Verify the signature of a response or a receipt, offline. 验签"),
    ("sample", "Write a valid declaration to standard output. 样例"),
    ("guide", "What a procedure asks for and what it promises. 办事指南"),
    ("supervision", "How agencies and procedures did: on time, late, in which percentile. 电子监察"),
    ("fsck", "Prove that the store lost nothing and changed nothing. 核对"),
    ("agency", "The agencies that are installed: list, check, make, answer. 部门"),
    ("simulate", "Six counters against the window, on the same declarations. 模拟"),
    ("keys", "Make development keys. 密钥"),
    ("bindings", "Typed structs from an XSD, as a Python module. 绑定"),
)
"""Every command and what help says of it; each is the function of its name in the module of its name."""

MODULES = {"document": "documents"}
"""Where it is not: document.py is what the other commands are given."""

EPILOGUE = (
    "Exit status: 0 done; 1 the answer is no; 2 wrong usage; 3 the gateway can't be reached. "
    "ONEWINDOW_URL names the gateway (default http://127.0.0.1:8080). "
    "退出码：0 完成；1 未通过；2 用法有误；3 无法连接网关。ONEWINDOW_URL 指定网关地址。"
)


def application(named: str = "") -> App:
    """The command line's parser; commands are imported when they are called.

    `named` is the one that will be: its help is its own docstring and not the one line that the list of commands has.
    """
    app = App(
        name="onewindow",
        help="One trade declaration in, one signed answer out. 一次申报，并联审批，统一出件。",
        help_epilogue=EPILOGUE,
        help_format="plaintext",
        version=_version,
        suppress_keyboard_interrupt=False,
    )
    for name, words in COMMANDS:
        app.command(f"{__package__}.{MODULES.get(name, name)}:{name}", name=name, help=None if name == named else words)
    return app


def _version() -> str:
    from ...codecs.walker import CHOSEN

    return f"{__version__} (walker: {CHOSEN.name})"


def run(tokens: Sequence[str]) -> int:
    """Run one command; the exit status is the contract's (0, 1, 2, 3) or 130 where it was stopped from outside.

    Whatever goes wrong is said in words on standard error; with --json the answer goes to standard output as one JSON
    document, a "no" included.
    """
    open_standard_files()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that can't show Chinese shows question marks
    as_json = "--json" in tokens
    app = application(tokens[0] if tokens else "")
    try:
        command, bound, _ = app.parse_args(list(tokens), exit_on_error=False, print_error=False, help_on_error=False)
        ended = command(*bound.args, **bound.kwargs)
        sys.stdout.flush()
    except CycloptsError as error:
        from .usage import wrong_usage

        return _told(wrong_usage(error, app), as_json=as_json)
    except Stop as stop:
        return _told(stop, as_json=as_json)
    except BrokenPipeError:
        # Whoever read our output has gone: the interpreter must not stumble over it again when it exits.
        discard(sys.stdout)
        return INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in OUTPUT_ERRORS:
            discard(sys.stdout)
            return _told(output_lost(error), as_json=False)
        if sys.flags.dev_mode:
            raise
        return _told(internal_error(error), as_json=as_json)
    return ended if isinstance(ended, int) else 0


def _told(stop: Stop, *, as_json: bool) -> int:
    from .telling import tell

    try:
        return tell(stop, as_json=as_json)
    except OSError:  # nobody can be told any more; the exit status still says it
        discard(sys.stderr)
        discard(sys.stdout)
        return stop.status
