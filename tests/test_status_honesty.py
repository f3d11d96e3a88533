"""For every status there is a world that provokes it; and more noise in the camera means less success."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.language.api_choice import pinned
from aspire_mjx.language.program import Program
from aspire_mjx.physics.engine import State
from aspire_mjx.rollout.simulator import Job, Simulator, Simulators
from aspire_mjx.status import Status
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from tests.support.paths import PROGRAMS

_DOWN = "[0.0, 1.0, 0.0, 0.0]"
_LOW = f"goto_pose([0.4, -0.35, 0.1], {_DOWN})\n"
_SEEN_BASKET = "basket, _ = get_object_pose('basket')\nget_object_pose('alphabet soup')\n"
_TAKE_MILK = """
position, quaternion = sample_grasp_pose("milk")
goto_pose(position, quaternion, z_approach=0.12)
close_gripper()
"""
#: What provokes a status: a program, a task of libero_object_swap, and factors that differ from the nominal world.
PROVOKED: dict[Status, tuple[str, int, dict[str, float]]] = {
    Status.OK: ("open_gripper()", 0, {}),
    Status.NOT_FOUND: ("get_object_pose('teapot')", 0, {}),
    Status.AMBIGUOUS: ("get_object_pose('food')", 0, {}),
    Status.IK_INFEASIBLE: (f"goto_pose([1.2, 0.0, 0.3], {_DOWN})", 0, {}),
    Status.IN_COLLISION: (f"goto_pose([0.4, -0.35, -0.03], {_DOWN}, avoid_collisions=True)", 0, {}),
    Status.BLOCKED: (_LOW + "push([0.0, 0.0, -1.0], 0.15)", 0, {}),
    Status.TIMEOUT: (_LOW, 0, {"latency": 0.4}),
    Status.EMPTY_GRASP: (_LOW + "close_gripper()", 0, {}),
    # By the lid's edge, and heavy.
    Status.SLIPPED: (
        "position, quaternion = sample_grasp_pose('alphabet soup')\n"
        "goto_pose(position + [0.0, 0.0, 0.03], quaternion, z_approach=0.1)\nclose_gripper()\n"
        "goto_pose([0.45, 0.1, 0.3], [0.0, 0.0, 1.0, 0.0])",
        0,
        {"mass": 3.0},
    ),
    # Around the carton it cannot turn, as far as it saw.
    Status.PLANNING_ERROR: (
        _TAKE_MILK + "goto_pose(position, [0.0, 0.0, 1.0, 0.0], avoid_collisions=True)",
        7,
        {},
    ),
    Status.OUT_OF_STEPS: ("while True:\n    wait(1.0)", 0, {}),
    Status.NO_CONTACT: (_LOW + "move_until_contact([0.0, 0.0, 1.0], 0.1)", 0, {}),
    Status.DIVERGED: ("wait(0.1)", 1, {}),
    Status.GOAL_IN_COLLISION: (
        _SEEN_BASKET + f"goto_pose(basket + [0.079, 0.0, 0.03], {_DOWN}, avoid_collisions=True)",
        0,
        {},
    ),
    # Where the wall of the basket stood before it was pushed away.
    Status.START_IN_COLLISION: (
        f"basket, _ = get_object_pose('basket')\nclose_gripper()\n"
        f"goto_pose(basket + [-0.16, 0.0, 0.03], {_DOWN}, z_approach=0.15)\npush([1.0, 0.0, 0.0], 0.08)\n"
        f"goto_pose([0.4, -0.35, 0.1], {_DOWN}, avoid_collisions=True)",
        0,
        {},
    ),
}


class _Broken(Simulator):
    """Worlds of task 1 start with velocities that are no numbers."""

    def settled(self, specs):
        worlds, state = super().settled(specs)
        broken = np.array([spec.task.index == 1 for spec in specs])
        return worlds, State(state.qpos, np.where(broken[:, None], np.nan, state.qvel), state.asleep)


@pytest.fixture(scope="module")
def batch():
    tasks = load_suite("libero_object_swap")
    jobs = [
        Job(Program(pinned(text, "native"), f"{status.name}.py"), tasks[index], 1001, perturbation=Perturbation(**dose))
        for status, (text, index, factors) in PROVOKED.items()
        for dose in [{"noise": 0.0, **factors}]
    ]
    engine = Simulators("native").of(jobs[0].world.template).engine
    return _Broken(engine, horizon=1200).run(jobs)


def test_every_status_has_its_provocation():
    assert set(PROVOKED) == set(Status)


@pytest.mark.parametrize("status", PROVOKED, ids=lambda status: status.name)
def test_a_world_provokes_the_status(batch, status):
    rows = batch.calls_of(list(PROVOKED).index(status))
    assert batch.calls["status"][rows][-1] == status
    messages = batch.call_text("message")[rows]
    explained = (
        Status.BLOCKED,
        Status.TIMEOUT,
        Status.SLIPPED,
        Status.EMPTY_GRASP,
        Status.NO_CONTACT,
        Status.NOT_FOUND,
    )
    assert messages[-1] or status not in explained


@pytest.mark.parametrize("name", ["pick_and_place.py", "careful_pick_and_place.py"])
def test_more_noise_in_the_camera_means_less_success(name):
    tasks, program = load_suite("libero_object_swap"), Program.read(PROGRAMS / name)
    doses = (0.0, 4.0, 20.0)
    jobs = [
        Job(program, tasks[i % 10], 1000 + i, perturbation=Perturbation(noise=dose))
        for dose in doses
        for i in range(20)
    ]
    exact, noisy, blind = Simulators("native").run(jobs).passes().reshape(len(doses), -1).sum(axis=1).tolist()
    assert exact > noisy > blind and exact >= 13 and blind <= 4, (exact, noisy, blind)
