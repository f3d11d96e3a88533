"""A pass rate with the rollouts behind it."""

from __future__ import annotations

from dataclasses import dataclass

from aspire_mjx.faults.statistics import Interval, clustered
from aspire_mjx.traces.columns import TraceBatch


@dataclass(frozen=True)
class Score:
    """Verdicts of some rollouts of one program on one task, or pooled over programs and tasks.

    Attributes:
      seeds: ``[B]`` the seed of each rollout; pooled rollouts of different tasks may share it.
      benchmark: ``[B]`` whether each passes by the benchmark's verdict.
      strict: ``[B]`` whether each also passes after release and settling.
    """

    seeds: tuple[int, ...] = ()
    benchmark: tuple[bool, ...] = ()
    strict: tuple[bool, ...] = ()

    @classmethod
    def of(cls, batch: TraceBatch) -> Score:
        """The verdicts of a batch."""
        seeds, benchmark, strict = batch.rollouts["seed"], batch.passes("benchmark"), batch.passes("strict")
        return cls(tuple(seeds.tolist()), tuple(benchmark.tolist()), tuple(strict.tolist()))

    def __add__(self, other: Score) -> Score:
        return Score(self.seeds + other.seeds, self.benchmark + other.benchmark, self.strict + other.strict)

    @property
    def trials(self) -> int:
        """Rollouts."""
        return len(self.seeds)

    @property
    def passes(self) -> int:
        """Rollouts that pass by the benchmark's verdict."""
        return sum(self.benchmark)

    @property
    def strict_passes(self) -> int:
        """Rollouts that also pass after release and settling."""
        return sum(self.strict)

    @property
    def rate(self) -> float:
        """Share of passes, 0 without trials."""
        return self.passes / self.trials if self.trials else 0.0

    @property
    def interval(self) -> Interval:
        """95 % interval of the rate; seeds that several rollouts share are drawn as wholes."""
        return clustered(self.benchmark, self.seeds)

    @property
    def strict_interval(self) -> Interval:
        """The same of the strict verdict's rate."""
        return clustered(self.strict, self.seeds)

    def as_dict(self) -> dict[str, float | int]:
        """The form in ``summary.json``."""
        low, high = self.interval
        return {
            "passes": self.passes,
            "trials": self.trials,
            "rate": round(self.rate, 4),
            "interval_low": round(low, 4),
            "interval_high": round(high, 4),
            "strict_passes": self.strict_passes,
        }

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.passes}/{self.trials} ({low:.2f}-{high:.2f})"
