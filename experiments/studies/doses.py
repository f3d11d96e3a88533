"""Case of the doses: what each factor does to programs that pass in the nominal world, dose by dose."""

from __future__ import annotations

from typing import Any, NamedTuple

from aspire_mjx.faults.statistics import wilson
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Job, run_jobs
from aspire_mjx.shipped import named_program_file
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.worlds import refusals

_FIRST_SEED = 1000


class Scene(NamedTuple):
    """A program that passes, and its task."""

    program: str
    suite: str
    task: int


FIRST = Scene("pick_and_place", "libero_object", 3)
CARRY = Scene("careful_pick_and_place", "libero_object", 3)
BOWL = Scene("bowl_on_plate", "libero_goal", 8)
KITCHEN = Scene("bowl_on_plate", "libero_90", 9)
LIVING_ROOM = Scene("pick_and_place", "libero_90", 46)
#: A strong dose of each factor, for workspaces that have no ladders. No program here passes in the study.
STRONG: dict[str, float] = {
    **{"position": 0.5, "yaw": 0.8, "size": 0.5, "mass": 100.0, "friction": 0.01, "colour": 1.0, "distractors": 4.0},
    **{"fixture": 0.3, "fixture_yaw": 1.57, "camera": 0.5, "camera_turn": 0.5, "fov": 2.5, "light": 0.0},
    **{"table": -0.3, "base": 0.2, "gain": 0.02, "joints": 0.6, "latency": 1.0, "noise": 100.0},
}
#: Scene, factor, and its doses: the first is the nominal one, and each next one is stronger.
LADDERS: tuple[tuple[Scene, str, tuple[float, ...]], ...] = (
    (CARRY, "friction", (1.0, 0.2, 0.05, 0.03, 0.02, 0.01)),
    (BOWL, "friction", (1.0, 0.2, 0.05, 0.03, 0.02, 0.01)),
    (CARRY, "mass", (1.0, 10.0, 30.0, 100.0)),
    (BOWL, "mass", (1.0, 10.0, 30.0, 100.0)),
    (CARRY, "position", (0.0, 0.05, 0.2, 0.5)),
    (CARRY, "yaw", (0.0, 0.8, 1.6, 3.1)),
    (CARRY, "size", (1.0, 1.3, 1.6, 1.9)),
    (CARRY, "size", (1.0, 0.8, 0.65, 0.5)),
    (FIRST, "colour", (0.0, 0.25, 0.5, 1.0)),
    (CARRY, "distractors", (0.0, 1.0, 2.0, 4.0)),
    (BOWL, "fixture", (0.0, 0.05, 0.15, 0.3)),
    (BOWL, "fixture_yaw", (0.0, 0.4, 0.8, 1.57)),
    (CARRY, "camera", (0.0, 0.1, 0.3, 0.5)),
    (CARRY, "camera_turn", (0.0, 0.1, 0.25, 0.5)),
    (CARRY, "fov", (1.0, 1.5, 2.0, 2.5)),
    (CARRY, "fov", (1.0, 0.65, 0.5, 0.25)),
    (CARRY, "light", (1.0, 0.1, 0.02, 0.01, 0.0)),
    (BOWL, "light", (1.0, 2.0, 3.0, 10.0)),
    (BOWL, "table", (0.0, 0.05, 0.1, 0.2)),
    (BOWL, "table", (0.0, -0.1, -0.2, -0.3)),
    (CARRY, "base", (0.0, 0.05, 0.1, 0.2)),
    (CARRY, "gain", (1.0, 0.2, 0.1, 0.05, 0.02)),
    (CARRY, "gain", (1.0, 2.0, 3.0, 5.0)),
    (FIRST, "joints", (0.0, 0.2, 0.4, 0.6)),
    (CARRY, "latency", (0.0, 0.3, 0.5, 1.0)),
    (FIRST, "latency", (0.0, 0.3, 0.5, 1.0)),
    (CARRY, "noise", (1.0, 4.0, 10.0, 100.0)),
    *(
        (scene, factor, (getattr(Perturbation(), factor), dose))
        for scene in (KITCHEN, LIVING_ROOM)
        for factor, dose in STRONG.items()
    ),
)


def doses(seeds: int) -> dict[str, Any]:
    """Passes of every dose of every ladder over ``seeds`` worlds, and whether no stronger dose passes more."""
    return {"seeds": seeds, "ladders": [ladder(*each, seeds=seeds) for each in LADDERS]}


def ladder(scene: Scene, factor: str, values: tuple[float, ...], *, seeds: int) -> dict[str, Any]:
    """Passes of some doses, each in the worlds of the same seeds as far as these can be built.

    Args:
      scene: what runs.
      factor: what is dosed.
      values: its doses.
      seeds: worlds of each dose.
    """
    task, program = find_task(scene.suite, scene.task), Program.read(named_program_file(scene.program))
    passes, trials = [], []
    for value in values:
        dose = Perturbation(**{factor: value})
        jobs = [Job(program, task, seed, perturbation=dose) for seed in range(_FIRST_SEED, _FIRST_SEED + seeds)]
        without = refusals(job.world for job in jobs)
        batch = run_jobs([job for job in jobs if job.world not in without], engine="native")
        passes.append(int(batch.passes("benchmark").sum()) if len(batch) else 0)
        trials.append(len(batch))
    return {
        "scene": f"{scene.program} on {task.key}",
        "factor": factor,
        "doses": list(values),
        "passes": passes,
        "trials": trials,
        "falls": falls(passes, trials),
    }


def falls(passes: list[int], trials: list[int]) -> bool:
    """Whether no dose passes more than a weaker one beyond what their 95 % intervals allow."""
    intervals = [wilson(good, count) for good, count in zip(passes, trials, strict=True) if count]
    return all(later.low <= earlier.high for i, earlier in enumerate(intervals) for later in intervals[i + 1 :])
