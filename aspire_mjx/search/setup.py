"""What the searches for all tasks of a run share: agent, rollouts, seeds, limits, events."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.agents.equipment import Evaluate
from aspire_mjx.agents.protocol import Agent
from aspire_mjx.rollout.simulator import Job
from aspire_mjx.seeds import Purpose
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.tasks import Task

#: records one event of a run: its kind, and plain values by name, no wall-clock times among them
Note = Callable[..., None]


@dataclass(frozen=True)
class SeedPlan:
    """The seeds of an experiment by role."""

    debug: tuple[int, ...]
    validation: tuple[int, ...]
    heldout: tuple[int, ...]

    @property
    def learning(self) -> tuple[int, ...]:
        """Every seed but the held-out ones."""
        return (*self.debug, *self.validation)


@dataclass(frozen=True)
class SearchLimits:
    """How far a search goes.

    Attributes:
        candidates: candidates a round (K), the incumbent among them.
        rounds: rounds at most.
        threshold: debug rate at which the search stops.
        parents: candidates that a briefing shows.
    """

    candidates: int = 8
    rounds: int = 3
    threshold: float = 0.95
    parents: int = 3

    @property
    def tuned(self) -> int:
        """Settings of the incumbent's tunables among the candidates of a round."""
        return self.candidates // 4


@dataclass(frozen=True)
class SearchSetup:
    """What the search for every task of a run works with.

    Attributes:
        agent: proposes candidates.
        evaluate: runs them.
        note: records events.
        seeds: by role.
        limits: how far each search goes.
        seed: of the searches' own draws.
        without: seeds that a task has no world for, by the task's key; its rollouts are left out.
        traces: whether the agent is told why programs fail.
        skills: whether the library is searched, and skills are drafted for it.
    """

    agent: Agent
    evaluate: Evaluate
    note: Note
    seeds: SeedPlan
    limits: SearchLimits
    seed: int
    without: Mapping[str, frozenset[int]] = field(default_factory=dict)
    traces: bool = True
    skills: bool = True

    def evaluate_each(
        self, candidates: Sequence[Candidate], task: Task, seeds: Sequence[int], purpose: Purpose, stage: str
    ) -> list[TraceBatch]:
        """Traces of every candidate on the same seeds, from one batch of K x S rollouts; see :class:`Evaluate`.

        Seeds that the task has no world for are left out.
        """
        without = self.without.get(task.key, frozenset())
        seeds = [seed for seed in seeds if seed not in without]
        jobs = [
            Job(program=each.program, task=task, seed=seed, tunables=each.tunables, label=each.label)
            for each in candidates
            for seed in seeds
        ]
        batch = self.evaluate(jobs, purpose=purpose, stage=stage)
        width = len(seeds)
        return [batch.select(range(k * width, (k + 1) * width)) for k in range(len(candidates))]
