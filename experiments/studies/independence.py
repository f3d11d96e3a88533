"""Case of the independence: whether the rollouts of one seed on different tasks pass or fail together."""

from __future__ import annotations

from typing import Any

import numpy as np

from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Job, run_jobs
from aspire_mjx.seeds import format_seeds
from aspire_mjx.worlds.suites import load_suite

SUITE = "libero_object_swap"
PROGRAMS = ("pick_and_place", "careful_pick_and_place")
FIRST_SEED = 1001
_PERMUTATIONS = 9999


def independence(seeds: int) -> dict[str, Any]:
    """For each program the design effect of seeds over all tasks of the suite, each on the same ``seeds`` seeds."""
    chosen = range(FIRST_SEED, FIRST_SEED + seeds)
    return {
        "suite": SUITE,
        "seeds": format_seeds(chosen),
        "programs": {name: _figures(verdicts(Program.shipped(name), chosen)) for name in PROGRAMS},
    }


def verdicts(program: Program, seeds: range) -> np.ndarray:
    """Which rollouts of a program pass, [tasks, seeds] bool."""
    return np.array(
        [run_jobs([Job(program, task, seed) for seed in seeds], engine="native").passes() for task in load_suite(SUITE)]
    )


def _figures(passes: np.ndarray) -> dict[str, Any]:
    return {
        "passes": int(passes.sum()),
        "trials": passes.size,
        "passes_of_each_task": passes.sum(axis=1).tolist(),
        "design_effect": round(design_effect(passes), 3),
        "permutation_p": round(permutation_p(passes), 4),
        "seeds_that_pass_on": np.bincount(passes.sum(axis=0), minlength=len(passes) + 1).tolist(),  # 0, 1, ... tasks
    }


def design_effect(passes: np.ndarray) -> float:
    """How many times the variance of the seeds' pass rates is what independent tasks would give it; 1 without any.

    Args:
        passes: [tasks, seeds] bool.
    """
    alone = passes.var(axis=1, ddof=1).sum()
    return float(passes.sum(axis=0).var(ddof=1) / alone) if alone else 1.0


def permutation_p(passes: np.ndarray, *, permutations: int = _PERMUTATIONS) -> float:
    """One-sided p-value that the seeds of each task, shuffled on their own, vary as much together.

    Args:
        passes: [tasks, seeds] bool.
        permutations: how often to shuffle.
    """
    random, found = np.random.default_rng(0), design_effect(passes)
    shuffled = (design_effect(random.permuted(passes, axis=1)) for _ in range(permutations))
    return (1 + sum(effect >= found - 1e-12 for effect in shuffled)) / (1 + permutations)
