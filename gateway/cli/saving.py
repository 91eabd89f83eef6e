"""Documents that the user asked to have kept in files."""

from pathlib import Path

from ...codecs.causes import cause
from .console import stderr
from .ending import NO, Stop


def save(file: Path, document: bytes, what: str) -> None:
    """Keep a document in a file, byte for byte. Raises Stop where that can't be done."""
    try:
        file.write_bytes(document)
    except OSError as error:
        why = cause(error)
        raise Stop(
            NO,
            "not-written",
            f"{what} can't be written to {file}: {why.en}.",
            f"无法写入 {file}：{why.zh}。",
        ) from error
    stderr().print(f"{what}: {file}", style="quiet", markup=False)
