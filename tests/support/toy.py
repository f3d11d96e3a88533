"""A world of its own for the tests of agents, search and experiments: rollouts without physics.

Each world has one trouble, drawn from task and seed. What a program calls decides whether it copes: an empty grasp
needs ``retry_until_held``; a container that is not found needs a helper that looks again or goes home first; a shallow
grip needs a ``lift_height`` under 0.15. The last seed of every ten cannot be solved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from aspire_mjx.agents.candidate import Candidate
from aspire_mjx.agents.score import Score
from aspire_mjx.agents.scripted import ScriptedAgent
from aspire_mjx.language.program import Program
from aspire_mjx.machine.machine import Outcome
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.rollout.simulator import Job
from aspire_mjx.search.setup import SearchLimits, SearchSetup, SeedPlan
from aspire_mjx.seeds import Purpose, check_role
from aspire_mjx.status import Status
from aspire_mjx.traces.columns import RolloutRow, TraceBatch, TraceBuilder
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.tasks import Task
from tests.support.handmade import add_call

TASK = find_task("libero_object_swap", 0)
FIRST = Program(
    '''\
"""Pick and place."""


def pick(name):
    position, quaternion = sample_grasp_pose(name)
    goto_pose(position, quaternion, z_approach=0.1)
    close_gripper()
    goto_pose(position + [0.0, 0.0, tunable("lift_height", 0.2, low=0.1, high=0.3)], quaternion)
    return quaternion


def place(name, quaternion):
    position, _ = get_object_pose(name)
    goto_pose(position, quaternion)
    open_gripper()


def main():
    place("basket", pick("alphabet soup"))


main()
''',
    name="first.py",
)
TROUBLES = ("empty", "empty", "empty", "lost", "lost", "fine")


def score(passes: int, strict: int, trials: int) -> Score:
    """So many rollouts, one a seed, of which the first ones pass."""
    benchmark, strictly = ([True] * count + [False] * (trials - count) for count in (passes, strict))
    return Score(tuple(range(trials)), tuple(benchmark), tuple(strictly))


def trouble(task: Task, seed: int) -> str:
    """What a world has in store."""
    if seed % 10 == 9:
        return "hopeless"
    draw = hashlib.sha256(f"{task.key} {seed}".encode()).digest()[0]
    return TROUBLES[draw % len(TROUBLES)]


def copes(job: Job) -> bool:
    """Whether the job's program copes with its world's trouble."""
    text = job.program.text
    return {
        "empty": "retry_until_held(pick" in text or "retry_until_held(after_home" in text,
        "lost": "= look_again_for_place(name)" in text or "after_home(place" in text or "after_home, place" in text,
        "fine": dict(job.tunables).get("lift_height", 0.2) < 0.28,
        "hopeless": False,
    }[trouble(job.task, job.seed)]


class ToyRuns:
    """Runs jobs in the toy world and counts them."""

    def __init__(self, *, stop_after: int | None = None) -> None:
        self.ran: list[Job] = []
        self._stop_after = stop_after

    def __call__(self, jobs: Sequence[Job], stage: str) -> TraceBatch:
        """Traces of the jobs; raises KeyboardInterrupt when ``stop_after`` batches have run."""
        if self._stop_after == 0:
            raise KeyboardInterrupt
        if self._stop_after is not None:
            self._stop_after -= 1
        self.ran += jobs
        builder = TraceBuilder()
        for number, job in enumerate(jobs):
            _rollout(builder, number, job)
        timing = {"rollout_s": 0.001 * len(self.ran), "sim_steps": 10 * len(jobs), "occupancy": 0.5}
        return builder.build({"engine": "toy", "timing": timing})


class Direct:
    """Evaluates without memory."""

    def __init__(self) -> None:
        self.runs = ToyRuns()
        self.purposes: list[tuple[str, Purpose]] = []

    def __call__(self, jobs: Sequence[Job], *, purpose: Purpose, stage: str) -> TraceBatch:
        """See ``Evaluate``."""
        check_role(purpose, {job.seed for job in jobs})
        self.purposes.append((stage, purpose))
        return self.runs(jobs, stage)


def setup(**changes: Any) -> SearchSetup:
    """A search in this world on the usual seeds, with the scripted agent; ``changes`` are fields of the setup."""
    usual = {
        "agent": ScriptedAgent(),
        "evaluate": Direct(),
        "note": note,
        "seeds": SeedPlan(tuple(range(51, 66)), tuple(range(66, 81)), tuple(range(1, 21))),
        "limits": SearchLimits(),
        "seed": 0,
    }
    return SearchSetup(**{**usual, **changes})


def note(kind: str, **data: Any) -> None:
    """An event log that forgets."""


def first() -> Candidate:
    """The first program as a candidate."""
    return Candidate.first(FIRST)


def _rollout(builder: TraceBuilder, number: int, job: Job) -> None:
    passed, kind = copes(job), trouble(job.task, job.seed)
    clock = 0.0

    def call(name: str, path: str, line: int, status: Status = Status.OK, text: str = "", **fields: Any) -> None:
        nonlocal clock
        primitive = ROBOT_API[name]
        arguments: dict[str, Any] = {"name": (text,)} if text else {}
        if name == "goto_pose":
            arguments["position"] = np.array([fields.pop("position")])
        add_call(
            builder,
            primitive,
            rollout=[number],
            line=line,
            path=path,
            status=int(status),
            t_start=clock,
            t_end=clock + 1.0,
            arguments=arguments,
            fields={key: np.array([value]) for key, value in fields.items()},
        )
        clock += 1.0

    target, place = [0.5, 0.1, 0.03], [0.4, -0.3, 0.05]
    call("sample_grasp_pose", "main:21>pick:5", 5, text=job.task.target_category, position=target)
    call("goto_pose", "main:21>pick:6", 6, position=target)
    call("close_gripper", "main:21>pick:7", 7, Status.EMPTY_GRASP if kind == "empty" and not passed else Status.OK)
    lost = kind == "lost" and not passed
    if kind != "empty" or passed:
        status = Status.NOT_FOUND if lost else Status.OK
        call("get_object_pose", "main:21>place:13", 13, status, text="basket", position=place)
        if not lost:
            call("goto_pose", "main:21>place:14", 14, position=place)
            call("open_gripper", "main:21>place:15", 15)
    row = RolloutRow(
        rollout=number,
        program=builder.program(job.program),
        task=job.task.key,
        definition=job.task.definition,
        factors=job.perturbation.factors(),
        language=job.task.language,
        target=job.task.target_category,
        container=job.task.container_category,
        seed=job.seed,
        label=job.label,
        tunables=dict(job.tunables),
        outcome=int(Outcome.PROGRAM_ERROR if lost else Outcome.DONE),
        benchmark=passed,
        strict=passed and job.seed % 7 != 0,
        margin=0.05 if passed else -0.1,
        ticks=int(clock * 50),
    )
    builder.rollout(row)
