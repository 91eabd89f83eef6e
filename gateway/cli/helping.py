"""Help in the reader's language: what is said of a command, its arguments and options in English, then in Chinese."""

from typing import Any, Final

from cyclopts.help import HelpPanel, InlineText
from cyclopts.help.formatters import DefaultFormatter
from rich.console import Console, ConsoleOptions
from rich.text import Text

from .language import CHINESE, label, spoken

_TITLES: Final = {"Arguments": "Arguments 参数", "Commands": "Commands 命令", "Parameters": "Parameters 选项"}
_OWN: Final = {
    "Display this message and exit.": "Show this. 显示帮助",
    "Display application version.": "Show the version. 显示版本",
}
"""cyclopts' own words."""


class SpokenFormatter(DefaultFormatter):
    """cyclopts' own form of help, less the words of a language that is not spoken."""

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        """Print one panel."""
        entries = [entry.copy(description=_spoken(entry.description)) for entry in panel.entries]
        title = label(_TITLES.get(str(panel.title), str(panel.title)))
        super().__call__(console, options, panel.copy(entries=entries, title=title))

    def render_description(self, console: Console, options: ConsoleOptions, description: Any) -> None:
        """Print what a command does."""
        super().render_description(console, options, _spoken(description))


def _spoken(shown: Any) -> Any:
    if isinstance(shown, InlineText) and isinstance(shown.primary_renderable, Text):
        made = InlineText(Text(words(shown.primary_renderable.plain)), force_empty_end=shown.force_empty_end)
        made.texts = shown.texts
        return made
    return shown


def words(text: str) -> str:
    """The part of a help text that is in the reader's language: in each paragraph the Chinese follows the English."""
    in_english, in_chinese = spoken()
    text = _OWN.get(text, text)
    if in_english and in_chinese:
        return text
    parts = (_part(paragraph, chinese=in_chinese) for paragraph in text.split("\n\n"))
    return "\n\n".join(part for part in parts if part) or text


def _part(paragraph: str, *, chinese: bool) -> str:
    found = CHINESE.search(paragraph)
    start = len(paragraph) if found is None else found.start()
    return paragraph[start:].strip().rstrip(".") if chinese else paragraph[:start].strip()
