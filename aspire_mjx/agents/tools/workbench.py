"""What the tools work on: tasks, rollouts by the name of their batch, the library, and drafts of skills."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aspire_mjx.agents.equipment import Evaluate
from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.rollout.job import Job
from aspire_mjx.seeds import DEBUG_SEEDS, Purpose, check_role, parse_seeds
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.skills.skill import Skill
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.tasks import Task

MOST_ROLLOUTS = 500  #: of one call
_KEPT = 64  # batches, and drafts
_NOMINAL = Perturbation()


@dataclass
class Workbench:
    """What one agent, or one server, works on. Batches are named by their content: equal rollouts have one name.

    Attributes:
        tasks: by key.
        evaluate: runs jobs in exactly the worlds that they name, and enters looks at held-out seeds in a ledger.
        library: of skills.
        debug_seeds: the seeds of rollouts that the agent may look into.
        validation_seeds: of :func:`validate`.
        heldout_seeds: of the one report.
        doses: perturbation of the worlds of a seed, where a call names none.
        batches: the last rollouts, by name.
        drafts: the last drafted skills, by name.
    """

    tasks: Mapping[str, Task]
    evaluate: Evaluate
    library: SkillLibrary
    debug_seeds: tuple[int, ...] = tuple(DEBUG_SEEDS)
    validation_seeds: tuple[int, ...] = ()
    heldout_seeds: tuple[int, ...] = ()
    doses: Mapping[int, Perturbation] = field(default_factory=dict)
    batches: OrderedDict[str, TraceBatch] = field(default_factory=OrderedDict)
    drafts: OrderedDict[str, Skill] = field(default_factory=OrderedDict)

    def task(self, key: str) -> Task:
        """A task by its key.

        Raises:
            UnknownNameError: no such task; the known ones are listed.
        """
        if key not in self.tasks:
            raise UnknownNameError("task", key, self.tasks)
        return self.tasks[key]

    def batch(self, name: str) -> TraceBatch:
        """Rollouts by the name of their batch.

        Raises:
            UnknownNameError: no such batch, or one that is no longer kept.
        """
        if name not in self.batches:
            raise UnknownNameError("batch", name, self.batches)
        self.batches.move_to_end(name)
        return self.batches[name]

    def seeds(self, text: str) -> tuple[int, ...]:
        """Debug seeds that a call names, all of this workbench for "".

        Raises:
            SeedRoleError: seeds that may not drive edits.
        """
        seeds = parse_seeds(text) if text else self.debug_seeds
        check_role(Purpose.EDIT, seeds)
        return seeds

    def dose(self, seed: int, perturb: str = "") -> Perturbation:
        """The perturbation of a world: the one that a call names, or else that of its seed."""
        return Perturbation.parse(perturb) if perturb else self.doses.get(seed, _NOMINAL)

    def run(self, jobs: Sequence[Job], *, purpose: Purpose, stage: str) -> TraceBatch:
        """Rollouts of jobs, not kept.

        Raises:
            AspireError: more of them than one call may run.
        """
        if len(jobs) > MOST_ROLLOUTS:
            raise AspireError(f"{stage}: {len(jobs)} rollouts; one call runs {MOST_ROLLOUTS} at most. Ask for fewer.")
        return self.evaluate(jobs, purpose=purpose, stage=stage)

    def look(self, jobs: Sequence[Job], *, stage: str) -> tuple[str, TraceBatch]:
        """Rollouts of jobs on debug seeds, kept under the name that comes with them."""
        return self.keep(self.run(jobs, purpose=Purpose.EDIT, stage=stage))

    def keep(self, batch: TraceBatch) -> tuple[str, TraceBatch]:
        """Keeps rollouts, and of all batches the last ones; gives their name."""
        name = name_of(batch)
        self.batches[name] = batch
        self.batches.move_to_end(name)
        while len(self.batches) > _KEPT:
            self.batches.popitem(last=False)
        return name, batch

    def draft(self, skill: Skill) -> None:
        """Keeps a drafted skill in place of one of its name, and of all drafts the last ones."""
        self.drafts[skill.name] = skill
        while len(self.drafts) > _KEPT:
            self.drafts.popitem(last=False)


def name_of(batch: TraceBatch) -> str:
    """The name of a batch, from what ran: programs, tasks, seeds, tunables and perturbations of its rollouts."""
    digest = hashlib.sha256()
    columns = [batch.rollout_text(name).tolist() for name in ("task", "tunables", "factors")]
    programs = [batch.programs[row].hash for row in batch.rollouts["program"].tolist()]
    for row in zip(programs, batch.rollouts["seed"].tolist(), *columns, strict=True):
        digest.update(repr(row).encode())
    return f"batch-{digest.hexdigest()[:10]}"
