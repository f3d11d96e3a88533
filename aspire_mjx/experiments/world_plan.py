"""The worlds that a command runs programs in: tasks, seeds, perturbations, and those that cannot be built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from absl import flags

from aspire_mjx.command import Options
from aspire_mjx.experiments.left_out import LeftOut
from aspire_mjx.experiments.session import Session, define_directory_flags, define_session_flags
from aspire_mjx.experiments.world_flags import (
    chosen_tasks,
    define_task_flags,
    define_world_flags,
    perturbations,
    world_config,
)
from aspire_mjx.language.program import Program
from aspire_mjx.language.program_flag import define_api_flag
from aspire_mjx.rollout.simulator import Job
from aspire_mjx.seeds import format_seeds, parse_seeds
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.tasks import Task


def define_plan_flags(fv: flags.FlagValues) -> None:
    """The flags of a command that runs given programs: their worlds, tasks and seeds, session, directory and API."""
    define_world_flags(fv)
    define_task_flags(fv)
    define_session_flags(fv)
    define_directory_flags(fv)
    define_api_flag(fv)
    flags.DEFINE_string("seeds", "51-65", "seeds of each task, such as 51-65 or 1-3,7", flag_values=fv)


@dataclass(frozen=True)
class WorldPlan:
    """Every task on every seed.

    Attributes:
        tasks: in order.
        seeds: of each task.
        doses: the perturbation of the worlds of a seed.
        left_out: worlds that cannot be built.
        config: what results depend on besides programs, for ``config.json``.
    """

    tasks: tuple[Task, ...]
    seeds: tuple[int, ...]
    doses: Mapping[int, Perturbation]
    left_out: LeftOut
    config: Mapping[str, Any]

    @classmethod
    def of(cls, options: Options, session: Session) -> WorldPlan:
        """What a command's flags ask for.

        Raises:
            AspireError: a flag that asks for what there is not; no world can be built.
        """
        tasks, seeds = chosen_tasks(options), parse_seeds(options["seeds"])
        doses = perturbations(options, seeds)
        config = {
            "tasks": [task.key for task in tasks],
            **world_config(options, tasks),
            "seeds": format_seeds(seeds),
            "engine": session.engine,
            "camera": str(session.camera),
            **session.budgets.config(),
            "versions": session.versions,
        }
        return cls(tasks, seeds, doses, LeftOut.of(tasks, seeds, doses), config)

    @property
    def stage(self) -> str:
        """Name of the batch of all jobs of a program."""
        return "run" if len(self.tasks) == 1 else f"run-of-{len(self.tasks)}-tasks"

    def jobs(self, program: Program) -> list[Job]:
        """A program in every world that can be built, task by task."""
        return [
            Job(program=program, task=task, seed=seed, perturbation=self.doses[seed])
            for task in self.tasks
            for seed in self.seeds
            if seed not in self.left_out.seeds(task)
        ]
