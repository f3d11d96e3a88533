"""The worlds that a command runs programs in: tasks, seeds, perturbations, and those that cannot be built.

They are looked at part by part, as they are run, so that a million of them begin as soon as ten.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from absl import flags

from aspire_mjx.command import Options
from aspire_mjx.experiments.left_out import LeftOut, check_any
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
from aspire_mjx.worlds.worlds import WorldSpec, refusals


def define_plan_flags(fv: flags.FlagValues) -> None:
    """The flags of a command that runs given programs: their worlds, tasks and seeds, session, directory and API."""
    define_world_flags(fv)
    define_task_flags(fv)
    define_session_flags(fv)
    define_directory_flags(fv)
    define_api_flag(fv)
    flags.DEFINE_string("seeds", "51-65", "seeds of each task, such as 51-65 or 1-3,7", flag_values=fv)


@dataclass(frozen=True)
class WorldPart:
    """Some of a plan's worlds, which run together.

    Attributes:
        name: the stage of their rollouts, for people.
        title: what the names of their trace files begin with.
        worlds: those that can be built.
        left_out: those that cannot.
    """

    name: str
    title: str
    worlds: tuple[WorldSpec, ...]
    left_out: LeftOut

    def jobs(self, program: Program) -> list[Job]:
        """A program in each of them."""
        return [
            Job(program=program, task=world.task, seed=world.seed, perturbation=world.perturbation)
            for world in self.worlds
        ]


@dataclass(frozen=True)
class WorldPlan:
    """Every task on every seed.

    Attributes:
        tasks: in order.
        seeds: of each task.
        doses: the perturbation of the worlds of a seed.
        config: what results depend on besides programs, for ``config.json``.
    """

    tasks: tuple[Task, ...]
    seeds: tuple[int, ...]
    doses: Mapping[int, Perturbation]
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
        plan = cls(tasks, seeds, doses, config)
        check_any(plan.worlds())
        return plan

    def worlds(self) -> Iterator[WorldSpec]:
        """All of them, task by task."""
        return (WorldSpec(task, seed, self.doses[seed]) for task in self.tasks for seed in self.seeds)

    def parts(self, size: int) -> Iterator[WorldPart]:
        """All worlds, ``size`` at a time; parts of which none can be built hold no worlds.

        The parts follow from the plan alone: a run that is resumed has the same ones.
        """
        stage = "run" if len(self.tasks) == 1 else f"run-of-{len(self.tasks)}-tasks"
        count = -(-len(self.tasks) * len(self.seeds) // size)
        rest, title = self.worlds(), f"{self.tasks[0].key}-{stage}"
        for number in range(1, count + 1):
            asked = tuple(itertools.islice(rest, size))
            left_out = LeftOut(refusals(asked), len(asked))
            worlds = tuple(world for world in asked if world not in left_out.reasons)
            of_many = count > 1
            yield WorldPart(
                name=f"{stage}, part {number} of {count}" if of_many else stage,
                title=f"{title}-{number:0{len(str(count))}d}" if of_many else title,
                worlds=worlds,
                left_out=left_out,
            )
