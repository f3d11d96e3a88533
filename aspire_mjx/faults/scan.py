"""Scans of one number for the range of values in which rollouts pass more often, or less, than outside it.

The statistic is the log likelihood ratio of two rates against one, at its largest over all ranges (M. Kulldorff, "A
spatial scan statistic", Communications in Statistics 26, 1997). Its p-value is that of the largest over all ranges of
shuffled verdicts, so a scan over many cuts finds no more in chance than a single cut would.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import xlogy

_SHUFFLES = 999
_BINS = 20  # of neighbouring values; a range is made of whole bins
_LEAST = 3  # rollouts inside a range, and outside it
_AT_ONCE = 4_000_000  # verdicts of shuffles in memory
_SLACK = 1e-9  # of likelihood ratios that are equal but for rounding


class Range(NamedTuple):
    """The range of one number that parts passes and failures best.

    ``low`` and ``high`` are values that occur and lie inside, -inf and inf where the range is open; ``inside`` are the
    rollouts in it, ``[N]`` bool; ``ratio`` is the log likelihood ratio; ``p_value`` the chance of one as large.
    """

    low: float
    high: float
    inside: np.ndarray
    ratio: float
    p_value: float


class _Bins(NamedTuple):
    """Neighbouring values together, and the ranges of bins that leave enough rollouts inside and outside.

    Of a range that ends with the last bin the one outside it says the same, so only that is kept.

    Attributes:
        bin: ``[N]`` of each rollout.
        first: ``[M]`` lowest value of each bin.
        last: ``[M]`` highest value of each bin.
        begin: ``[R]`` first bin of each range.
        end: ``[R]`` bin after the last.
        inside: ``[R]`` rollouts in it.
    """

    bin: np.ndarray
    first: np.ndarray
    last: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    inside: np.ndarray


def scan(columns: Sequence[np.ndarray], passed: np.ndarray, units: np.ndarray, cells: np.ndarray) -> list[Range | None]:
    """The best range of each of some numbers of ``N`` rollouts; None where there is nothing to part.

    The rollouts of a unit, such as those of a seed, keep their verdicts together: shuffles exchange whole units, and
    only those whose rollouts lie in the same cells, such as tasks. What a unit's luck or a cell's ease does is thus
    never taken for what the number does.

    Args:
        columns: ``[N]`` numbers each, none NaN.
        passed: ``[N]`` bool.
        units: ``[N]`` number of the unit of each rollout, from 0.
        cells: ``[N]`` number of the cell of each rollout, from 0.
    """
    binned = [_binned(values) for values in columns]
    some = [bins for bins in binned if bins is not None] if 0 < passed.sum() < len(passed) else []
    if not some:
        return [None] * len(binned)
    scanner = _Scanner(some, len(passed), int(passed.sum()))
    found = [ratios[0] for ratios in scanner.ratios(passed[None].astype(np.float32))]
    best, above = np.array([ratios.max() for ratios in found]), np.ones(len(some))
    for shuffled in _shuffles(passed, units, cells):
        largest = np.stack([ratios.max(axis=1) for ratios in scanner.ratios(shuffled)], axis=1)
        above += (largest >= best - _SLACK).sum(axis=0)
    p_values = (above / (_SHUFFLES + 1)).tolist()
    ranges = (scanner.range(number, found[number], p_values[number]) for number in range(len(some)))
    return [None if bins is None else next(ranges) for bins in binned]


def _binned(values: np.ndarray) -> _Bins | None:
    """Bins of about equally many rollouts, equal values together; None where no range leaves enough on both sides."""
    distinct, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    bin_of = np.arange(len(distinct))
    if len(distinct) > _BINS:
        middle = np.cumsum(counts) - 0.5 * counts
        bin_of = np.unique(np.floor(_BINS * middle / len(values)), return_inverse=True)[1].reshape(-1)
    starts = np.flatnonzero(np.diff(bin_of, prepend=-1))
    ends = np.append(starts[1:], len(distinct)) - 1
    begin, end = np.triu_indices(len(starts) + 1, 1)
    below = np.concatenate([[0], np.cumsum(counts)[ends]])
    inside = below[end] - below[begin]
    kept = (np.minimum(inside, len(values) - inside) >= _LEAST) & (end < len(starts))
    if not kept.any():
        return None
    return _Bins(bin_of[which.reshape(-1)], distinct[starts], distinct[ends], begin[kept], end[kept], inside[kept])


class _Scanner:
    """Likelihood ratios of all ranges of several binned numbers, for many verdicts at once."""

    def __init__(self, binned: Sequence[_Bins], rollouts: int, passes: int) -> None:
        self._binned, self._rollouts, self._passes = binned, rollouts, passes
        self._places = np.concatenate([[0], np.cumsum([len(bins.first) for bins in binned])])
        self._member = np.zeros((rollouts, self._places[-1]), np.float32)
        for start, bins in zip(self._places, binned, strict=False):
            self._member[np.arange(rollouts), start + bins.bin] = 1.0
        self._tables = [self._table(bins) for bins in binned]

    def _table(self, bins: _Bins) -> tuple[np.ndarray, np.ndarray]:
        """``[R]`` where each range begins in a table, and the ratios of each by its passes from 0 on."""
        start = np.concatenate([[0], np.cumsum(bins.inside + 1)])
        inside = np.repeat(bins.inside, bins.inside + 1)
        good = np.arange(start[-1]) - np.repeat(start[:-1], bins.inside + 1)
        outside, other = self._rollouts - inside, self._passes - good
        x = xlogy(np.arange(self._rollouts + 1.0), np.arange(self._rollouts + 1.0))
        possible = (other >= 0) & (other <= outside)
        other = np.clip(other, 0, outside)
        parts = x[good] + x[inside - good] + x[other] + x[outside - other] - x[inside] - x[outside]
        whole = x[self._passes] + x[self._rollouts - self._passes] - x[self._rollouts]
        return start[:-1].astype(np.int32), np.where(possible, parts - whole, -np.inf)

    def ratios(self, verdicts: np.ndarray) -> list[np.ndarray]:
        """``[S, R]`` of each number, for verdicts ``[S, N]`` of 0 and 1."""
        counts, found = (verdicts @ self._member).astype(np.int32), []
        for number, (bins, (start, table)) in enumerate(zip(self._binned, self._tables, strict=True)):
            below = np.zeros((len(counts), len(bins.first) + 1), np.int32)
            np.cumsum(counts[:, self._places[number] : self._places[number + 1]], axis=1, out=below[:, 1:])
            good = np.take(below, bins.end, axis=1)
            good -= np.take(below, bins.begin, axis=1)
            found.append(np.take(table, np.add(good, start, out=good)))
        return found

    def range(self, number: int, ratios: np.ndarray, p_value: float) -> Range:
        """The best range; one that is open to a side unless a closed one says clearly more (BIC: one bound more)."""
        bins, best = self._binned[number], int(ratios.argmax())
        simple = int(np.where(bins.begin == 0, ratios, -np.inf).argmax())
        if bins.begin[simple] == 0 and ratios[simple] >= ratios[best] - 0.5 * np.log(self._rollouts):
            best = simple
        begin, end = int(bins.begin[best]), int(bins.end[best])
        low = -np.inf if begin == 0 else float(bins.first[begin])
        inside = (bins.bin >= begin) & (bins.bin < end)
        return Range(low, float(bins.last[end - 1]), inside, float(ratios.max()), p_value)


def _shuffles(passed: np.ndarray, units: np.ndarray, cells: np.ndarray) -> Iterator[np.ndarray]:
    """Verdicts ``[S, N]`` with whole units exchanged, a part of all shuffles at a time; the same every time."""
    members: dict[int, list[int]] = defaultdict(list)
    for row in np.lexsort((cells, units)).tolist():
        members[int(units[row])].append(row)
    alike: dict[tuple[int, ...], list[list[int]]] = defaultdict(list)
    for rows in members.values():
        alike[tuple(cells[rows].tolist())].append(rows)
    groups = [np.array(rows) for rows in alike.values() if len(rows) > 1]
    random, most = np.random.default_rng(0), max(1, _AT_ONCE // len(passed))
    for start in range(0, _SHUFFLES, most):
        count = min(most, _SHUFFLES - start)
        verdicts = np.tile(passed.astype(np.float32), (count, 1))
        for rows in groups:
            order = random.permuted(np.tile(np.arange(len(rows)), (count, 1)), axis=1)
            verdicts[:, rows] = passed[rows[order]]
        yield verdicts
