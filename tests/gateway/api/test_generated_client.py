"""A client that a tool of others generates from /openapi.json works with the gateway."""

import asyncio
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType
from support.batches import twin
from support.served import served

from onewindow.gateway.api.openapi import document
from onewindow.gateway.api.routes import ROUTES

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = ROOT / "docs" / "openapi-python-client.json"
NAME = "generated_onewindow_client"


def warnings(folder: Path, described: dict[str, Any]) -> list[str]:
    """What the generator warns of, when it makes a client of a description in a folder."""
    source = folder / "openapi.json"
    source.write_bytes(msgspec.json.encode(described))
    config = Config.from_sources(
        ConfigFile.load_from_path(SETTINGS), MetaType.NONE, source, "utf-8", True, folder / NAME
    )
    return [f"{each.header} {each.detail}" for each in generate(config=config)]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a generated client that can be imported."""
    folder = tmp_path_factory.mktemp("generated")
    assert [] == warnings(folder, document(ROUTES))
    sys.path.insert(0, str(folder))
    yield NAME
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[name]


def test_the_description_is_digested_whole(generated: str) -> None:
    """Nothing is warned of or left out: every call and every component is there under a name of its own."""
    folder = Path(importlib.import_module(generated).__file__ or "").parent
    calls = {path.stem for path in folder.glob("api/*/*.py")} - {"__init__"}
    models = {path.stem for path in folder.glob("models/*.py")}
    described = document(ROUTES)
    assert len(ROUTES) == len(calls)
    assert all(name.isidentifier() for name in described["components"]["schemas"])
    assert {"problem", "signed_response", "receipt_envelope", "dry_run", "declaration"} <= models


def test_warnings_are_seen(tmp_path: Path) -> None:
    """A description that the generator can't digest is warned of."""
    described = json.loads(msgspec.json.encode(document(ROUTES)))
    answers = described["paths"]["/v1/declarations"]["get"]["responses"]
    narrowed = {"properties": {"status": {"const": 400}}}
    answers["400"]["content"]["application/problem+json"]["schema"] = {
        "allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]
    }
    assert 1 == len(warnings(tmp_path, described))


async def test_a_generated_client(generated: str, tmp_path: Path) -> None:
    """It submits a declaration, waits for the response, sees the status, and reads problems with their findings."""
    client_of, api = importlib.import_module(f"{generated}.client"), f"{generated}.api.declarations"
    models = importlib.import_module(f"{generated}.models")
    submit, status, listed = (
        importlib.import_module(f"{api}.{name}")
        for name in ("submit_declaration", "get_declaration", "list_declarations")
    )
    good = models.Declaration.from_dict(json.loads(twin("GENERATED-1")))
    bad = json.loads(twin("GENERATED-2"))
    bad["TotalGrossMassMeasure"]["value"] = "-1"
    async with served(tmp_path) as gateway, client_of.Client(base_url=gateway.url, timeout=60) as client:
        async with asyncio.timeout(60):
            dry = await submit.asyncio(client=client, body=good, dry_run=True)
            decided = await submit.asyncio_detailed(client=client, body=good, prefer="wait=30")
            replayed = await submit.asyncio(client=client, body=good)
            found = await status.asyncio(id=UUID(str(replayed.id)), client=client)
            problem = await submit.asyncio_detailed(client=client, body=models.Declaration.from_dict(bad))
            parameter = await listed.asyncio(client=client, cursor=UUID(int=0))
    assert (models.DryRun, True) == (type(dry), dry.dry_run)
    assert (200, models.SignedResponse) == (decided.status_code, type(decided.parsed))
    assert (models.ReceiptEnvelope, "GENERATED-1") == (type(replayed), replayed.reference)
    assert ("decided", 4) == (str(found.status), len(found.agencies))
    assert (422, models.Problem, 422) == (problem.status_code, type(problem.parsed), problem.parsed.status)
    assert "urn:onewindow:problem:invalid" == problem.parsed.type_
    (finding,) = problem.parsed.findings
    assert finding.message.zh
    assert (models.Problem, "urn:onewindow:problem:invalid-parameter") == (type(parameter), parameter.type_)
