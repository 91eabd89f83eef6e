"""What the tests of the benchmarks share."""

from datetime import UTC, datetime

import pytest

from onewindow.bench.latency import Latency
from onewindow.bench.load_report import LoadRun


@pytest.fixture
def load_run() -> LoadRun:
    """A run at full rate that found nothing wrong."""
    return LoadRun(
        at=datetime(2026, 1, 31, tzinfo=UTC),
        workers=1,
        rate=0,
        items=1,
        document_bytes=4819,
        connections=32,
        declarations=9000,
        submitted_seconds=9.5,
        seconds=10,
        throughput=900,
        receipt=Latency(8100, 0.01, 0.02, 0.03, 0.04, 0.05),
        response=Latency(900, 0.02, 0.03, 0.26, 0.3, 0.4),
        put_off=0,
        refused=0,
        gateway_cpu=9,
        client_cpu=0.9,
        peak_mib=120,
    )
