"""Exact tests and intervals for pass counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scipy import stats


class Interval(NamedTuple):
    """A confidence interval of a rate, within [0, 1]."""

    low: float
    high: float


def wilson(passes: int, trials: int, *, confidence: float = 0.95) -> Interval:
    """Wilson score interval of a pass rate (E. B. Wilson, JASA 22, 1927). No trials give (0, 1)."""
    _check_counts(passes, trials)
    if trials == 0:
        return Interval(0.0, 1.0)
    interval = stats.binomtest(passes, trials).proportion_ci(confidence, method="wilson")
    return Interval(float(interval.low), float(interval.high))


def mcnemar(gains: int, losses: int) -> float:
    """One-sided exact McNemar p-value that gains are more likely than losses (Q. McNemar, Psychometrika 12, 1947).

    ``gains`` and ``losses`` count the pairs (same world, two programs) whose verdict turned to pass and to fail.
    The p-value is P(X >= gains) for X ~ Binomial(gains + losses, 1/2); 1 when no pair differs. For the test of a
    loss, swap the arguments.
    """
    if gains < 0 or losses < 0:
        raise ValueError(f"gains and losses are counts, got {gains} and {losses}")
    pairs = gains + losses
    return float(stats.binomtest(gains, pairs, alternative="greater").pvalue) if pairs else 1.0


def fisher(low_passes: int, low_trials: int, high_passes: int, high_trials: int) -> float:
    """Two-sided Fisher exact p-value that two groups have the same pass rate (R. A. Fisher, 1935).

    Sums the probability of every table, margins fixed, that is no more likely than the observed one.
    """
    _check_counts(low_passes, low_trials)
    _check_counts(high_passes, high_trials)
    table = [[low_passes, low_trials - low_passes], [high_passes, high_trials - high_passes]]
    return float(stats.fisher_exact(table).pvalue)  # pyright: ignore[reportAttributeAccessIssue]


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
