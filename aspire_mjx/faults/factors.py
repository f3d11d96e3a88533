"""Which perturbation factors and which tunables split failures from successes."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from aspire_mjx.faults.statistics import fisher, holm, shuffled_seeds
from aspire_mjx.traces.columns import TraceBatch

Kind = Literal["factor", "tunable"]

_MIN_SIDE = 3  # rollouts on each side of a split


@dataclass(frozen=True)
class FactorEffect:
    """How the pass rate differs below and above a split of one numeric factor or tunable.

    Attributes:
        name: key in the JSON column.
        kind: "factor" (of the world) or "tunable" (of the program).
        threshold: the split; the low side is ``value <= threshold``.
        low_passes: passes at or below the threshold.
        low_trials: rollouts at or below it.
        high_passes: passes above the threshold.
        high_trials: rollouts above it.
        p_value: two-sided Fisher exact test of equal pass rates. Where rollouts share seeds, and each seed is on one
            side (as a dose is, on several tasks), never below that of a test that shuffles whole seeds.
        p_adjusted: after Holm's correction over everything tested together.
    """

    name: str
    kind: Kind
    threshold: float
    low_passes: int
    low_trials: int
    high_passes: int
    high_trials: int
    p_value: float
    p_adjusted: float

    @property
    def sentence(self) -> str:
        """The effect in words and numbers."""
        return (
            f"{self.kind} {self.name}: {self.low_passes}/{self.low_trials} pass at <= {self.threshold:.4g}, "
            f"{self.high_passes}/{self.high_trials} above (p = {self.p_value:.2g}, Holm {self.p_adjusted:.2g})"
        )


def factor_effects(batch: TraceBatch, passes: np.ndarray, rows: np.ndarray) -> tuple[FactorEffect, ...]:
    """Test every numeric factor and tunable of some rollouts at its median.

    Args:
        batch: traces.
        passes: ``[B]`` bool, the verdict to explain.
        rows: rollouts to look at (indices).

    Returns:
        One effect for each value that differs between rollouts with at least 3 rollouts on each side, smallest
        p-value first. Rollouts without the factor are left out of its test.
    """
    effects: list[FactorEffect] = []
    verdicts, seeds = passes[rows], batch.rollouts["seed"][rows]
    columns: tuple[tuple[Kind, str], ...] = (("factor", "factors"), ("tunable", "tunables"))
    for kind, column in columns:
        for name, values in sorted(_columns(batch, column, rows).items()):
            known = ~np.isnan(values)
            split = _split(values[known])
            if split is None:
                continue
            threshold, high = split
            passed, own_seeds = verdicts[known], seeds[known]
            low_trials, high_trials = int((~high).sum()), int(high.sum())
            low_passes, high_passes = int(passed[~high].sum()), int(passed[high].sum())
            p = max(fisher(low_passes, low_trials, high_passes, high_trials), _seed_p_value(passed, own_seeds, high))
            counts = (low_passes, low_trials, high_passes, high_trials)
            effects.append(FactorEffect(name, kind, threshold, *counts, p, p))
    adjusted = holm([effect.p_value for effect in effects])
    effects = [replace(effect, p_adjusted=p) for effect, p in zip(effects, adjusted, strict=True)]
    return tuple(sorted(effects, key=lambda e: (e.p_value, e.kind, e.name)))


def _seed_p_value(passed: np.ndarray, seeds: np.ndarray, high: np.ndarray) -> float:
    """The p-value of whole seeds; 0 where no two rollouts share one, or where a seed is on both sides.

    On both sides a seed's luck falls out of the difference, and Fisher's test errs on the safe side.
    """
    _, which = np.unique(seeds, return_inverse=True)
    trials = np.bincount(which)
    side, rates = np.bincount(which, weights=high) / trials, np.bincount(which, weights=passed) / trials
    if trials.max() < 2 or ((side > 0.0) & (side < 1.0)).any():
        return 0.0
    return shuffled_seeds(rates[side == 0.0].tolist(), rates[side == 1.0].tolist())


def _columns(batch: TraceBatch, column: str, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Numeric values by name, ``[len(rows)]`` each, NaN where a rollout lacks the name."""
    index, which = np.unique(batch.rollouts[column][rows], return_inverse=True)
    parsed = [json.loads(batch.strings[i]) if i >= 0 else {} for i in index.tolist()]
    names = {name for values in parsed for name, value in values.items() if isinstance(value, (int, float))}
    return {name: np.array([values.get(name, np.nan) for values in parsed], float)[which] for name in names}


def _split(values: np.ndarray) -> tuple[float, np.ndarray] | None:
    """The split closest to the median: the threshold (a value that occurs) and the mask of values above it."""
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) < 2:
        return None
    below = np.cumsum(counts)[:-1]
    best = int(np.argmin(np.abs(2 * below - len(values))))
    if min(below[best], len(values) - below[best]) < _MIN_SIDE:
        return None
    return float(distinct[best]), values > distinct[best]
