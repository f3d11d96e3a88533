"""Counterfactual forks: rollouts run again with one thing changed, to see whether that turns the verdict.

A rollout is a function of its program, world and engine, and the noise of a look depends on the world, the moment and
the thing alone. So a fork that runs from the start is one from a snapshot before the change: up to where the change
acts it does the same, bit for bit, and what comes after differs by the change alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from aspire_mjx.errors import AspireError
from aspire_mjx.faults.edits import Edit
from aspire_mjx.machine.output import Outcome
from aspire_mjx.rollout.job import Job
from aspire_mjx.rollout.simulator import Simulators
from aspire_mjx.seeds import Purpose, check_role
from aspire_mjx.traces.columns import TraceBatch, Verdict
from aspire_mjx.traces.replay import job_of, simulators_of
from aspire_mjx.worlds.perturbation import Perturbation

_SHARE = 0.1  # of the instructions that the program may execute, for programs that are edited


@dataclass(frozen=True)
class Fork:
    """One change.

    Attributes:
        words: what is changed.
        edit: of the program; None for a change of the world.
        factor: the perturbation factor that takes another dose; "" for an edit.
        dose: that dose.
        longer: whether the episode has twice as many steps.
    """

    words: str
    edit: Edit | None = None
    factor: str = ""
    dose: float = 0.0
    longer: bool = False

    def applied(self, job: Job) -> Job:
        """The job with the change."""
        if self.edit is not None:
            return replace(job, program=self.edit.program)
        changes = {self.factor: self.dose} if self.factor else {}
        return replace(job, perturbation=replace(job.perturbation, **changes))


@dataclass(frozen=True)
class ForkOutcome:
    """What a fork did to rollouts that had failed, and to some that had passed.

    A change that does nothing but draw noise anew turns as many failures as others pass, and loses as many passes as
    others fail: it must turn the one and keep the other.

    Attributes:
        fork: the change.
        turned: failures that passed with it.
        failures: failures that were forked.
        kept: passes that still passed.
        passes: passes that were forked.
    """

    fork: Fork
    turned: int
    failures: int
    kept: int = 0
    passes: int = 0

    @property
    def effect(self) -> float:
        """Share of failures turned less share of passes lost, from -1 to 1; 0 is what luck gives."""
        lost = 1.0 - self.kept / self.passes if self.passes else 0.0
        return (self.turned / self.failures if self.failures else 0.0) - lost

    def with_more(self, other: ForkOutcome) -> ForkOutcome:
        """This with what the same change did to other rollouts."""
        names = ("turned", "failures", "kept", "passes")
        return replace(self, **{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def words(self) -> str:
        """The numbers in words."""
        kept = f" and keeps {self.kept} of {self.passes} passes" if self.passes else ""
        return f"turns {self.turned} of {self.failures} failures into passes{kept}"


def outcomes(forks: Sequence[Fork], then: np.ndarray, now: np.ndarray) -> list[ForkOutcome]:
    """What changes did, from the verdicts ``[R]`` bool of rollouts without and ``[len(forks), R]`` with each."""
    counts = (now[:, ~then].sum(axis=1).tolist(), now[:, then].sum(axis=1).tolist())
    return [
        ForkOutcome(fork, turned, int((~then).sum()), kept, int(then.sum()))
        for fork, turned, kept in zip(forks, *counts, strict=True)
    ]


class ForkStudy:
    """Forks of the rollouts of a batch; worlds that have settled, and what the rollouts did, are kept between runs.

    Args:
        batch: traces.
        verdict: which verdict is to turn.
    """

    def __init__(self, batch: TraceBatch, *, verdict: Verdict = "benchmark") -> None:
        self._batch = batch
        self._verdict: Verdict = verdict
        self._simulators: Simulators = simulators_of(batch, share=_SHARE)
        self._longer: Simulators | None = None
        self._remembered: set[int] = set()

    def run(self, forks: Sequence[Fork], rollouts: Sequence[int]) -> list[ForkOutcome]:
        """Each change in each of some rollouts.

        Raises:
            SeedRoleError: rollouts on seeds that may not drive edits.
        """
        check_role(Purpose.EDIT, {int(self._batch.rollouts["seed"][rollout]) for rollout in rollouts})
        if not forks or not len(rollouts):
            return []
        jobs = [job_of(self._batch, rollout) for rollout in rollouts]
        self._remember(rollouts)
        now = np.zeros((len(forks), len(jobs)), bool)
        for longer in (False, True):
            rows = [row for row, fork in enumerate(forks) if fork.longer == longer]
            if rows:
                ran = self._in_episodes(longer=longer).run([forks[row].applied(job) for row in rows for job in jobs])
                now[rows] = ran.passes(self._verdict).reshape(len(rows), len(jobs))
        return outcomes(forks, np.asarray(self._batch.passes(self._verdict)[list(rollouts)], bool), now)

    def _remember(self, rollouts: Sequence[int]) -> None:
        """Runs rollouts as they were, so that their forks are simulated from where they differ.

        Edited programs may loop for ever, so forks may execute a share of the instructions, unless the program itself
        needs more.
        """
        new = [rollout for rollout in rollouts if rollout not in self._remembered]
        if not new:
            return
        self._remembered |= set(new)
        again = self._simulators.run([job_of(self._batch, rollout) for rollout in new], remember=True)
        if (again.rollouts["outcome"] != self._batch.rollouts["outcome"][new]).any():
            self._simulators = simulators_of(self._batch)

    def _in_episodes(self, *, longer: bool) -> Simulators:
        if not longer:
            return self._simulators
        self._longer = self._longer or simulators_of(self._batch, times=2)
        return self._longer


def world_forks(batch: TraceBatch) -> list[Fork]:
    """For each factor that is dosed in some rollout of a batch its nominal value; and perception without any error.

    Where some rollout ran out of steps, also an episode with more of them.
    """
    nominal = Perturbation().factors()
    dosed = {n for row in range(len(batch)) for n, dose in batch.factors(row).items() if dose != nominal.get(n)}
    forks = [Fork(f"nominal {name}", factor=name, dose=nominal[name]) for name in sorted(dosed & set(nominal))]
    spent = bool((batch.rollouts["outcome"] == Outcome.OUT_OF_STEPS).any())
    longer = [Fork("an episode twice as long", longer=True)] if spent else []
    return [*forks, Fork("exact perception", factor="noise", dose=0.0), *longer]


def forkable(batch: TraceBatch, passes: np.ndarray, count: int) -> tuple[list[int], list[int]]:
    """Up to ``count`` failed rollouts that may be forked, and as many that passed, spread over the batch.

    Raises:
        AspireError: none has failed.
    """
    may = np.array([_may(int(seed)) for seed in batch.rollouts["seed"].tolist()], bool)
    failed, passed = (spread(np.flatnonzero(may & rows).tolist(), count) for rows in (~passes, passes))
    if not failed:
        raise AspireError(
            "no failed rollout may be forked: forks drive edits, which only debug seeds (51-65) may; "
            "run the program on those."
        )
    return failed, passed


def spread(rows: list[int], count: int) -> list[int]:
    """Up to ``count`` of some rows, evenly over all of them."""
    places = np.linspace(0, len(rows) - 1, count).round().astype(int)
    return [rows[place] for place in np.unique(places).tolist()] if rows else []


def _may(seed: int) -> bool:
    try:
        check_role(Purpose.EDIT, {seed})
    except AspireError:
        return False
    return True
