"""Case of the pairing: whether two programs that do the same thing in the same world share its luck."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from aspire_mjx.agents.repertoire import REPERTOIRE
from aspire_mjx.agents.rewrite import apply
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Job, run_jobs
from aspire_mjx.seeds import format_seeds
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import find_task

SUITE = "libero_object_swap"
FIRST_SEED = 1001
BASE = "pick_and_place"
_LOOK = "    position, quaternion = sample_grasp_pose(name)\n"
_NO_OP = "    _ = task_language()\n"
#: Repairs that act after the first pick, and the function that each wraps. The last one asks for the task first.
WRAPPED = {"retry-until-held": "pick", "carry-over-home": "place", "check-and-redo": "main"}


class Scene(NamedTuple):
    """A task of the suite, and the dose of the noise."""

    task: int
    noise: float


#: The two tasks that the program fails most often, and one that it fails with noise alone.
SCENES = (Scene(0, 1.0), Scene(5, 1.0), Scene(3, 6.0))


def pairing(seeds: int) -> dict[str, Any]:
    """What a line that does nothing changes, and how much paired differences of repairs vary, on ``seeds`` seeds."""
    chosen = range(FIRST_SEED, FIRST_SEED + seeds)
    return {"suite": SUITE, "seeds": format_seeds(chosen), "scenes": [_scene(scene, chosen) for scene in SCENES]}


def variants() -> dict[str, Program]:
    """The plain program, the same with a line that does nothing before its first look, and repaired ones."""
    base = Program.shipped(BASE)
    texts = {"no-op": base.text.replace(_LOOK, _NO_OP + _LOOK)}
    for repair in REPERTOIRE:
        if repair.name in WRAPPED:
            texts[repair.name] = apply(base.text, repair, function=WRAPPED[repair.name]) or ""
    edited = {name: Program(text, f"{name}.py") for name, text in texts.items()}
    return {"base": base, **edited, "careful": Program.shipped("careful_pick_and_place")}


def _scene(scene: Scene, seeds: range) -> dict[str, Any]:
    task, dose = find_task(SUITE, scene.task), Perturbation(noise=scene.noise)
    passes = {}
    for name, program in variants().items():
        batch = run_jobs([Job(program, task, seed, perturbation=dose) for seed in seeds], engine="native")
        passes[name] = batch.passes()
    base, same = passes.pop("base"), passes.pop("no-op")
    return {
        "task": task.key,
        "noise": scene.noise,
        "base_passes": int(base.sum()),
        "no_op": paired(base, same),
        "repairs": {name: paired(base, repaired) for name, repaired in passes.items()},
    }


def paired(before: np.ndarray, after: np.ndarray) -> dict[str, Any]:
    """Gains and losses of pairs, the variance of their difference, and what it would be if pairs shared nothing.

    Args:
        before: [seeds] bool, verdicts of one program.
        after: [seeds] bool, those of another in the same worlds.
    """
    difference = after.astype(float) - before
    return {
        "passes": int(after.sum()),
        "gains": int((after & ~before).sum()),
        "losses": int((before & ~after).sum()),
        "variance": round(float(difference.var()), 4),
        "variance_if_unpaired": round(float(before.var() + after.var()), 4),
    }
