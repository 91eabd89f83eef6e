"""`onewindow keys init`: development keys."""

import stat
from pathlib import Path

from support.command_line import Run

from onewindow.codecs.keys import key_files, load_signer, load_trust


def test_keys_are_made(run: Run, tmp_path: Path) -> None:
    """The keys that are made can be used, and only their owner can read them."""
    folder = tmp_path / "keys"
    ended = run("keys", "init", folder, "--json")
    files = key_files(folder)
    assert (0, str(files.gateway_key)) == (ended.status, ended.json["gateway_key"])
    assert load_signer(files.gateway_certificate, files.gateway_key)
    assert load_trust(files.authority_certificate)
    assert 0o700 == stat.S_IMODE(folder.stat().st_mode)


def test_keys_are_never_overwritten(run: Run, tmp_path: Path) -> None:
    """Where there are keys already none are made."""
    folder = tmp_path / "keys"
    run("keys", "init", folder)
    before = key_files(folder).gateway_key.read_bytes()
    ended = run("keys", "init", folder)
    assert (1, "") == (ended.status, ended.out)
    assert "keys-exist" in ended.err
    assert before == key_files(folder).gateway_key.read_bytes()
