"""Rates of rollouts, with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from aspire_mjx.faults.statistics import clustered
from aspire_mjx.reports.page.content import Rate
from aspire_mjx.traces.columns import TraceBatch


def rate_of(batch: TraceBatch, rows: np.ndarray, hits: np.ndarray) -> Rate:
    """Share of some rollouts that are hits, by an interval over seeds.

    Args:
        batch: traces.
        rows: rollouts that count.
        hits: ``[B]`` bool.
    """
    hit = hits[rows]
    low, high = clustered(hit.tolist(), batch.rollouts["seed"][rows].tolist())
    return Rate(int(hit.sum()), len(rows), low, high)


def rate_from(score: Mapping[str, Any]) -> Rate:
    """The rate of a score as ``summary.json`` has it."""
    return Rate(score["passes"], score["trials"], score["interval_low"], score["interval_high"])


def percent(share: float) -> str:
    """A share in whole per cent."""
    return f"{100 * share:.0f} %"


def in_words(rate: Rate) -> str:
    """A rate with its interval, such as "7 of 30 (23 %, 95 % interval 12-41 %)"."""
    if not rate.trials:
        return "0 of 0"
    return f"{rate.passes} of {rate.trials} ({percent(rate.share)}, 95 % interval {interval(rate)})"


def interval(rate: Rate) -> str:
    """The two ends of a rate's interval in whole per cent."""
    return f"{100 * rate.low:.0f}\N{EN DASH}{100 * rate.high:.0f} %"
