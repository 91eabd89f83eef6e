"""First come, first served: a queue before so many clerks."""

import heapq
import math
from collections.abc import Mapping, Sequence


def served(arrivals: Mapping[int, float], services: Mapping[int, float], clerks: int) -> dict[int, float]:
    """When each customer is done, by customer: who comes first is served by the clerk who is free first. Exact.

    arrivals: seconds; services: what a clerk takes for each, seconds; clerks: at least 1. Who comes at the same time is
    served in the order of their numbers.
    """
    free = [0.0] * clerks
    done: dict[int, float] = {}
    for customer in sorted(arrivals, key=lambda each: (arrivals[each], each)):
        begun = max(arrivals[customer], heapq.heappop(free))
        done[customer] = begun + services[customer]
        heapq.heappush(free, done[customer])
    return done


def clerks_for(per_second: float, mean_seconds: Sequence[float], load_max: float) -> int:
    """The fewest clerks who are at work for no more than this share of their time, at least one."""
    return max(1, math.ceil(per_second * math.fsum(mean_seconds) / load_max))
