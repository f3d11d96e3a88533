"""How much the clients of a server may use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aspire_mjx.agents.equipment import Evaluate
from aspire_mjx.errors import AspireError
from aspire_mjx.rollout.job import Job
from aspire_mjx.seeds import Purpose
from aspire_mjx.traces.columns import TraceBatch


@dataclass(frozen=True)
class Budget:
    """What the clients of one server may use.

    Attributes:
        rollouts: that they may ask for, all together.
        seconds: that one call may take, once its turn has come.
    """

    rollouts: int = 100_000
    seconds: float = 600.0


class Metered:
    """An evaluator that counts what it is asked for; see :class:`aspire_mjx.agents.equipment.Evaluate`.

    Args:
        evaluate: runs the jobs.
        rollouts: how many it may be asked for.
    """

    def __init__(self, evaluate: Evaluate, rollouts: int) -> None:
        self._evaluate, self.left = evaluate, rollouts

    def __call__(self, jobs: Sequence[Job], *, purpose: Purpose, stage: str) -> TraceBatch:
        """As the evaluator does it.

        Raises:
            AspireError: more rollouts than are left; none of them runs.
        """
        if len(jobs) > self.left:
            raise AspireError(
                f"{stage}: {len(jobs)} rollouts, and this server's budget has {self.left} left. Ask for fewer, or "
                "start the server with a greater --max_rollouts."
            )
        self.left -= len(jobs)
        return self._evaluate(jobs, purpose=purpose, stage=stage)
