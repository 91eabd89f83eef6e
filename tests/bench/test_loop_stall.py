"""The recommended limit between the event loop and a thread."""

import pytest

from onewindow.bench.loop_stall import Stall, recommended, shown


def stall(size: int, on_loop: float) -> Stall:
    """A document that keeps the loop for so long."""
    return Stall(items=1, size=size, on_loop=on_loop, in_thread=0, took_on_loop=0, took_in_thread=0)


@pytest.mark.parametrize(
    ("stalls", "size"),
    [
        ([stall(1_000, 0.001), stall(3_000, 0.003)], 3_000),
        ([stall(3_000, 0.015), stall(1_000, 0.005)], 2_000),
        ([stall(1_000, 0.011)], 0),
        ([], 0),
    ],
)
def test_recommended(stalls: list[Stall], size: int) -> None:
    """The limit is where the loop is kept for ten milliseconds, between two sizes on the line between them."""
    assert size == recommended(stalls, 0.01)


def test_shown() -> None:
    """The table has a line for each size and ends with the limit."""
    text = shown("A document", [stall(200_000, 0.004)])
    assert "| 1 | 200000 | 4 ms |" in text
    assert "up to 195 KiB" in text
