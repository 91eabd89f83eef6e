"""`onewindow demo`: what a newcomer sees first."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from rich.cells import cell_len
from support.command_line import ONEWINDOW, Run

from onewindow.codecs import RESPONSE
from onewindow.gateway.cli import demonstration, document
from onewindow.gateway.cli.document import Given


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reference agencies that hardly take any time."""
    monkeypatch.setattr(demonstration, "DELAY_SECONDS", (0.02, 0.01))


@pytest.mark.usefixtures("quick")
def test_all_there(run: Run) -> None:
    """The demonstration shows declaration, receipt, agencies, response, bill, verification and what next."""
    ended = run("demo")
    assert (0, "") == (ended.status, ended.err)
    for words in (
        "启动网关", "一次申报", "受理回执", "并联审批", "统一出件", "验签", "下一步",
        "Customs 海关", "Tax 税务", "Market supervision 市场监管", "Quality inspection 质检",
        "cleared with conditions 附条件放行", "sanitary certificate", "Total 合计", "One after another", "Side by side",
        "Answers the receipt", "About this declaration", "The response is genuine.", "onewindow serve",
    ):  # fmt: skip
        assert words in ended.out


@pytest.mark.usefixtures("quick")
def test_joint_inspection(run: Run) -> None:
    """With twelve items two agencies inspect together."""
    ended = run("demo", "--items", "12")
    assert 0 == ended.status
    assert "Joint inspection 联合查验" in ended.out
    assert "customs, quality-inspection" in ended.out


@pytest.mark.usefixtures("quick")
def test_documents_can_be_kept(run: Run, tmp_path: Path) -> None:
    """What is kept verifies afterwards without the gateway."""
    kept = tmp_path / "kept"
    assert 0 == run("demo", "--type", "EX", "--keep", kept).status
    ended = run(
        "verify", kept / "response.xml", "--receipt", kept / "receipt.json",
        "--declaration", kept / "declaration.xml", "--trust", kept / "authority.crt.pem",
    )  # fmt: skip
    assert 0 == ended.status
    assert "cleared" == RESPONSE.decode_xml((kept / "response.xml").read_bytes()).outcome_code


@pytest.mark.usefixtures("quick")
def test_response_that_does_not_verify(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demonstration in which the response does not verify fails, in words."""

    def tampered(name: str, body: bytes, media_type: document.MediaType) -> Given:
        changed = body.replace(b"cleared-with-conditions", b"cleared") if name == "the response" else body
        return Given(name, changed, media_type)

    monkeypatch.setattr(demonstration, "Given", tampered)
    ended = run("demo")
    assert 1 == ended.status
    assert "The signature is not good." in ended.err
    assert "The response is genuine." not in ended.out


def test_plain_where_there_is_no_terminal(tmp_path: Path) -> None:
    """Without a terminal the demonstration is plain text of 80 columns, ends with 0 and leaves nothing behind."""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    environment.pop("COLUMNS", None)
    ended = subprocess.run([*ONEWINDOW, "demo"], capture_output=True, env=environment, check=False)
    lines = ended.stdout.decode().splitlines()
    assert (0, b"") == (ended.returncode, ended.stderr)
    assert not [line for line in lines if "\x1b" in line]
    assert not [line for line in lines if cell_len(line) > 80]
    assert [] == list(tmp_path.iterdir())


def test_interrupted(tmp_path: Path) -> None:
    """Ctrl-C in the middle ends it quietly with 130 and leaves nothing behind."""
    process = subprocess.Popen(
        [*ONEWINDOW, "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    for line in process.stdout:
        if "并联审批".encode() in line:
            process.send_signal(signal.SIGINT)
            break
    rest = process.stdout.read()
    said = process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    assert 130 == process.wait()
    assert (b"", []) == (said, list(tmp_path.iterdir()))
    assert "统一出件".encode() not in rest
