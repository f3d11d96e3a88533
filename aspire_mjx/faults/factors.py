"""Which perturbation factors, start conditions and tunables part failures from successes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from aspire_mjx.faults.scan import Range, scan
from aspire_mjx.faults.statistics import Interval, clustered, holm, unpaired_difference
from aspire_mjx.traces.columns import TraceBatch

Kind = Literal["factor", "start", "tunable"]
Starts = Mapping[str, np.ndarray]  #: name of a start condition to its ``[B]`` values, NaN where unknown

_SIGNIFICANT = 0.04  # an exact test at 0.05 gives 5 % of false alarms: of a thousand batches as often more as less


@dataclass(frozen=True)
class FactorEffect:
    """How the pass rate differs inside and outside a range of one number.

    Attributes:
        name: key in the JSON column, or of the start condition.
        kind: "factor" or "start" (of the world), or "tunable" (of the program).
        low: lowest value inside; None where the range is open below.
        high: highest value inside.
        inside_passes: passes in the range.
        inside_trials: rollouts in it.
        outside_passes: passes outside.
        outside_trials: rollouts outside.
        interval: 95 % interval of the rate inside less that outside; for the range as if it had not been chosen, so
            it errs towards a large effect.
        p_value: chance of any range of this number that parts verdicts as well, by exchanging verdicts between whole
            seeds, settings or rollouts (``scan.py``).
        p_adjusted: after Holm's correction over everything tested together.
    """

    name: str
    kind: Kind
    low: float | None
    high: float
    inside_passes: int
    inside_trials: int
    outside_passes: int
    outside_trials: int
    interval: Interval
    p_value: float
    p_adjusted: float

    @property
    def difference(self) -> float:
        """Pass rate inside less that outside."""
        return self.inside_passes / self.inside_trials - self.outside_passes / self.outside_trials

    @property
    def significant(self) -> bool:
        """Whether chance explains it badly enough to be told."""
        return self.p_adjusted < _SIGNIFICANT

    @property
    def rule(self) -> str:
        """The range in words, such as ``mass <= 0.5``."""
        if self.low is None:
            return f"{self.name} <= {self.high:.4g}"
        return f"{self.low:.4g} <= {self.name} <= {self.high:.4g}"

    @property
    def sentence(self) -> str:
        """The effect in words and numbers."""
        return (
            f"{self.kind} {self.rule}: {self.inside_passes}/{self.inside_trials} pass, else "
            f"{self.outside_passes}/{self.outside_trials} (difference {self.difference:+.2f}, 95% "
            f"{self.interval.low:+.2f} to {self.interval.high:+.2f}; p = {self.p_value:.2g}, "
            f"Holm {self.p_adjusted:.2g})"
        )


@dataclass(frozen=True)
class _Column:
    """A number of ``N`` rollouts.

    Attributes:
        kind: of its effect.
        name: of its effect.
        values: ``[N]``, NaN where unknown.
        setting: ``[N]`` number of all factors, or of all tunables, that it stands among.
        others: ``[N]`` number of everything else that was set.
    """

    kind: Kind
    name: str
    values: np.ndarray
    setting: np.ndarray
    others: np.ndarray


def factor_effects(
    batch: TraceBatch, passes: np.ndarray, rows: np.ndarray, *, starts: Starts | None = None
) -> tuple[FactorEffect, ...]:
    """Test every factor, start condition and tunable of some rollouts of one program for the range that matters.

    Verdicts are exchanged between whole units, so that rollouts of a seed or of a setting count as one observation
    where they are one: where everything else is the same, as in a sweep of a dose over seeds, single rollouts; else
    seeds, and settings of tunables. Only rollouts of the same task are exchanged.

    Args:
        batch: traces; calls are not read.
        passes: ``[B]`` bool, the verdict to explain.
        rows: rollouts to look at (indices).
        starts: start conditions of the batch, :func:`start_conditions`.

    Returns:
        One effect for each number that differs between rollouts with at least 3 rollouts in and outside of a range,
        smallest p-value first. Rollouts without the number are left out of its test.
    """
    rows = _in_order(batch, passes, rows)
    tasks, seeds = batch.rollouts["task"][rows], batch.rollouts["seed"][rows]
    designs: dict[tuple[bytes, ...], tuple[_Design, list[_Column]]] = {}
    for column in _columns(batch, rows, starts or {}):
        design = _design(column, tasks, seeds)
        designs.setdefault(tuple(part.tobytes() for part in design), (design, []))[1].append(column)
    effects: list[FactorEffect] = []
    for (known, units, cells), columns in designs.values():
        passed, own_seeds = passes[rows][known], seeds[known]
        found = scan([column.values[known] for column in columns], passed, units, cells)
        parts = zip(columns, found, strict=True)
        effects += [_effect(column, part, passed, own_seeds) for column, part in parts if part is not None]
    adjusted = holm([effect.p_value for effect in effects])
    effects = [replace(effect, p_adjusted=p) for effect, p in zip(effects, adjusted, strict=True)]
    return tuple(sorted(effects, key=lambda e: (e.p_value, -abs(e.difference), e.kind, e.name)))


def start_conditions(batch: TraceBatch) -> dict[str, np.ndarray]:
    """Where the things of each rollout's goal stood, and where they should go, as the judge saw it first, m.

    Returns:
        Names such as ``"thing 1 x"`` and ``"place 2 y"`` (of a goal's first and second literal, world frame) to
        ``[B]``, NaN where unknown. After the first call of a rollout, which as a rule is a look.
    """
    owner = batch.calls["rollout"]
    there, first = np.unique(owner, return_index=True)
    found = {}
    for what, column in (("thing", "true_objects"), ("place", "true_places")):
        values = batch.calls[column][first]
        for literal in range(values.shape[1]):
            for axis, letter in enumerate("xyz"):
                if np.isfinite(values[:, literal, axis]).any():
                    full = np.full(len(batch), np.nan)
                    full[there] = np.round(values[:, literal, axis].astype(float), 4)
                    found[f"{what} {literal + 1} {letter}"] = full
    return found


def join_starts(parts: Sequence[tuple[int, Starts]]) -> dict[str, np.ndarray]:
    """The start conditions of several batches, each with its number of rollouts, as those of one batch."""
    names = dict.fromkeys(name for _, part in parts for name in part)
    return {name: np.concatenate([part.get(name, np.full(count, np.nan)) for count, part in parts]) for name in names}


def _in_order(batch: TraceBatch, passes: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The rows in an order that what they say decides, so that shuffles do not depend on the batch's order."""
    texts = [batch.rollout_text(name)[rows].tolist() for name in ("task", "factors", "tunables")]
    seeds, verdicts = batch.rollouts["seed"][rows].tolist(), passes[rows].tolist()
    keys = list(zip(texts[0], seeds, texts[1], texts[2], verdicts, strict=True))
    return rows[sorted(range(len(rows)), key=keys.__getitem__)]


class _Design(NamedTuple):
    """The rollouts ``[N]`` that a number is known of, and of these the units and cells of :func:`scan`."""

    known: np.ndarray
    units: np.ndarray
    cells: np.ndarray


def _design(column: _Column, tasks: np.ndarray, seeds: np.ndarray) -> _Design:
    """What may be exchanged in the test of a number, all ``[N]`` in the rollouts' order."""
    known = ~np.isnan(column.values)
    values, worlds = column.values[known], _numbered(tasks[known], seeds[known])
    alike = _numbered(worlds, column.others[known])
    if column.kind != "start" and _varies(values, alike) >= 0.5:
        return _Design(known, np.arange(len(values)), alike)
    if column.kind == "start" or _varies(values, worlds) == 0.0:
        return _Design(known, _numbered(seeds[known]), _numbered(tasks[known]))
    return _Design(known, _numbered(column.setting[known]), _numbered(tasks[known]))


def _numbered(*columns: np.ndarray) -> np.ndarray:
    """``[N]`` the same number for rows that are equal in all columns, by their first row."""
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    numbers = {row: number for number, row in enumerate(dict.fromkeys(rows))}
    return np.array([numbers[row] for row in rows], int)


def _varies(values: np.ndarray, groups: np.ndarray) -> float:
    """Share of rollouts in groups with more than one value."""
    if not len(values):
        return 0.0
    low, high = np.full(groups.max() + 1, np.inf), np.full(groups.max() + 1, -np.inf)
    np.minimum.at(low, groups, values)
    np.maximum.at(high, groups, values)
    return float((low < high)[groups].mean())


def _columns(batch: TraceBatch, rows: np.ndarray, starts: Starts) -> list[_Column]:
    """Every number of some rollouts that differs between them."""
    factors, tunables = batch.rollouts["factors"][rows], batch.rollouts["tunables"][rows]
    found = [_Column("start", name, values[rows], factors, tunables) for name, values in sorted(starts.items())]
    kinds: tuple[tuple[Kind, np.ndarray, np.ndarray], ...] = (
        ("factor", factors, tunables),
        ("tunable", tunables, factors),
    )
    for kind, own, other in kinds:
        parsed, which = settings(batch, own)
        for name in sorted({name for values in parsed for name, value in values.items() if _is_number(value)}):
            values = np.array([values.get(name, np.nan) for values in parsed], float)[which]
            rest = [json.dumps({key: value for key, value in all_.items() if key != name}) for all_ in parsed]
            numbers = np.unique(rest, return_inverse=True)[1].reshape(-1)[which]
            found.append(_Column(kind, name, values, own, _numbered(numbers, other)))
    return [column for column in found if len(np.unique(column.values[~np.isnan(column.values)])) > 1]


def settings(batch: TraceBatch, texts: np.ndarray) -> tuple[list[dict[str, float]], np.ndarray]:
    """Doses or tunables from ``texts [R]``, such a column of some rollouts: the distinct ones, and which has which."""
    distinct, which = np.unique(texts, return_inverse=True)
    return [json.loads(batch.strings[index]) if index >= 0 else {} for index in distinct.tolist()], which


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float))


def _effect(column: _Column, found: Range, passed: np.ndarray, seeds: np.ndarray) -> FactorEffect:
    inside, outside = found.inside, ~found.inside
    rates = [clustered(passed[side].tolist(), seeds[side].tolist()) for side in (inside, outside)]
    counts = (int(passed[inside].sum()), int(inside.sum()), int(passed[outside].sum()), int(outside.sum()))
    low = None if np.isinf(found.low) else found.low
    interval = unpaired_difference(counts[:2], counts[2:], *rates)
    return FactorEffect(column.name, column.kind, low, found.high, *counts, interval, found.p_value, found.p_value)
