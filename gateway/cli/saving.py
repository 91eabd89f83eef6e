"""Documents that the user asked to have kept in files."""

from pathlib import Path

from .console import stderr
from .ending import NO, Stop


def save(file: Path, document: bytes, what: str) -> None:
    """Keep a document in a file, byte for byte. Raises Stop where that can't be done."""
    try:
        file.write_bytes(document)
    except OSError as error:
        cause = error.strerror or str(error)
        raise Stop(
            NO,
            "not-written",
            f"{what} can't be written to {file}: {cause}.",
            f"无法写入{file}:{cause}。",
        ) from error
    stderr().print(f"{what}: {file}", style="quiet", markup=False)
