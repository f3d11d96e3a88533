"""What a run gives its agent to work with: rollouts on debug seeds, the library, a folder, its flags."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from aspire_mjx.rollout.job import Job
from aspire_mjx.seeds import Purpose
from aspire_mjx.skills.library import SkillLibrary
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.tasks import Task


class Evaluate(Protocol):
    """Runs jobs, or recalls them: a program with the same tunables in the same world always does the same."""

    def __call__(self, jobs: Sequence[Job], *, purpose: Purpose, stage: str) -> TraceBatch:
        """Traces of the jobs, rollouts in job order.

        Args:
            jobs: what to run; jobs with equal content run once.
            purpose: what the verdicts are for; a look at held-out seeds is entered in the run's ledger.
            stage: name of the step, e.g. ``round-1``; it names the trace file.

        Raises:
            SeedRoleError: a seed that the purpose may not use.
        """
        ...


@dataclass(frozen=True)
class Equipment:
    """What an agent may use in a run.

    Attributes:
        tasks: of the run.
        evaluate: runs jobs in exactly the worlds that they name.
        doses: perturbation of the run's worlds by seed.
        debug_seeds: that may drive edits.
        library: the run's skills; read it, the coordinator writes.
        folder: the run directory.
        options: flags of the command by name.
        shared: what the agents of one run share, such as the model that they ask.
        aside: a context in which an agent waits for somebody outside, so that other actors may work meanwhile.
    """

    tasks: tuple[Task, ...]
    evaluate: Evaluate
    doses: Mapping[int, Perturbation]
    debug_seeds: tuple[int, ...]
    library: SkillLibrary
    folder: Path
    options: Mapping[str, Any] = field(default_factory=dict)
    shared: dict[str, Any] = field(default_factory=dict)
    aside: Callable[[], AbstractContextManager[None]] = nullcontext
