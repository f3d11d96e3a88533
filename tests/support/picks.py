"""The rollouts that engines and lane capacities are compared on."""

from __future__ import annotations

from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Job
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite

#: Pick and place with as few control ticks as it takes: some 300, for an engine that is slow on a CPU.
QUICK_PICK = Program(
    """
import numpy as np

def up(height):
    return np.array([0.0, 0.0, height])

words = task_language().lower().strip(".").replace("pick up the ", "").replace("pick the ", "")
target, container = words.split(" and place it in the ")
position, quaternion = sample_grasp_pose(target)
goto_pose(position, quaternion, z_approach=0.05)
close_gripper()
goto_pose(position + up(0.15), quaternion)
basket, _ = get_object_pose(container)
goto_pose(basket + up(0.14), quaternion)
open_gripper()
""",
    "quick_pick.py",
)


def picks(count: int) -> list[Job]:
    """``count`` jobs over ten tasks, with noise at which some fail."""
    tasks = load_suite("libero_object_swap")
    noise = Perturbation.parse("noise:2")
    return [Job(QUICK_PICK, tasks[i % 10], 51 + i // 10, perturbation=noise) for i in range(count)]
