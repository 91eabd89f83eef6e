"""The language in which a person is spoken to: English, Chinese or both, as --lang says, or else the locale."""

import os
import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal, cast, get_args

from ...codecs.finding import Text
from .ending import USAGE, Stop

Language = Literal["en", "zh", "both"]

OPTION: Final = "--lang"
CHINESE: Final = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")

_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The variables that say which language messages are in; the first that is set decides."""

_chosen: Language = "both"


def choose(language: Language) -> None:
    """Speak this language from now on."""
    global _chosen
    _chosen = language


def of_locale(environ: Mapping[str, str] = os.environ) -> Language:
    """The locale's language; both where it is neither English nor Chinese, or where there is none."""
    name = next((environ[each] for each in _LOCALE if environ.get(each)), "")
    found = re.match(r"(en|zh)(?![A-Za-z])", name)
    return "both" if found is None else cast("Language", found[1])


def taken_out(tokens: Sequence[str]) -> tuple[list[str], Language]:
    """A command line without --lang, and the language that it asks for. Raises Stop for one that there is not."""
    rest: list[str] = []
    language = of_locale()
    words = iter(tokens)
    for word in words:
        name, equals, value = word.partition("=")
        if word == "--":
            rest += [word, *words]
        elif name != OPTION:
            rest.append(word)
        else:
            given = value if equals else next(words, "")
            if given not in get_args(Language):
                en = f"{OPTION} {given} is not allowed; allowed is zh, en or both."
                raise Stop(USAGE, "usage", en, f"选项 {OPTION} 的值 {given} 不可用，应为 zh、en 或 both。")
            language = cast("Language", given)
    return rest, language


def said(en: str, zh: str, between: str = " ") -> str:
    """The words that a person is to read; where one language has none, those of the other."""
    if _chosen == "en" or not zh or zh == en:
        return en or zh
    return zh if _chosen == "zh" or not en else f"{en}{between}{zh}"


def text(words: Text, between: str = " ") -> str:
    """The same of words that come in pairs."""
    return said(words.en, words.zh, between)


def label(both: str) -> str:
    """The same of a label of our own: English, then Chinese from its first Chinese character on."""
    found = CHINESE.search(both)
    if found is None or _chosen == "both":
        return both
    return both[: found.start()].rstrip() if _chosen == "en" else both[found.start() :]


def spoken() -> tuple[bool, bool]:
    """Whether English is to be said, and whether Chinese is."""
    return _chosen != "zh", _chosen != "en"
