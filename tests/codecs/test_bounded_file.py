"""Files that somebody else names are read up to a limit, and nothing is waited for."""

import os
from pathlib import Path

import pytest

from onewindow.codecs.bounded_file import Unfit, check_regular, open_regular, read_file
from onewindow.codecs.causes import cause


def test_a_file_at_its_limit_is_read_and_one_past_it_is_not(tmp_path: Path) -> None:
    """A file of as many bytes as are allowed is read whole; one more is refused with the limit in words."""
    file = tmp_path / "file"
    file.write_bytes(b"12345678")
    assert b"12345678" == read_file(file, 8)
    with pytest.raises(Unfit) as caught:
        read_file(file, 7)
    assert ("it is larger than 7 bytes", "超过 7 字节") == (cause(caught.value).en, cause(caught.value).zh)


def test_a_device_without_end_is_read_no_further_than_the_limit() -> None:
    """What never ends is refused after the limit and one byte."""
    with pytest.raises(Unfit, match="larger than 1000 bytes"):
        read_file(Path("/dev/zero"), 1000)


def test_a_pipe_is_read_where_one_document_is_meant() -> None:
    """What a shell hands on as the name of a pipe is a document like another."""
    reading, writing = os.pipe()
    os.write(writing, b"<Declaration/>")
    os.close(writing)
    try:
        assert b"<Declaration/>" == read_file(Path(f"/dev/fd/{reading}"), 100)
    finally:
        os.close(reading)


def test_only_a_regular_file_is_opened_where_names_come_from_a_folder(tmp_path: Path) -> None:
    """A pipe, a device and a folder are refused at once, with the reason; a link to a file is followed."""
    pipe, file, link = tmp_path / "pipe", tmp_path / "file", tmp_path / "link"
    os.mkfifo(pipe)
    file.write_bytes(b"bytes")
    link.symlink_to(file)
    for name in (pipe, Path("/dev/zero")):
        with pytest.raises(Unfit, match="not a regular file"):
            open_regular(name)
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)
    with open_regular(link) as opened:
        assert b"bytes" == opened.read()


def test_a_file_for_a_library_is_looked_at_first(tmp_path: Path) -> None:
    """A file that a library opens by itself is held against its limit before."""
    file = tmp_path / "file"
    file.write_bytes(b"12345678")
    check_regular(file, 8)
    with pytest.raises(Unfit, match="larger than 7 bytes"):
        check_regular(file, 7)
