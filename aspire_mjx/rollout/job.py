"""Jobs: rollouts to run, and which comes next."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aspire_mjx.checked import checked
from aspire_mjx.errors import AspireError
from aspire_mjx.language.program import Program
from aspire_mjx.seeds import check_seed
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.worlds import WorldSpec


@checked
@dataclass(frozen=True)
class Job:
    """One rollout to run: a program in the world of a task and seed, with settings of its tunables."""

    program: Program
    task: Task
    seed: int
    tunables: tuple[tuple[str, float], ...] = ()
    label: str = ""
    perturbation: Perturbation = Perturbation()

    def __post_init__(self) -> None:
        """Checks what types do not say.

        Raises:
            AspireError: a seed that there is not, or a tunable that is no finite number.
        """
        object.__setattr__(self, "seed", check_seed(self.seed, of="Job"))
        wrong = [name for name, value in self.tunables if not np.isfinite(value)]
        if wrong:
            raise AspireError(f"Job: tunable {wrong[0]!r} is {dict(self.tunables)[wrong[0]]}; give a finite number.")

    @property
    def world(self) -> WorldSpec:
        """The world it runs in."""
        return WorldSpec(self.task, self.seed, self.perturbation)


class JobQueue:
    """Jobs that wait for a lane. The order follows from the jobs and their results; no result follows from the order.

    How long a program takes is learnt from its rollouts that have finished; one of which none has comes first.
    """

    def __init__(self, jobs: Sequence[Job]) -> None:
        hashes = [job.program.hash for job in jobs]
        numbers = {key: number for number, key in enumerate(dict.fromkeys(hashes))}
        self._program = np.array([numbers[key] for key in hashes], int)
        self._waiting = [deque(np.flatnonzero(self._program == number).tolist()) for number in numbers.values()]
        self._ticks, self._finished = np.zeros(len(numbers)), np.zeros(len(numbers))
        self._left = len(jobs)

    def __len__(self) -> int:
        return self._left

    def take(self, count: int) -> np.ndarray:
        """The next jobs, as many as there are up to ``count``."""
        known = self._finished > 0
        length = np.where(known, self._ticks / np.maximum(self._finished, 1), np.inf)
        heads = [(-length[p], jobs[0], p) for p, jobs in enumerate(self._waiting) if jobs]
        heapq.heapify(heads)
        taken: list[int] = []
        while heads and len(taken) < count:
            negative, job, program = heapq.heappop(heads)
            taken.append(job)
            self._waiting[program].popleft()
            if self._waiting[program]:
                heapq.heappush(heads, (negative, self._waiting[program][0], program))
        self._left -= len(taken)
        return np.array(taken, int)

    def finished(self, jobs: np.ndarray, ticks: np.ndarray) -> None:
        """Jobs ``[N]`` took ``ticks`` ``[N]``."""
        np.add.at(self._ticks, self._program[jobs], ticks)
        np.add.at(self._finished, self._program[jobs], 1)
