"""Agencies' latencies in the configuration: what is taken, what is refused, and that a window keeps to them."""

import asyncio
from itertools import count
from pathlib import Path

import pytest
from support.windows import now

from onewindow.agencies.latency import Figures, LogNormal, share
from onewindow.codecs import DECLARATION
from onewindow.codecs.messages.codes import DeclarationType
from onewindow.gateway.agency_latency import LatencyTable, latency
from onewindow.gateway.config import BadConfig, Config
from onewindow.gateway.config_loading import load_config
from onewindow.gateway.events import Decided, SendFailed
from onewindow.gateway.sample import sample
from onewindow.gateway.window import Window


def configured(folder: Path, text: str) -> Config:
    """The configuration with this under [agencies.tax]."""
    file = folder / "onewindow.toml"
    file.write_text(f'[store]\nurl = "sqlite:///{folder / "onewindow.db"}"\n[agencies.tax]\n{text}\n', "utf-8")
    return load_config(file, {})


def test_latencies_that_can_be_said(tmp_path: Path) -> None:
    """A latency is a median with a higher percentile, or figures from a file; its durations have units."""
    (tmp_path / "figures.csv").write_text("minutes\n3\n1\n", "utf-8")
    own = configured(tmp_path, 'latency = { median = "8m", p99 = "1h" }\nerror_rate = 0.1\nseed = 3').agency("tax")
    assert own.latency is not None
    drawn = latency(own.latency)
    assert isinstance(drawn, LogNormal)
    assert [480.0, 3600.0, 0.1, 3.0] == pytest.approx([drawn.median, drawn.at(0.99), own.error_rate, own.seed])
    listed = LatencyTable(file=tmp_path / "figures.csv", column="minutes", unit="m")
    assert Figures((60, 180)) == latency(listed)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('latency = { median = "8m" }', "write { median"),
        ('latency = { median = "8m", p90 = "9m", p99 = "10m" }', "write { median"),
        ('latency = { median = "8", p90 = "9m" }', "write { median"),
        ('latency = { median = "8m", p90 = "8m" }', "above the median"),
        ('latency = { file = "nowhere.csv" }', "nowhere.csv can't be read"),
        ('latency = { file = "nowhere.csv", median = "8m" }', "write { median"),
        ('latency = { mean = "8m" }', "is not allowed"),
        ('latency = "8m"', "is not allowed"),
        ("error_rate = 1", "from 0 to below 1"),
        ("seed = -1", "from 0"),
    ],
)
def test_latencies_that_can_not(tmp_path: Path, text: str, words: str) -> None:
    """A latency that says nothing, too much or nonsense stops the start, with the key and what is allowed."""
    with pytest.raises(BadConfig) as caught:
        configured(tmp_path, text)
    (mistake,) = caught.value.mistakes
    assert ("config.bad-value", f"agencies.tax.{text.split()[0]}") == (mistake.code, mistake.key)
    assert words in mistake.message.en


async def test_window_keeps_to_them(tmp_path: Path) -> None:
    """A window's agency is as unreliable as configured, and the declaration is decided nevertheless."""
    config = configured(tmp_path, 'latency = { median = "1ms", p90 = "2ms" }\nerror_rate = 0.5\nseed = 4')
    window = await Window.open(config)
    running = asyncio.create_task(window.run())
    while not window.ready:
        await asyncio.sleep(0)
    try:
        declared = sample(1, DeclarationType.IM, failing_once(), now())
        taken = await window.submit(DECLARATION.encode_xml(declared), "application/xml")
        events = [event async for _, event in window.follow(taken.case.id, 0)]
    finally:
        await window.stop()
        await running
    failed = [event for event in events if isinstance(event, SendFailed)]
    assert [("tax", "simulated-failure")] == [(event.agency, event.code) for event in failed]
    assert isinstance(events[-1], Decided)


def failing_once() -> str:
    """A reference whose first attempt at tax fails and whose second does not."""
    for number in count():
        reference = f"FAILS-ONCE-{number}"
        first, second = (share(4, "failure", reference, "tax/1", attempt) for attempt in "12")
        if first < 0.5 <= second:
            return reference
    raise AssertionError
