"""The folder of documents on file: whole files under their digests, and nothing else."""

import os
import stat
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from onewindow.codecs.digest import digest
from onewindow.gateway.store import document_folder
from onewindow.gateway.store.document_folder import ABANDONED_SECONDS, DocumentDamaged, DocumentFolder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "documents"


@pytest.fixture
def folder(path: Path) -> DocumentFolder:
    return DocumentFolder(path)


def keep(folder: DocumentFolder, *chunks: bytes) -> str:
    """Keep a file; its digest."""
    incoming = folder.begin()
    for chunk in chunks:
        incoming.write(chunk)
    incoming.keep()
    return incoming.digest


def files(path: Path) -> list[Path]:
    """Every file of the folder."""
    return [each for each in path.rglob("*") if each.is_file()]


def test_keep(folder: DocumentFolder, path: Path) -> None:
    """A file is kept byte for byte under its SHA-256, for its owner only, and is read again from its beginning."""
    kept = keep(folder, b"one", b"", b"two")
    assert digest(b"onetwo") == kept
    (file,) = files(path)
    assert (kept[7:9], kept[7:]) == (file.parent.name, file.name)
    assert [0o600, 0o700, 0o700] == [stat.S_IMODE(each.stat().st_mode) for each in (file, file.parent, path)]
    with folder.open(kept, 6) as opened:
        assert b"onetwo" == opened.read()


def test_nothing_is_made_beforehand(folder: DocumentFolder, path: Path) -> None:
    """Looking for a file makes no folder."""
    with pytest.raises(DocumentDamaged, match="not there"):
        folder.open(digest(b"x"), 1)
    assert not path.exists()


def test_discard(folder: DocumentFolder, path: Path) -> None:
    """Nothing is left of a file that is discarded, and one that was kept stays."""
    incoming = folder.begin()
    incoming.write(b"x")
    incoming.discard()
    assert [] == files(path)
    incoming = folder.begin()
    incoming.write(b"x")
    incoming.keep()
    incoming.discard()
    assert 1 == len(files(path))


def test_discarded_while_written(folder: DocumentFolder, path: Path) -> None:
    """A file can be discarded while another thread writes to it: the writer is told, and nothing is left."""
    incoming = folder.begin()
    begun = threading.Event()

    def write() -> None:
        with suppress(ValueError):
            while True:
                incoming.write(b"x" * 65_536)
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait()
    incoming.discard()
    writer.join()
    assert [] == files(path)


def test_same_bytes_at_once(folder: DocumentFolder, path: Path) -> None:
    """The same bytes coming in twice at once are one file."""
    one, other = folder.begin(), folder.begin()
    for incoming in (one, other):
        incoming.write(b"same")
    other.keep()
    one.keep()
    assert [digest(b"same")[7:]] == [file.name for file in files(path)]


@pytest.mark.parametrize("found", [b"", b"samf", b"same and more", None])
def test_damage(folder: DocumentFolder, path: Path, found: bytes | None) -> None:
    """A file that is not what its name says is not opened; the same bytes again mend it."""
    kept = keep(folder, b"same")
    (file,) = files(path)
    file.unlink()
    if found is not None:
        file.write_bytes(found)
    with pytest.raises(DocumentDamaged) as damaged:
        folder.open(kept, 4)
    assert kept == damaged.value.digest
    keep(folder, b"same")
    with folder.open(kept, 4) as opened:
        assert b"same" == opened.read()


def test_another_size(folder: DocumentFolder) -> None:
    """A file of another size than its entry says is not opened: its receiver would be told a wrong length."""
    kept = keep(folder, b"same")
    with pytest.raises(DocumentDamaged, match="has 4 bytes"):
        folder.open(kept, 5)


@pytest.mark.parametrize("name", ["", "sha256:", "sha256:../../secret", "sha256:" + "g" * 64, "/etc/passwd", "a" * 64])
def test_no_digest(folder: DocumentFolder, path: Path, name: str) -> None:
    """What is no digest leads to no file, wherever it points."""
    keep(folder, b"same")
    (path.parent / "secret").write_bytes(b"secret")
    with pytest.raises(DocumentDamaged, match="no digest"):
        folder.open(name, 4)


def test_litter(folder: DocumentFolder, path: Path) -> None:
    """What a kill left half written is removed after a while, and not before."""
    old, new = folder.begin(), folder.begin()
    for incoming in (old, new):
        incoming.write(b"half")
    first, second = sorted(files(path), key=lambda file: file.name)
    long_ago = first.stat().st_mtime - ABANDONED_SECONDS - 1
    os.utime(first, (long_ago, long_ago))
    third = folder.begin()
    assert second in files(path)
    assert first not in files(path)
    for incoming in (old, new, third):
        incoming.discard()


def test_room_for_cases(folder: DocumentFolder, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is begun where it would take the room that cases need."""
    monkeypatch.setattr(document_folder, "FREE_BYTES_MIN", 2**63)
    with pytest.raises(OSError, match="No space left"):
        folder.begin()
    assert [] == files(path)


def test_parent_missing(tmp_path: Path) -> None:
    """The folder is made, its parent is not: a mistyped path begins nothing."""
    with pytest.raises(FileNotFoundError):
        DocumentFolder(tmp_path / "mistyped" / "documents").begin()
    assert [] == list(tmp_path.iterdir())
