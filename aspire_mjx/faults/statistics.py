"""Exact tests and intervals for pass counts. Pure Python: counts here are hundreds, not millions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple


class Interval(NamedTuple):
    """A confidence interval of a rate, within [0, 1]."""

    low: float
    high: float


def wilson(passes: int, trials: int, *, confidence: float = 0.95) -> Interval:
    """Wilson score interval of a pass rate (E. B. Wilson, JASA 22, 1927). No trials give (0, 1)."""
    _check_counts(passes, trials)
    if trials == 0:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf(0.5 + confidence / 2.0)
    rate, scale = passes / trials, 1.0 + z * z / trials
    centre = (rate + z * z / (2 * trials)) / scale
    half = z / scale * math.sqrt(rate * (1.0 - rate) / trials + z * z / (4 * trials * trials))
    low = 0.0 if passes == 0 else max(0.0, centre - half)
    high = 1.0 if passes == trials else min(1.0, centre + half)
    return Interval(low, high)


def mcnemar(gains: int, losses: int) -> float:
    """One-sided exact McNemar p-value that gains are more likely than losses (Q. McNemar, Psychometrika 12, 1947).

    ``gains`` and ``losses`` count the pairs (same world, two programs) whose verdict turned to pass and to fail.
    The p-value is P(X >= gains) for X ~ Binomial(gains + losses, 1/2); 1 when no pair differs. For the test of a
    loss, swap the arguments.
    """
    if gains < 0 or losses < 0:
        raise ValueError(f"gains and losses are counts, got {gains} and {losses}")
    pairs = gains + losses
    return sum(math.comb(pairs, k) for k in range(gains, pairs + 1)) / 2**pairs


def fisher(low_passes: int, low_trials: int, high_passes: int, high_trials: int) -> float:
    """Two-sided Fisher exact p-value that two groups have the same pass rate (R. A. Fisher, 1935).

    Sums the probability of every table, margins fixed, that is no more likely than the observed one.
    """
    _check_counts(low_passes, low_trials)
    _check_counts(high_passes, high_trials)
    passes = low_passes + high_passes
    first, last = max(0, passes - high_trials), min(low_trials, passes)
    ways = [math.comb(low_trials, first) * math.comb(high_trials, passes - first)]
    for k in range(first, last):
        ways.append(ways[-1] * (low_trials - k) * (passes - k) // ((k + 1) * (high_trials - passes + k + 1)))
    observed = ways[low_passes - first]
    return sum(w for w in ways if w <= observed) / sum(ways)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down correction of several p-values (S. Holm, Scand. J. Statist. 6, 1979), in the given order."""
    adjusted, running = [1.0] * len(p_values), 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = running
    return adjusted


def _check_counts(passes: int, trials: int) -> None:
    if not 0 <= passes <= trials:
        raise ValueError(f"passes must be between 0 and trials, got {passes} of {trials}")
