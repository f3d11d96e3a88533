"""Sweeps of perturbation factors: a design over ranges, one perturbation for each rollout."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import qmc

from aspire_mjx.errors import UnknownNameError, WorldError
from aspire_mjx.worlds.perturbation import Perturbation, factor_settings, magnitude, nearest_step

DESIGNS = ("latin", "grid")


@dataclass(frozen=True)
class Sweep:
    """Factors at fixed values and factors over ranges, read from text such as ``"position:0..0.05,mass:2"``.

    Attributes:
      fixed: the perturbation that holds wherever no range says otherwise.
      names: factors with a range.
      low: lower end of each range.
      high: upper end of each range.
    """

    fixed: Perturbation
    names: tuple[str, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    @classmethod
    def parse(cls, text: str) -> Sweep:
        """Reads factors with single values (``mass:2``) or ranges (``mass:0.5..2``).

        Raises:
          UnknownNameError: unknown factor.
          WorldError: not numbers; a range that is empty or out of bounds.
        """
        single, ranges = {}, {}
        for name, value in factor_settings(text).items():
            low, dots, high = value.partition("..")
            if not dots:
                single[name] = magnitude(name, value)
                continue
            ranges[name] = magnitude(name, low), magnitude(name, high)
            if not ranges[name][0] < ranges[name][1]:
                raise WorldError(f"perturbation {name}:{value}: write the lower end first, e.g. {name}:0.1..0.2")
        fixed = Perturbation(**single)
        for end in (0, 1):  # both ends must be allowed values
            replace(fixed, **{name: ends[end] for name, ends in ranges.items()})
        return cls(fixed, tuple(ranges), tuple(r[0] for r in ranges.values()), tuple(r[1] for r in ranges.values()))

    def draw(self, count: int, *, design: str, seed: int) -> tuple[Perturbation, ...]:
        """``count`` perturbations: a Latin hypercube, or the points of a full grid, repeated in order.

        Args:
          count: how many.
          design: one of :data:`DESIGNS`.
          seed: of the hypercube.

        Raises:
          UnknownNameError: no such design.
          WorldError: fewer rollouts than a grid needs for two levels a factor.
        """
        if design not in DESIGNS:
            raise UnknownNameError("sweep design", design, DESIGNS)
        if not self.names:
            return (self.fixed,) * count
        latin = qmc.LatinHypercube(len(self.names), rng=np.random.default_rng(seed))
        share = latin.random(count) if design == "latin" else self._grid(count)
        values = np.asarray(self.low) + share * (np.asarray(self.high) - np.asarray(self.low))
        rows = [dict(zip(self.names, row, strict=True)) for row in values.tolist()]
        return tuple(replace(self.fixed, **{name: nearest_step(name, row[name]) for name in row}) for row in rows)

    def _grid(self, count: int) -> np.ndarray:
        levels = int(np.floor(count ** (1 / len(self.names)) + 1e-9))
        if levels < 2:
            raise WorldError(
                f"a grid over {len(self.names)} factors needs at least {2 ** len(self.names)} rollouts, not {count}; "
                f"give more seeds, sweep fewer factors, or use --sweep=latin."
            )
        points = np.array(list(itertools.product(np.linspace(0.0, 1.0, levels), repeat=len(self.names))))
        return points[np.arange(count) % len(points)]
