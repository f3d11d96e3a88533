"""Equality of traces, bit for bit."""

from __future__ import annotations

import numpy as np

from aspire_mjx.traces.columns import TraceBatch


def same_traces(first: TraceBatch, second: TraceBatch) -> bool:
    """Whether two batches say the same in every column, NaNs and texts included; wall-clock figures aside."""
    if first.programs != second.programs or first.strings != second.strings:
        return False
    pairs = [(first.calls, second.calls), (first.rollouts, second.rollouts)]
    return all(one[name].tobytes() == two[name].tobytes() for one, two in pairs for name in one)


def same_rollouts(first: TraceBatch, second: TraceBatch) -> np.ndarray:
    """``[B]`` bool, rollouts whose traces are equal bit for bit."""
    return np.array([same_traces(first.select([i]), second.select([i])) for i in range(len(first))])
