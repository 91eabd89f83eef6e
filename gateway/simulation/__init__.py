"""Counters against the window: the same declarations and the same times at agencies, two ways to do them."""

from .counter import KEYING, SOURCES, WALK, Counter
from .experiment import LOAD_MAX, Agreement, Result, Settings, Way, run
from .plot import plot

__all__ = ["KEYING", "LOAD_MAX", "SOURCES", "WALK", "Agreement", "Counter", "Result", "Settings", "Way", "plot", "run"]
