"""A job: one rollout to run."""

from __future__ import annotations

from dataclasses import dataclass

from aspire_mjx.language.program import Program
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.worlds import WorldSpec


@dataclass(frozen=True)
class Job:
    """One rollout to run: a program in the world of a task and seed, with settings of its tunables."""

    program: Program
    task: Task
    seed: int
    tunables: tuple[tuple[str, float], ...] = ()
    label: str = ""
    perturbation: Perturbation = Perturbation()

    @property
    def world(self) -> WorldSpec:
        """The world it runs in."""
        return WorldSpec(self.task, self.seed, self.perturbation)
