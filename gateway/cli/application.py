"""The commands, their help, and how each ends."""

import errno
import sys
from collections.abc import Iterable, Sequence

from cyclopts import App, CycloptsError, Group

from ... import __version__
from . import characters
from .ending import INTERRUPTED, USAGE, Stop, internal_error, output_lost
from .language import choose, label, taken_out
from .standard_files import discard, open_standard_files

OUTPUT_ERRORS = frozenset({errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC})
"""What a write to standard output fails with, where it is not that its reader has gone."""

GROUPS = (
    (
        "Traders 申报人",
        (
            ("submit", "Submit a declaration and wait for the response. 申报"),
            ("validate", "Check a declaration without sending it anywhere. 校验"),
            ("spreadsheet", "Declarations from a spreadsheet: a template, and CSV to declarations. 表格导入"),
            ("status", "Where a case stands, agency by agency. 办件状态"),
            ("supplement", "Give what agencies asked for. 补正"),
            ("amend", "Replace the declaration of an open case. 变更"),
            ("withdraw", "Take a declaration back. 撤回"),
            ("deliver", "Give a document that was to follow. 补交容缺单证"),
            ("pay", "Record a payment of the bill. 缴款"),
            ("rate", "Rate how a case was handled. 评价"),
            ("document", "Documents on file, for declarations to refer to. 存档单证"),
            ("verify", "Verify the signature of a response or a receipt, offline. 验签"),
            ("guide", "What a procedure asks for and what it promises. 办事指南"),
        ),
    ),
    (
        "Agencies and their officers 部门及经办人员",
        (
            ("agency", "The agencies that are installed: what waits, answer, list, check, make. 部门"),
            ("supervision", "How agencies and procedures did: on time, late, in which percentile. 电子监察"),
        ),
    ),
    (
        "Operators 运维人员",
        (
            ("serve", "Run the gateway. 启动网关"),
            ("keys", "Make development keys. 密钥"),
            ("fsck", "Prove that the store lost nothing and changed nothing. 核对"),
        ),
    ),
    (
        "Developers 开发人员",
        (
            ("demo", "One declaration through the window, before your eyes. 演示"),
            ("sample", "Write a valid declaration to standard output. 样例"),
            ("events", "What happens to all cases, in order. 事件流水"),
            ("webhook", "Have events delivered to a URL. 推送订阅"),
            ("simulate", "Six counters against the window, on the same declarations. 模拟"),
            ("bindings", "Typed structs from an XSD, as a Python module. 绑定"),
            ("completion", "The script by which a shell completes commands and options. 补全"),
        ),
    ),
)
"""Who uses which commands, and what help says of each; it is the function of its name in the module of its name."""

COMMANDS = tuple(each for _, commands in GROUPS for each in commands)
"""Every command, and what help says of it."""

MODULES = {"document": "documents"}
"""Where it is not: document.py is what the other commands are given."""

EPILOGUE = (
    "Exit status: 0 done; 1 the answer is no; 2 wrong usage; 3 the gateway can't be reached. "
    "ONEWINDOW_URL names the gateway (default http://127.0.0.1:8080). "
    "--lang zh, en or both, with any command: in which language; by default the locale's. "
    "退出码：0 完成；1 未通过；2 用法有误；3 无法连接网关。ONEWINDOW_URL 指定网关地址。"
    "各命令均可用 --lang zh、en 或 both 指定语言，默认按语言环境。"
)
"""What holds for every command: said once, in the help of all. Where a command means more by a status, its own says."""


def application(named: str = "") -> App:
    """The command line's parser; commands are imported when they are called.

    `named` is the one that will be: its help is its own docstring and not the one line that the list of commands has.
    """
    from .helping import SpokenFormatter, words

    is_command = any(name == named for name, _ in COMMANDS)
    app = App(
        name="onewindow",
        help="One trade declaration in, one signed answer out. 一次申报，并联审批，统一出件。",
        help_epilogue=None if is_command else words(EPILOGUE),
        help_format="plaintext",
        help_formatter=SpokenFormatter(),
        version=_version,
        suppress_keyboard_interrupt=False,
    )
    app["--help"].group = app["--version"].group = Group(label("Of every command 通用"), sort_key=len(GROUPS))
    for place, (title, commands) in enumerate(GROUPS):
        group = Group(label(title), sort_key=place)
        for name, said in commands:
            found = f"{__package__}.{MODULES.get(name, name)}:{name}"
            app.command(found, name=name, help=None if name == named else said, group=group)
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
    characters.begin()
    try:
        tokens, chosen = taken_out(tokens)
    except Stop as stop:
        return _told(stop, as_json="--json" in tokens)
    choose(chosen)
    status = _run(tokens)
    try:
        characters.say_what_is_lost(sys.stderr)
    except OSError:
        discard(sys.stderr)
    return status


def _run(tokens: Sequence[str]) -> int:
    as_json = "--json" in tokens
    app = application(tokens[0] if tokens else "")
    try:
        command, bound, _ = app.parse_args(list(tokens), exit_on_error=False, print_error=False, help_on_error=False)
        _check_text(bound.arguments.values())
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


def _check_text(values: Iterable[object]) -> None:
    """Raises Stop for an argument with bytes that are no UTF-8; file names may have them."""
    for value in values:
        if isinstance(value, tuple):
            _check_text(value)
        elif isinstance(value, str) and not value.isprintable() and any("\ud800" <= each <= "\udfff" for each in value):
            shown = ascii(value)
            raise Stop(USAGE, "usage", f"{shown} is not UTF-8.", f"参数 {shown} 不是 UTF-8 编码。")


def _told(stop: Stop, *, as_json: bool) -> int:
    from .telling import tell

    try:
        return tell(stop, as_json=as_json)
    except OSError:  # nobody can be told any more; the exit status still says it
        discard(sys.stderr)
        discard(sys.stdout)
        return stop.status
