"""Heat maps: failed rollouts by fault and first milestone missed, with the worst of each cell to look at."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from aspire_mjx.faults.milestones import MILESTONES
from aspire_mjx.reports.page.content import Cell, FaultRow, HeatMap, RolloutTrace
from aspire_mjx.reports.page.failures import UNKNOWN, Failures
from aspire_mjx.reports.page.rates import rate_of

_ROWS = 12  # faults of a map; the rarer ones are pooled
_WORST, _OTHERS = 3, 30  # rollouts of a cell that are shown call by call, and by name
_LEVELS = 5

TraceOf = Callable[[int], RolloutTrace]  #: a failed rollout, by its number


def heat_map(failures: Failures, rows: np.ndarray, *, id: str, title: str, trace: TraceOf) -> HeatMap:
    """The map of some rollouts.

    Args:
        failures: of the run.
        rows: the rollouts.
        id: names the map's cells within the page.
        title: whose rollouts these are.
        trace: shows a rollout.
    """
    failed = failures.failed(rows)
    groups = failures.by_kind(failed)
    known = {failures.milestone(row) for row in failed}
    milestones = tuple(name for name in (*MILESTONES, UNKNOWN) if name in known)
    lines = [(kind.words, kind.detail, members) for kind, members in groups[:_ROWS]]
    if rest := [row for _, members in groups[_ROWS:] for row in members]:
        lines.append((f"{len(groups) - _ROWS} rarer faults", "", rest))
    at = {name: [set(members) & _missed(failures, failed, name) for *_, members in lines] for name in milestones}
    most = max((len(found) for column in at.values() for found in column), default=0)
    shown = []
    for number, (words, detail, members) in enumerate(lines):
        cells = tuple(
            _cell(failures, sorted(at[name][number]), f"cell-{id}-{number}-{k}", (name, words), most, trace)
            for k, name in enumerate(milestones)
        )
        hits = np.zeros(len(failures.batch), bool)
        hits[members] = True
        shown.append(FaultRow(words, detail, rate_of(failures.batch, rows, hits), cells))
    return HeatMap(id, title, len(rows), len(failed), milestones, tuple(shown))


def _missed(failures: Failures, failed: list[int], milestone: str) -> set[int]:
    return {row for row in failed if failures.milestone(row) == milestone}


def _cell(failures: Failures, members: list[int], id: str, names: tuple[str, str], most: int, trace: TraceOf) -> Cell:
    ordered = failures.worst(members)
    tasks, seeds = failures.batch.rollout_text("task"), failures.batch.rollouts["seed"]
    others = [f"{tasks[row]} seed {seeds[row]}" for row in ordered[_WORST:]]
    left = len(others) - _OTHERS
    if left > 0:
        others = [*others[:_OTHERS], f"and {left} more"]
    milestone, fault = names
    return Cell(
        id=id,
        count=len(members),
        level=math.ceil(_LEVELS * len(members) / most) if most else 0,
        milestone=milestone,
        fault=fault,
        worst=tuple(trace(row) for row in ordered[:_WORST]),
        others=tuple(others),
    )
