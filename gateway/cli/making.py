"""A new agency package, made from the kit."""

from importlib.metadata import entry_points
from pathlib import Path
from shlex import quote

import msgspec
from rich.text import Text

from ...agencies.registry import GROUP
from ...codecs.causes import cause
from ..agency_kit import BadName, contents, names, write
from .console import stdout, write_json
from .ending import DONE, NO, USAGE, Stop
from .language import label


def make_agency(code: str, folder: Path | None, named: tuple[str | None, str | None], *, as_json: bool) -> int:
    """Write the package and say what to do next; the command's exit status. Raises Stop."""
    taken = {entry_point.name for entry_point in entry_points(group=GROUP)}
    try:
        known = names(code, *named, taken)
    except BadName as bad:
        raise Stop(USAGE, bad.code, f"{bad.words.en}.", f"{bad.words.zh}。") from bad
    target = folder or Path(known.code)
    texts = contents(known)
    try:
        write(target, texts)
    except OSError as error:
        why = cause(error)
        raise Stop(NO, "not-written", f"{target} can't be made: {why.en}.", f"无法创建 {target}：{why.zh}。") from error
    if as_json:
        write_json(msgspec.json.encode({"folder": str(target), "agency": known.code, "files": sorted(texts)}))
        return DONE
    stdout().print(Text.assemble((label("done 完成"), "good"), "  ", (str(target), "term")), soft_wrap=True)
    for path in sorted(texts):
        stdout().print(f"  {path}", style="quiet", soft_wrap=True)
    path = quote(_as_path(target))
    for line in (f"pip install {path}", f"onewindow agency check {known.code}", f"python -m pytest {path}"):
        stdout().print(f"{label('next 下一步')}  {line}", markup=False, soft_wrap=True)
    stdout().print(f"The window finds it by its entry point, in the group {GROUP}.", style="quiet", soft_wrap=True)
    return DONE


def _as_path(folder: Path) -> str:
    """The folder as pip has to be told of it: it takes a bare name for that of a package elsewhere."""
    text = folder.as_posix()
    return text if folder.is_absolute() or text.startswith(".") else f"./{text}"
