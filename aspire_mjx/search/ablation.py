"""What each repair of a winning program is worth: the same program without it, on the same seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.agents.repair import Repair
from aspire_mjx.search.evaluate import Evaluate, evaluate_each
from aspire_mjx.seeds import Purpose
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.tasks import Task


@dataclass(frozen=True)
class Ablation:
    """One repair's paired evaluation: rollout ``i`` of both batches has the same seed.

    Attributes:
      repair: the repair.
      without, with_repair: the two candidates.
      without_batch, with_batch: their traces on the debug and validation seeds.
    """

    repair: Repair
    without: Candidate
    with_repair: Candidate
    without_batch: TraceBatch
    with_batch: TraceBatch

    @property
    def gained(self) -> np.ndarray:
        """[S] bool, rollouts that fail without the repair and pass with it."""
        return ~self.without_batch.passes() & self.with_batch.passes()


def ablate(
    winner: Candidate, *, task: Task, seeds: Sequence[int], evaluate: Evaluate
) -> tuple[Candidate, tuple[Ablation, ...]]:
    """Drop the new repairs that a winner does not need, and measure each one that is left.

    A repair is new when it does not come from the library. One whose removal costs no pass is dropped, the least
    useful first, and the rest is measured again.

    Returns:
      The winner with the repairs that it needs, and one ablation for each new one among them.
    """
    for step in range(1, len(winner.repairs) + 2):
        new = [item for item in winner.repairs if not item[0].from_library]
        if not new:
            break
        reduced = [winner.with_repairs(other for other in winner.repairs if other is not item) for item in new]
        batches = evaluate_each(
            [winner, *reduced],
            task=task,
            seeds=seeds,
            evaluate=evaluate,
            purpose=Purpose.ADMIT,
            stage=f"ablation-{step}",
        )
        passes = [int(batch.passes().sum()) for batch in batches]
        best = max(range(len(new)), key=lambda k: (passes[k + 1], -k))
        if passes[best + 1] < passes[0]:
            return winner, tuple(
                Ablation(item[0], without, winner, batch, batches[0])
                for item, without, batch in zip(new, reduced, batches[1:], strict=True)
            )
        winner = reduced[best]
    return winner, ()
