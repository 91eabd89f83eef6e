"""`onewindow simulate`: six counters against the window."""

from pathlib import Path

import pytest
from lxml import etree
from support.command_line import Run

FEW = ("--declarations", "30", "--through", "0")


def test_all_ways_are_compared(run: Run) -> None:
    """The table names all ways with their times, the counters with clerks and sources, and the method with its seed."""
    ended = run("simulate", *FEW, "--seed", "3")
    assert (0, "") == (ended.status, ended.err)
    for words in ("Six counters", "The window", "Reception 受理", "Payment 缴款", "assumption 假设", "seed 3", "WCO"):
        assert words in ended.out


def test_same_seed_same_times(run: Run) -> None:
    """The same seed gives the same times but for the gateway's own; another seed gives others."""
    first, again, other = (run("simulate", *FEW, "--seed", seed, "--json").json for seed in ("1", "1", "2"))
    assert first["ways"][:3] == again["ways"][:3]
    assert first["ways"][0] != other["ways"][0]
    assert (6, []) == (len(first["counters"]), first["left_out"])
    assert None is first["agreement"]


def test_window_is_the_faster_way(run: Run) -> None:
    """With the same staff and times at agencies the window takes less than the counters, at every percentile."""
    ways = {way["way"]: way["seconds"] for way in run("simulate", *FEW, "--json").json["ways"]}
    order = ("window", "agencies", "before-payment", "counters")
    for percentile in ("median", "p90", "p99", "mean"):
        values = [ways[way][percentile] for way in order]
        assert values == sorted(values)


def test_some_go_through_a_real_gateway(run: Run, tmp_path: Path) -> None:
    """A share really goes through a gateway, whose times are told beside the simulated ones; the plot is an SVG."""
    plot = tmp_path / "plot.svg"
    few = ("--declarations", "6", "--through", "3", "--speed", "3600", "--per-hour", "600")
    ended = run("simulate", *few, "--plot", plot, "--json")
    assert 3 == ended.json["agreement"]["declarations"]
    lines = etree.parse(plot).getroot().findall("{http://www.w3.org/2000/svg}polyline")
    assert 4 == len(lines)


def test_latencies_and_plan_of_the_configuration(run: Run, tmp_path: Path) -> None:
    """Latencies that are configured are used and said to be, and so is whose answers an agency waits for."""
    (tmp_path / "customs.txt").write_text("60\n", "utf-8")
    config = tmp_path / "onewindow.toml"
    config.write_text(
        f'[agencies.customs]\nlatency = {{ file = "{tmp_path / "customs.txt"}", unit = "m" }}\n'
        '[procedures.import]\nagencies = ["customs", "tax"]\nafter = { tax = ["customs"] }\n',
        "utf-8",
    )
    document = run("simulate", *FEW, "--config", config, "--json").json
    customs = next(each for each in document["counters"] if each["agency"] == "customs")
    assert (3600, "configuration") == (customs["seconds"]["median"], customs["source"]["en"])
    assert {"tax": ["customs"]} == document["after"]
    assert document["ways"][3]["seconds"]["median"] > 3600


@pytest.mark.parametrize("wrong", [("--declarations", "0"), ("--speed", "0.5"), ("--per-hour", "0")])
def test_wrong_usage(run: Run, wrong: tuple[str, str]) -> None:
    """No declarations, no rate and a gateway slower than life are wrong usage."""
    assert 2 == run("simulate", *wrong).status
