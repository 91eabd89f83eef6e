"""Wrong usage in words: what cyclopts says of a command line that can't be read, in English and Chinese."""

import re
from difflib import get_close_matches
from typing import Final, get_args

from cyclopts import App, CoercionError, CycloptsError, MissingArgumentError, ValidationError
from cyclopts.exceptions import RepeatArgumentError, UnknownCommandError, UnknownOptionError, UnusedCliTokensError

from ...codecs.finding import Text
from .ending import USAGE, Stop

_OPTION: Final = re.compile(r"--?[A-Za-z]")
_KINDS: Final = {
    "int": Text("a whole number", "整数"),
    "float": Text("a number", "数值"),
    "datetime": Text("a time such as 2026-03-01T08:00:00+08:00", "时间，如 2026-03-01T08:00:00+08:00"),
}


def wrong_usage(error: CycloptsError, app: App) -> Stop:
    """What to say of a command line that can't be read, and whose --help to look at."""
    chain = tuple(error.command_chain or ())
    command = " ".join(("onewindow", *chain))
    words = _words(error, app, chain)
    return Stop(USAGE, "usage", f"{words.en} See {command} --help.", f"{words.zh}用法见 {command} --help。")


def _words(error: CycloptsError, app: App, chain: tuple[str, ...]) -> Text:
    match error:
        case UnknownCommandError(unused_tokens=[given, *_]):
            names = [name for name in _at(app, chain) if not name.startswith("-")]
            near = get_close_matches(given, names, n=1)
            if near:
                meant = near[0]
                return Text(
                    f"There is no command {given}; did you mean {meant}?", f"没有命令 {given}，是否为 {meant}？"
                )
            known = Text(", ".join(names), "、".join(names))
            return Text(f"There is no command {given}; known are {known.en}.", f"没有命令 {given}，可用：{known.zh}。")
        case UnknownOptionError(token=token):
            return _no_option(token.keyword or token.value, _options(app, chain))
        case UnusedCliTokensError(unused_tokens=[given, *_]):
            options = _options(app, chain)
            tokens = error.root_input_tokens or []
            strange = [each for each in tokens if _OPTION.match(each) and each.partition("=")[0] not in options]
            if strange:
                return _no_option(strange[0], options)
            return Text(f"There is one argument too many: {given}.", f"多余的参数：{given}。")
        case RepeatArgumentError(token=token):
            return Text(f"{token.keyword} is given more than once.", f"选项 {token.keyword} 重复。")
        case MissingArgumentError(argument=argument) if argument is not None:
            name = error.keyword or argument.name
            if name.startswith("-"):
                return Text(f"{name} needs a value.", f"选项 {name} 缺少取值。")
            return Text(f"{name} is missing.", f"缺少参数 {name}。")
        case CoercionError() | ValidationError():
            return _bad_value(error)
    return Text(f"The command line can't be read: {error}", "命令行无法识别。")


def _at(app: App, chain: tuple[str, ...]) -> App:
    for name in chain:
        app = app[name]
    return app


def _options(app: App, chain: tuple[str, ...]) -> list[str]:
    return [name for argument in _at(app, chain).assemble_argument_collection() for name in argument.names]


def _no_option(given: str, options: list[str]) -> Text:
    name = given.partition("=")[0]
    near = get_close_matches(name, [each for each in options if each.startswith("-")], n=1)
    if near:
        return Text(f"There is no option {name}; did you mean {near[0]}?", f"没有选项 {name}，是否为 {near[0]}？")
    return Text(f"There is no option {name}.", f"没有选项 {name}。")


def _bad_value(error: CoercionError | ValidationError) -> Text:
    """A value that is not of its kind or not in its range."""
    argument = error.argument
    token = argument.tokens[0] if argument is not None and argument.tokens else None
    if token is None:
        return Text(f"The command line can't be read: {error}", "命令行无法识别。")
    name = token.keyword or token.value
    allowed = _allowed(error)
    return Text(
        f"{name} {token.value} is not allowed; allowed is {allowed.en}.",
        f"选项 {name} 的值 {token.value} 不可用，应为{allowed.zh}。",
    )


def _allowed(error: CoercionError | ValidationError) -> Text:
    if isinstance(error, ValidationError):
        bound = error.exception_message.removeprefix("Must be ").rstrip(".")
        return Text(bound, f" {bound} 的数值")
    choices = get_args(error.target_type)
    if choices:
        return Text(" or ".join(map(str, choices)), " " + " 或 ".join(map(str, choices)))
    kind = getattr(error.target_type, "__name__", "")
    return _KINDS.get(kind, Text(kind, f" {kind}"))
