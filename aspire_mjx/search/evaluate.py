"""How the search has candidates run: one call, one batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.rollout.simulator import Job
from aspire_mjx.seeds import Purpose
from aspire_mjx.traces.columns import TraceBatch
from aspire_mjx.worlds.tasks import Task


class Evaluate(Protocol):
    """Runs jobs, or recalls them: a program with the same tunables in the same world always does the same."""

    def __call__(self, jobs: Sequence[Job], *, purpose: Purpose, stage: str) -> TraceBatch:
        """Traces of the jobs, rollouts in job order.

        Args:
            jobs: what to run; jobs with equal content run once.
            purpose: what the verdicts are for.
            stage: name of the step, e.g. ``round-1``; it names the trace file.

        Raises:
            SeedRoleError: a seed that the purpose may not use.
        """
        ...


def jobs_of(candidate: Candidate, task: Task, seeds: Iterable[int]) -> list[Job]:
    """One job a seed."""
    return [
        Job(program=candidate.program, task=task, seed=seed, tunables=candidate.tunables, label=candidate.label)
        for seed in seeds
    ]


def evaluate_each(
    candidates: Sequence[Candidate],
    *,
    task: Task,
    seeds: Sequence[int],
    evaluate: Evaluate,
    purpose: Purpose,
    stage: str,
) -> list[TraceBatch]:
    """Traces of every candidate on the same seeds, from one batch of K x S rollouts."""
    jobs = [job for candidate in candidates for job in jobs_of(candidate, task, seeds)]
    batch = evaluate(jobs, purpose=purpose, stage=stage)
    width = len(seeds)
    return [batch.select(range(k * width, (k + 1) * width)) for k in range(len(candidates))]
