"""What each repair of a winning program is worth: the program without and with it, on the same seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.agents.repair import Repair
from aspire_mjx.search.setup import SearchSetup
from aspire_mjx.seeds import Purpose
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.tasks import Task

MOST_DRAFTS = 2  #: repairs of a winner that are measured to the end: each costs a batch on all seeds


@dataclass(frozen=True)
class Ablation:
    """One repair's paired evaluation: rollout ``i`` of both batches has the same seed.

    Attributes:
        repair: the repair.
        without: the candidate without it.
        with_repair: the candidate with it.
        without_batch: traces of the first on the debug and validation seeds.
        with_batch: traces of the second.
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


def measure_repairs(winner: Candidate, *, task: Task, setup: SearchSetup) -> tuple[Ablation, ...]:
    """What each new repair adds: the one that gains most alone, then the one that gains most on top of it, ...

    A repair is new when it does not come from the library. Repairs that overlap hide each other when only the whole
    is taken apart; put on one by one, the strongest shows what it is worth. It ends when no repair that is left gains
    a rollout, or with :data:`MOST_DRAFTS`.
    """
    new = [item for item in winner.repairs if not item[0].from_library]
    kept = [item for item in winner.repairs if item not in new]
    found: list[Ablation] = []
    while new and len(found) < MOST_DRAFTS:
        current = winner.with_repairs(kept)
        extended = [winner.with_repairs([*kept, item]) for item in new]
        batches = setup.evaluate_each([current, *extended], task, setup.seeds.learning, Purpose.ADMIT, "addition")
        passes = [int(batch.passes().sum()) for batch in batches]
        best = max(range(len(new)), key=lambda k: (passes[k + 1], -k))
        ablation = Ablation(new[best][0], current, extended[best], batches[0], batches[best + 1])
        if not ablation.gained.any():
            break
        found.append(ablation)
        kept.append(new.pop(best))
    return tuple(found)
