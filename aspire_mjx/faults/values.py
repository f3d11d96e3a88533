"""What a call was given in failed and in passed rollouts, side by side, and which lines computed it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from aspire_mjx.faults.statistics import holm
from aspire_mjx.faults.suspects import feeding_lines
from aspire_mjx.primitives.registry import Registry
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.traces.columns import TraceBatch, packed_names

_LEAST = 3  # values of each kind for a test


@dataclass(frozen=True)
class CallValue:
    """A number that calls of one line were given.

    Attributes:
        line: source line of the calls.
        name: of the packed argument, e.g. ``position.2``; ``beside the thing x`` (or y, z) is where the call was about
            less the middle of the nearest thing, which only the judge knows.
        failed: median in failed rollouts; NaN for none.
        passed: median in passed rollouts; NaN for none.
        p_value: that both are alike (Mann-Whitney, after Holm's correction over the call's numbers); 1 for too few.
        sources: lines that compute what the call is given.
    """

    line: int
    name: str
    failed: float
    passed: float
    p_value: float
    sources: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """The number in words, e.g. ``position.2 0.12 failed, 0.05 passed``."""
        kinds = (("failed", self.failed), ("passed", self.passed))
        said = ", ".join(f"{value:.3g} {kind}" for kind, value in kinds if not math.isnan(value))
        return f"{self.name} {said}"


def call_values(
    batch: TraceBatch, passes: np.ndarray, line: int, *, program: int = 0, registry: Registry = ROBOT_API
) -> tuple[CallValue, ...]:
    """The numbers that the last call of a line was given in each rollout of a program, those that differ most first.

    A trace holds a call's arguments, not the variables they came from; :attr:`CallValue.sources` are the lines that
    store these.

    Args:
        batch: traces.
        passes: ``[B]`` bool, the verdict to explain.
        line: source line of the call.
        program: index into ``batch.programs``.
        registry: declares the primitives.
    """
    mine = batch.rollouts["program"][batch.calls["rollout"]] == program
    rows = np.flatnonzero(mine & (batch.calls["line"] == line))
    owner = batch.calls["rollout"][rows]
    rows = rows[np.append(owner[1:] != owner[:-1], True)[: len(rows)]]  # the last of each rollout
    if not len(rows):
        return ()
    names, counts = np.unique(batch.calls["primitive"][rows], return_counts=True)
    primitive = batch.strings[names[counts.argmax()]]
    rows = rows[batch.calls["primitive"][rows] == names[counts.argmax()]]
    failed = ~passes[batch.calls["rollout"][rows]]
    declared = packed_names(registry[primitive].parameters)
    columns = dict(zip(declared, batch.calls["inputs"][rows].T, strict=False))
    columns |= {
        f"beside the thing {axis}": values
        for axis, values in zip("xyz", batch.calls["true_near_offset"][rows].T, strict=True)
    }
    sources = tuple(sorted(feeding_lines(batch.programs[program].text).get(line, ())))
    pairs = {name: (values[failed], values[~failed]) for name, values in columns.items() if not np.isnan(values).all()}
    p_values = holm([_p_value(*(part[~np.isnan(part)] for part in pair)) for pair in pairs.values()])
    found = [
        CallValue(line, name, _median(bad), _median(good), p, sources)
        for (name, (bad, good)), p in zip(pairs.items(), p_values, strict=True)
    ]
    return tuple(sorted(found, key=lambda value: value.p_value))


def _median(values: np.ndarray) -> float:
    known = values[~np.isnan(values)].astype(float)
    return float(np.median(known)) if len(known) else math.nan


def _p_value(bad: np.ndarray, good: np.ndarray) -> float:
    if min(len(bad), len(good)) < _LEAST or np.ptp(np.concatenate([bad, good])) == 0.0:
        return 1.0
    return float(stats.mannwhitneyu(bad, good).pvalue)
