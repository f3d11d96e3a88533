"""Exact tests and intervals for pass counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import stats

_RESAMPLES = 4999
_AT_ONCE = 1_000_000  # numbers of a bootstrap in memory


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


def clustered(verdicts: Sequence[bool], seeds: Sequence[int], *, confidence: float = 0.95) -> Interval:
    """Interval of the pass rate of rollouts that may share seeds: rows of one seed may pass and fail together.

    A bootstrap over seeds (BCa: B. Efron, JASA 82, 1987), each drawn with all its rows, so that the interval is as wide
    as the seeds' rates ask for; it repeats exactly. It is never narrower than Wilson's, which stands alone where no two
    rows share a seed or where all seeds have the same rate. The rate is that of the tasks, programs and doses that
    ran: of others the interval says nothing. With fewer than some twenty seeds it covers a little less than it says.

    Args:
        verdicts: ``[B]`` whether each rollout passes.
        seeds: ``[B]`` the seed of each.
        confidence: share of such intervals that hold the true rate.
    """
    if len(verdicts) != len(seeds):
        raise ValueError(f"give one seed a verdict, got {len(verdicts)} verdicts and {len(seeds)} seeds")
    _, which = np.unique(np.asarray(seeds), return_inverse=True)
    trials = np.bincount(which)
    passes = np.bincount(which, weights=np.asarray(verdicts, float))
    bound = wilson(int(passes.sum()), len(verdicts), confidence=confidence)
    if trials.max(initial=0) < 2 or np.ptp(passes / trials) == 0.0:
        return bound
    drawn = _bootstrap(passes, trials, confidence)
    return Interval(min(bound.low, drawn.low), max(bound.high, drawn.high))


def _bootstrap(sums: np.ndarray, trials: np.ndarray, confidence: float) -> Interval:
    """Of the pooled mean, over seeds with their sums and trials ``[S]``."""
    drawn = stats.bootstrap(
        (sums, trials),
        _pooled_rate,
        paired=True,
        vectorized=True,
        n_resamples=_RESAMPLES,
        batch=max(1, _AT_ONCE // len(trials)),
        confidence_level=confidence,
        method="BCa",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return Interval(float(drawn.low), float(drawn.high))


def _pooled_rate(passes: np.ndarray, trials: np.ndarray, axis: int) -> np.ndarray:
    return passes.sum(axis) / trials.sum(axis)


def mcnemar(gains: int, losses: int) -> float:
    """One-sided exact McNemar p-value that gains are more likely than losses (Q. McNemar, Psychometrika 12, 1947).

    ``gains`` and ``losses`` count the pairs (same world, two programs) whose verdict turned to pass and to fail.
    The p-value is P(X >= gains) for X ~ Binomial(gains + losses, 1/2); 1 when no pair differs. For the test of a
    loss, swap the arguments. Pairs must be independent of each other: count those of one task, one a seed.
    """
    if gains < 0 or losses < 0:
        raise ValueError(f"gains and losses are counts, got {gains} and {losses}")
    pairs = gains + losses
    return float(stats.binomtest(gains, pairs, alternative="greater").pvalue) if pairs else 1.0


def flipped_seeds(differences: Sequence[int]) -> float:
    """Two-sided exact p-value that two programs pass equally often, by exchanging them seed by seed.

    Every way to exchange the programs on whole seeds is counted (R. A. Fisher, 1935), so rollouts that share a seed may
    pass and fail together. With one pair a seed it is the exact two-sided test of McNemar. 1 when no seed differs.

    Args:
        differences: of each seed, passes of one program less passes of the other on the same worlds.
    """
    sizes = [abs(each) for each in differences if each]
    ways = np.ones(1)  # probability of each sum from -total to total
    for size in sizes:
        step = np.zeros(2 * size + 1)
        step[0] = step[-1] = 0.5
        ways = np.convolve(ways, step)
    total = sum(sizes)
    sums = np.abs(np.arange(-total, total + 1))
    return min(1.0, float(ways[sums >= abs(sum(differences))].sum()))


def paired_difference(
    before: Sequence[bool], after: Sequence[bool], seeds: Sequence[int], *, confidence: float = 0.95
) -> Interval:
    """Interval, within [-1, 1], of the rate of ``after`` less that of ``before`` over pairs of rollouts.

    Newcombe's score interval for pairs (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10) where every pair
    has its own seed. Where pairs share seeds it is widened to that of a bootstrap over seeds, as in :func:`clustered`.

    Args:
        before: ``[B]`` verdicts of one program.
        after: ``[B]`` verdicts of the other in the same worlds.
        seeds: ``[B]`` the seed of each pair.
        confidence: share of such intervals that hold the true difference.
    """
    if not len(before) == len(after) == len(seeds):
        raise ValueError(f"give pairs with seeds, got {len(before)} and {len(after)} verdicts, {len(seeds)} seeds")
    bound = _newcombe(np.asarray(before, bool), np.asarray(after, bool), confidence)
    _, which = np.unique(np.asarray(seeds), return_inverse=True)
    trials = np.bincount(which)
    differences = np.bincount(which, weights=np.asarray(after, float) - np.asarray(before, float))
    if trials.max(initial=0) < 2 or np.ptp(differences / trials) == 0.0:
        return bound
    drawn = _bootstrap(differences, trials, confidence)
    return Interval(min(bound.low, drawn.low), max(bound.high, drawn.high))


def _newcombe(before: np.ndarray, after: np.ndarray, confidence: float) -> Interval:
    trials = len(before)
    both, neither = int((before & after).sum()), int((~before & ~after).sum())
    gains, losses = int((~before & after).sum()), int((before & ~after).sum())
    if not trials:
        return Interval(-1.0, 1.0)
    old, new = (losses + both) / trials, (gains + both) / trials
    old_low, old_high = wilson(losses + both, trials, confidence=confidence)
    new_low, new_high = wilson(gains + both, trials, confidence=confidence)
    margins = float(losses + both) * (gains + neither) * (gains + both) * (losses + neither)
    cross = both * neither - gains * losses
    corrected = max(cross - trials / 2, 0.0) if cross > 0 else cross
    phi = corrected / margins**0.5 if margins else 0.0

    def reach(down: float, up: float) -> float:
        return max(down**2 - 2 * phi * down * up + up**2, 0.0) ** 0.5

    return Interval(new - old - reach(new - new_low, old_high - old), new - old + reach(new_high - new, old - old_low))


def unpaired_difference(
    first: tuple[int, int], second: tuple[int, int], first_rate: Interval, second_rate: Interval
) -> Interval:
    """Interval, within [-1, 1], of one rate less another, from the intervals of both.

    With Wilson's it is Newcombe's score interval (R. G. Newcombe, Statistics in Medicine 17, 1998, unpaired
    differences, method 10). Rates that rise and fall together, as of rollouts on the same seeds, make it too wide.

    Args:
        first: passes and trials.
        second: passes and trials of what is taken away.
        first_rate: interval of the first rate.
        second_rate: interval of the second rate.
    """
    _check_counts(*first)
    _check_counts(*second)
    if not first[1] or not second[1]:
        return Interval(-1.0, 1.0)
    one, two = first[0] / first[1], second[0] / second[1]
    down = ((one - first_rate.low) ** 2 + (second_rate.high - two) ** 2) ** 0.5
    up = ((first_rate.high - one) ** 2 + (two - second_rate.low) ** 2) ** 0.5
    return Interval(max(-1.0, one - two - down), min(1.0, one - two + up))


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
