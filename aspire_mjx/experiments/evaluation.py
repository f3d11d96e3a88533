"""The one door through which an experiment's rollouts go: checked, remembered, written down.

A program with the same tunables in the same world always does the same, so a job that ran once in a run directory
never runs again there, and an interrupted run that is resumed gives what an uninterrupted one gives.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aspire_mjx.errors import TraceError
from aspire_mjx.experiments.run_directory import LOOK, RunDirectory
from aspire_mjx.experiments.session import Session
from aspire_mjx.rollout.simulator import Job
from aspire_mjx.search.setup import Note
from aspire_mjx.seeds import HeldoutLedger, Purpose, check_role, format_seeds
from aspire_mjx.traces.columns import TraceBatch, concatenate
from aspire_mjx.traces.store import read_traces, write_traces
from aspire_mjx.worlds.perturbation import Perturbation

_JobKey = tuple[str, tuple[tuple[str, float], ...], str, int, tuple[tuple[str, float], ...]]

_KEPT = 32  # batches in memory

#: Meta key of a batch's wall-clock figures; everything else in a trace file repeats exactly.
TIMING = "timing"


def _forget(kind: str, **data: Any) -> None:
    """The note of an evaluator without an event log."""


class Evaluator:
    """Runs jobs or recalls them; implements :class:`aspire_mjx.agents.equipment.Evaluate`.

    Args:
        run: runs jobs that are new, of one stage; rollouts in job order.
        folder: where trace files go, one a batch that ran.
        ledger: the run's record of held-out evaluations.
        context: what the physics depends on besides a job, e.g. engine and versions; part of every file's key.
        note: writes events; each trace file is announced before its rollouts begin.
        perturbations: of the worlds of each seed, in every job; by default each job keeps its own.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Job], str], TraceBatch],
        *,
        folder: Path,
        ledger: HeldoutLedger,
        context: Mapping[str, str],
        note: Note = _forget,
        perturbations: Mapping[int, Perturbation] | None = None,
    ) -> None:
        self._run, self._folder, self._ledger, self._note = run, folder, ledger, note
        self._context, self._perturbations = dict(context), dict(perturbations or {})
        self._known: dict[_JobKey, tuple[Path, int]] = {}
        self._read: OrderedDict[Path, TraceBatch] = OrderedDict()  # those asked for last
        self._work = _Work()

    @classmethod
    def of(
        cls, session: Session, directory: RunDirectory, *, perturbations: Mapping[int, Perturbation] | None = None
    ) -> Evaluator:
        """The evaluator of a session's rollouts in its run directory, with the directory's ledger and event log."""
        return cls(
            session.run,
            folder=directory.traces,
            ledger=HeldoutLedger(directory.ledger),
            context=session.context,
            note=directory.events,
            perturbations=perturbations,
        )

    def __call__(self, jobs: Sequence[Job], *, purpose: Purpose, stage: str) -> TraceBatch:
        """See :class:`aspire_mjx.agents.equipment.Evaluate`; the worlds are perturbed as the experiment has them."""
        return self.exactly(self._perturbed(jobs), purpose=purpose, stage=stage)

    def exactly(self, jobs: Sequence[Job], *, purpose: Purpose, stage: str) -> TraceBatch:
        """The same in exactly the worlds that the jobs name."""
        self._enter(jobs, purpose)
        missing = list({_key(job): job for job in jobs if _key(job) not in self._known}.values())
        if missing:
            path = self._path(f"{missing[0].task.key}-{stage}", missing)
            self._keep(path, self._recall_or_run(path, missing, purpose, stage))
            for row, job in enumerate(missing):
                self._known[_key(job)] = (path, row)
        return self._gather(jobs)

    def once(self, jobs: Sequence[Job], *, purpose: Purpose, stage: str, title: str) -> TraceBatch:
        """The same for jobs, all different, that nobody asks for again: their traces stay on disk only.

        Args:
            jobs: what to run.
            purpose: what the verdicts are for.
            stage: name of the step, for people.
            title: what the name of the trace file begins with.
        """
        jobs = self._perturbed(jobs)
        self._enter(jobs, purpose)
        return _timeless(self._recall_or_run(self._path(title, jobs), jobs, purpose, stage))

    @property
    def timing(self) -> dict[str, float | int]:
        """Work done so far as ``summary.json`` has it, summed over batches that ran now or in an earlier part."""
        return self._work.figures()

    def _perturbed(self, jobs: Sequence[Job]) -> list[Job]:
        return [replace(job, perturbation=self._perturbations.get(job.seed, job.perturbation)) for job in jobs]

    def _enter(self, jobs: Sequence[Job], purpose: Purpose) -> None:
        """Checks the seeds, and enters looks at held-out ones in the ledger."""
        check_role(purpose, {job.seed for job in jobs})
        if purpose is Purpose.REPORT:
            for key in dict.fromkeys(job.task.key for job in jobs):
                own = [job for job in jobs if job.task.key == key]
                self._ledger.record(key, sorted({_content(job) for job in own}), sorted({job.seed for job in own}))

    def _path(self, title: str, jobs: Sequence[Job]) -> Path:
        return self._folder / f"{title.replace('/', '-')}-{self._file_key(jobs)}.msgpack"

    def _recall_or_run(self, path: Path, jobs: Sequence[Job], purpose: Purpose, stage: str) -> TraceBatch:
        seeds = {
            key: sorted({job.seed for job in jobs if job.task.key == key}) for key in {job.task.key for job in jobs}
        }
        seen = {key: format_seeds(seeds[key]) for key in sorted(seeds)}
        self._note(LOOK, purpose=purpose.value, seeds=seen, rollouts=len(jobs), file=path.name)
        batch = self._recalled(path)
        if batch is None:
            batch = self._run(jobs, stage)
            write_traces(path, batch)
        self._work.add(batch)
        return batch

    def _recalled(self, path: Path) -> TraceBatch | None:
        if not path.exists():
            return None
        try:
            return read_traces(path)
        except TraceError:
            path.unlink()  # cut short by a crash: what it held runs again
            return None

    def _file_key(self, jobs: Sequence[Job]) -> str:
        content = json.dumps([self._context, [_key(job) for job in jobs]], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def _keep(self, path: Path, batch: TraceBatch) -> TraceBatch:
        """Keeps a batch in memory, and of all batches the last few."""
        self._read[path] = batch
        while len(self._read) > _KEPT:
            self._read.popitem(last=False)
        return batch

    def _batch(self, path: Path) -> TraceBatch:
        if path not in self._read:
            return self._keep(path, read_traces(path))
        self._read.move_to_end(path)
        return self._read[path]

    def _gather(self, jobs: Sequence[Job]) -> TraceBatch:
        """The known rollouts of the jobs, in job order, from as few pieces as possible."""
        pieces: list[tuple[Path, list[int]]] = []
        for job in jobs:
            path, row = self._known[_key(job)]
            if pieces and pieces[-1][0] == path and row not in pieces[-1][1]:
                pieces[-1][1].append(row)
            else:
                pieces.append((path, [row]))
        return concatenate([_timeless(self._batch(path)).select(rows) for path, rows in pieces])


@dataclass
class _Work:
    """What the rollouts of some batches took.

    Attributes:
        compile_s: seconds until engines were ready.
        rollout_s: seconds of rollouts.
        rollouts: how many.
        sim_steps: steps of physics, over all lanes.
        lane_steps: the same with idle lanes.
    """

    compile_s: float = 0.0
    rollout_s: float = 0.0
    rollouts: int = 0
    sim_steps: int = 0
    lane_steps: float = 0.0

    def add(self, batch: TraceBatch) -> None:
        """Add what a batch took."""
        took = {"compile_s": 0.0, "rollout_s": 0.0, "sim_steps": 0, "occupancy": 0.0, **batch.meta.get(TIMING, {})}
        self.compile_s += took["compile_s"]
        self.rollout_s += took["rollout_s"]
        self.rollouts += len(batch)
        self.sim_steps += int(took["sim_steps"])
        self.lane_steps += took["sim_steps"] / took["occupancy"] if took["occupancy"] else 0.0

    def figures(self) -> dict[str, float | int]:
        """The form in ``summary.json``."""
        return {
            "compile_s": round(self.compile_s, 3),
            "rollout_s": round(self.rollout_s, 3),
            "rollouts": self.rollouts,
            "sim_steps": self.sim_steps,
            "occupancy": round(self.sim_steps / self.lane_steps, 4) if self.lane_steps else 0.0,
        }


def _key(job: Job) -> _JobKey:
    factors = tuple(sorted(job.perturbation.factors().items()))
    return (job.program.hash, tuple(job.tunables), job.task.key, job.seed, factors)


def _content(job: Job) -> str:
    """What the ledger knows a job's program by: text and tunables."""
    return f"{job.program.hash}:{json.dumps(dict(job.tunables), sort_keys=True)}" if job.tunables else job.program.hash


def _timeless(batch: TraceBatch) -> TraceBatch:
    meta: dict[str, Any] = {key: value for key, value in batch.meta.items() if key != TIMING}
    return replace(batch, meta=meta)
