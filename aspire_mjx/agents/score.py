"""A pass rate with its counts."""

from __future__ import annotations

from dataclasses import dataclass

from aspire_mjx.faults.statistics import wilson
from aspire_mjx.traces.columns import TraceBatch


@dataclass(frozen=True)
class Score:
    """Verdicts of some rollouts of one program on one task, or pooled over tasks.

    Attributes:
      passes: rollouts that pass by the benchmark's verdict.
      strict_passes: rollouts that also pass after release and settling.
      trials: rollouts.
    """

    passes: int
    strict_passes: int
    trials: int

    @classmethod
    def of(cls, batch: TraceBatch) -> Score:
        """Count a batch."""
        return cls(int(batch.passes("benchmark").sum()), int(batch.passes("strict").sum()), len(batch))

    def __add__(self, other: Score) -> Score:
        return Score(self.passes + other.passes, self.strict_passes + other.strict_passes, self.trials + other.trials)

    @property
    def rate(self) -> float:
        """Share of passes, 0 without trials."""
        return self.passes / self.trials if self.trials else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the rate."""
        return wilson(self.passes, self.trials)

    def as_dict(self) -> dict[str, float | int]:
        """The form in ``summary.json``."""
        low, high = self.interval
        return {
            "passes": self.passes,
            "trials": self.trials,
            "rate": round(self.rate, 4),
            "wilson_low": round(low, 4),
            "wilson_high": round(high, 4),
            "strict_passes": self.strict_passes,
        }

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.passes}/{self.trials} ({low:.2f}-{high:.2f})"
