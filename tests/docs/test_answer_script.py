"""The example of an agency in shell and curl: it answers messages that were left to a person (docs/agencies.md)."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from support.declarations import originating
from support.gateway_process import GatewayProcess, serving

from onewindow.codecs.messages.codes import CountryCode

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "examples" / "answer.sh"
CODE = "market-supervision"

pytestmark = pytest.mark.skipif(not shutil.which("curl") or not shutil.which("sh"), reason="needs curl and a shell")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    """A gateway whose market supervision leaves every answer to a person."""
    process = GatewayProcess(tmp_path_factory.mktemp("gateway"))
    config = process.folder / "onewindow.toml"
    section = f"[agencies.{CODE}]\n"
    config.write_text(config.read_text("utf-8").replace(section, f'{section}by_hand = ["declaration"]\n'), "utf-8")
    with serving(process):
        yield process


def answered(gateway: GatewayProcess, identifier: str) -> dict[str, Any]:
    """What the gateway says to the script's reply to a message."""
    command = ["sh", str(SCRIPT), gateway.url, CODE]
    ended = subprocess.run(command, input=f"{identifier}\n", capture_output=True, text=True, check=False)
    assert 0 == ended.returncode, ended.stderr
    taken: dict[str, Any] = msgspec.json.decode(ended.stdout)
    return taken


def message(gateway: GatewayProcess, reference: str, origin: CountryCode) -> str:
    """The id of the message of an import of goods of this origin."""
    body = originating(reference, origin)

    async def submitted() -> str:
        async with aiohttp.ClientSession() as client:
            headers = {"Content-Type": "application/xml"}
            async with client.post(f"{gateway.url}/v1/declarations", data=body, headers=headers) as answer:
                assert 202 == answer.status, await answer.text()
                return str((await answer.json())["id"])

    return f"{asyncio.run(submitted())}/{CODE}/1"


def finding(gateway: GatewayProcess, identifier: str) -> str:
    """The outcome of the agency, as the case's status has it."""

    async def outcome() -> str:
        path = f"/v1/declarations/{identifier.partition('/')[0]}"
        async with aiohttp.ClientSession(gateway.url) as client, client.get(path) as answer:
            agencies = (await answer.json())["agencies"]
            return str(next(each["outcome"] for each in agencies if each["code"] == CODE))

    return asyncio.run(outcome())


@pytest.mark.parametrize(("origin", "outcome"), [(CountryCode.IT, "approved"), (CountryCode.KP, "refused")])
def test_script_answers(gateway: GatewayProcess, origin: CountryCode, outcome: str) -> None:
    """The script reads the message, decides by what is in it and brings a reply that the gateway takes."""
    identifier = message(gateway, f"SCRIPT-{origin}", origin)
    taken = answered(gateway, identifier)
    assert (identifier.partition("/")[0], False) == (taken["case_id"], taken["known"])
    assert outcome == finding(gateway, identifier)


def test_unknown_message(gateway: GatewayProcess) -> None:
    """For a message that does not exist the script fails, and brings nothing."""
    command = ["sh", str(SCRIPT), gateway.url, CODE]
    unknown = f"0198d5a2-7b1e-7c3a-9f00-3d2c1b0a9e8f/{CODE}/1\n"
    assert 0 != subprocess.run(command, input=unknown, capture_output=True, text=True, check=False).returncode


def test_token(gateway: GatewayProcess, tmp_path: Path) -> None:
    """What the file in the third argument holds is shown as the agency's token: a wrong one is not let in."""
    identifier = message(gateway, "SCRIPT-TOKEN", CountryCode.IT)
    (tmp_path / "token").write_text("a-token-that-no-agency-of-it-has\n", "ascii")
    command = ["sh", str(SCRIPT), gateway.url, CODE, str(tmp_path / "token")]
    ended = subprocess.run(command, input=f"{identifier}\n", capture_output=True, text=True, check=False)
    assert (False, True) == (ended.returncode == 0, "401" in ended.stderr)


@pytest.mark.parametrize("script", ["answer.sh", "mailbox.sh"])
def test_usage(script: str) -> None:
    """Without URL and agency both scripts say how they are used, and do nothing."""
    ended = subprocess.run(["sh", str(SCRIPT.with_name(script))], capture_output=True, text=True, check=False)
    assert (2, "") == (ended.returncode, ended.stdout)
    assert ended.stderr.startswith("usage: ")
    assert f"{script} URL AGENCY [TOKEN-FILE]" in ended.stderr
