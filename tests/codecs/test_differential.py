"""Mutated real documents: our verdict is libxml2's, and both forms of the walker read the same."""

import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from support.bindings import compiled, corpus_folder
from support.mutation import mutated

from onewindow import schemas
from onewindow.codecs import DECLARATION, Codec, Rejected
from onewindow.codecs.walker import COMPILED, PYTHON

DELIBERATE = frozenset({"too-large", "forbidden-construct"})
"""Refusals that are ours and not libxml2's: limits, DOCTYPE, other encodings."""


def libxml2(schema: etree.XMLSchema, document: bytes) -> bool:
    """The verdict of the library alone."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError:
        return False
    return bool(schema.validate(root))


def differences(codecs: list[Codec[Any]], schema: etree.XMLSchema, document: bytes) -> tuple[str, list[str]]:
    """What became of a document, and everything in which two of the judges differ."""
    expected = libxml2(schema, document)
    outcomes: list[Any] = []
    for codec in codecs:
        try:
            value = codec.decode_xml(document)
        except Rejected as rejected:
            outcomes.append((rejected.problem, rejected.findings))
            if not rejected.findings:
                return rejected.problem, ["refused without a finding"]
            continue
        if codec.decode_xml(codec.encode_xml(value)) != value:
            return "taken", ["decode(encode(x)) != x"]
        outcomes.append(value)
    found = [] if all(outcome == outcomes[0] for outcome in outcomes) else ["the two forms of the walker differ"]
    if isinstance(outcomes[0], tuple):
        problem: str = outcomes[0][0]
        if expected and problem not in DELIBERATE:
            found.append(f"libxml2 takes it, we say {problem}: {outcomes[0][1][0]}")
        return problem, found
    return "taken", found if expected else [*found, "we take it, libxml2 does not"]


@pytest.fixture(scope="module")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[list[Codec[Any]], etree.XMLSchema, list[bytes]]]:
    """Codecs in both forms, the schema and the documents: our own, and the UK's where they are at hand."""
    walkers = [PYTHON] if COMPILED is None else [PYTHON, COMPILED]
    own = [Codec(DECLARATION.name, DECLARATION.type, DECLARATION.namespace, walker=walker) for walker in walkers]
    samples = [schemas.sample("import"), schemas.sample("export")]
    corpus = corpus_folder()
    schema = corpus / "schemas/customs/wrapper_submit.xsd"
    module = compiled(schema, tmp_path_factory.mktemp("uk"))
    documents = [path.read_bytes() for path in sorted(Path(corpus).glob("declarations/*.xml"))]
    foreign = [Codec.of(schema, module.MetaData, walker=walker) for walker in walkers]
    return [
        (own, etree.XMLSchema(etree.parse(str(schemas.path(DECLARATION.name)))), samples),
        (foreign, etree.XMLSchema(etree.parse(str(schema))), documents),
    ]


@pytest.mark.sweep
@pytest.mark.timeout(0)
def test_no_mutated_document_divides_us_from_libxml2(
    subjects: list[tuple[list[Codec[Any]], etree.XMLSchema, list[bytes]]], pytestconfig: pytest.Config
) -> None:
    """Of thousands of mutated documents none is taken here and refused there, or read differently by the two forms."""
    seed = int(pytestconfig.getoption("fault_seed"))
    documents_min, seconds_min = (int(pytestconfig.getoption(name)) for name in ("fuzz_documents", "fuzz_seconds"))
    chance = random.Random(seed)
    tried: Counter[str] = Counter()
    end = time.monotonic() + seconds_min
    while tried.total() < documents_min or time.monotonic() < end:
        codecs, schema, documents = chance.choice(subjects)
        document = mutated(chance.choice(documents), chance)
        outcome, found = differences(codecs, schema, document)
        assert [] == found, document
        tried[outcome] += 1
    print(f"seed {seed}: {tried.total()} documents: {dict(tried)}")
    assert tried["taken"] > 0
    assert tried["invalid"] > 0


def test_a_verdict_that_differs_is_seen() -> None:
    """The control: held against another schema's verdict, a valid document counts as a difference."""
    other = etree.XMLSchema(etree.parse(str(schemas.path("response"))))
    assert ("taken", ["we take it, libxml2 does not"]) == differences([DECLARATION], other, schemas.sample("import"))
