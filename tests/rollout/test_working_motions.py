"""Work that touches what was seen, from end to end: pulling, pushing, hooking, turning, wiping, lowering into things.

The programs look first, so the robot knows that it reaches into something; the simulator says what came of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome
from aspire_mjx.plain.runner import run_plain
from aspire_mjx.rollout.plain_robot import PlainRobot
from aspire_mjx.rollout.simulator import Job, Simulators
from aspire_mjx.status import Status
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.worlds import WorldSpec

SIMULATORS = Simulators("native")
EXACT = Perturbation(noise=0.0)
_START = """
import numpy as np
DOWN = np.array([0.0, 1.0, 0.0, 0.0])
OUT = np.array([0.0, 1.0, 0.0])  # the way the cabinet's drawers open
UP = np.array([0.0, 0.0, 1.0])
"""
_PULL = """
handle, _ = get_object_pose("middle drawer handle")
facing = np.array([0.0, 0.0, np.sqrt(0.5), -np.sqrt(0.5)])  # towards the cabinet, fingers above and below the bar
open_gripper()
goto_pose(handle + 0.08 * OUT, facing)
goto_pose(handle, facing)
close_gripper()
moved = 0
for k in range(1, 8):
    joints = solve_ik(handle + 0.02 * k * OUT, facing)
    if joints is not None:
        pulled = move_to_joints(joints)
        moved += bool(pulled)
        print(pulled.status, pulled.planner_note)
print(moved)
"""
_PUSH = """
open_gripper()
goto_pose(handle + 0.24 * OUT, facing)
close_gripper()
shut = goto_pose(handle + 0.03 * OUT, facing)
print(shut.status)
"""
_HOOK = """
get_object_pose("cabinet")
behind = np.array(HANDLE) + 0.029 * OUT + 0.006 * UP  # one finger between the bar and the drawer
goto_pose(behind, DOWN, z_approach=0.15)
for k in range(1, 8):
    hooked = goto_pose(behind + 0.02 * k * OUT, DOWN)
    print(hooked.status, hooked.planner_note)
"""
_TURN = """
knob, _ = get_object_pose("stove knob")
open_gripper()
goto_pose(knob, DOWN, z_approach=0.1)
close_gripper()
for k in range(1, 7):
    half = 0.125 * k
    turned = goto_pose(knob, np.array([0.0, np.cos(half), np.sin(half), 0.0]))
    print(turned.status, turned.planner_note)
"""
_WIPE = """
get_object_pose("basket")
close_gripper()
place = np.array([0.4, -0.35, 0.0])
goto_pose(place + 0.1 * UP, DOWN)
for x in (0.0, 0.15, 0.0, 0.15):
    wiped = goto_pose(place + np.array([x, 0.0, 0.005]), DOWN)
    print(wiped.status, wiped.contact_object)
goto_pose(place + 0.1 * UP, DOWN)
pressed = goto_pose(place - 0.03 * UP, DOWN)
print(pressed.status, pressed.position_error > 0.03, pressed.peak_torque > 50.0)
print(goto_pose(place + 0.1 * UP, DOWN).status)
"""
_LOWER = """
position, quaternion = sample_grasp_pose("milk")
goto_pose(position, quaternion, z_approach=0.12)
close_gripper()
goto_pose(position + 0.2 * UP, quaternion)
basket, _, extent = get_object_pose("basket", return_bbox_extent=True)
inside = np.array([basket[0], basket[1], position[2] + 0.015])
goto_pose(inside + 0.25 * UP, quaternion)
lowered = goto_pose(inside, quaternion)
print(lowered.status, lowered.planner_note)
again = goto_pose(inside, quaternion)
print(again.status)
open_gripper()
print(goto_pose(inside + 0.25 * UP, quaternion).status)
"""


class Ran:
    """One program in one world as plain Python: what it printed, and how things stand. No motion was refused."""

    def __init__(self, text: str, suite: str, task: int, seed: int) -> None:
        self.spec = WorldSpec(load_suite(suite)[task], seed, EXACT)
        self.robot = PlainRobot(SIMULATORS.of(self.spec.template), self.spec)
        self.program = Program(_START + text.replace("HANDLE", str(self._top_handle())), "work.py")
        end = run_plain(self.program, self.robot)
        assert end.outcome == Outcome.DONE, end
        self.lines = end.prints.splitlines()
        refusals = (Status.START_IN_COLLISION, Status.GOAL_IN_COLLISION, Status.PLANNING_ERROR, Status.IN_COLLISION)
        assert not [call for call in self.robot.calls if call[1] in refusals]

    def _top_handle(self) -> list[float]:
        """Where the cabinet's top handle is, m, base frame; the gap behind it is a few mm wider than a finger."""
        cabinet = self.robot.worlds.things(self.robot.state.qpos).get("wooden_cabinet_1")
        if cabinet is None:
            return []
        handle = next(grasp for grasp in cabinet.asset.grasps if grasp.link == "top_level")
        place, _ = cabinet.place(np.array(handle.centre)[None], np.array([[1.0, 0.0, 0.0, 0.0]]), handle.link)
        return (place[0, 0] - self.robot.worlds.base[0]).tolist()

    def thing(self, name: str) -> Any:
        """A thing of the world as it stands now."""
        return self.robot.worlds.things(self.robot.state.qpos)[name]


@pytest.mark.parametrize("seed", [51, 52, 54])
def test_a_hand_on_a_handle_pulls_the_drawer_and_pushes_it_shut(seed):
    """Seven pulls by joint angles from where the hand, as far as it saw, stands in the cabinet."""
    pulled = Ran(_PULL, "libero_goal", 0, seed)
    assert pulled.lines[-1] == "7" and "OK start_in_collision" in pulled.lines
    assert pulled.thing("wooden_cabinet_1").joints["middle_level"][0] < -0.125
    pushed = Ran(_PULL + _PUSH, "libero_goal", 0, seed)
    assert pushed.thing("wooden_cabinet_1").joints["middle_level"][0] > -0.06, pushed.lines


@pytest.mark.parametrize("seed", [51, 52, 54])
def test_a_finger_behind_a_handle_pulls_without_a_grip(seed):
    hooked = Ran(_HOOK, "libero_goal", 0, seed)
    assert hooked.thing("wooden_cabinet_1").joints["top_level"][0] < -0.1, hooked.lines


@pytest.mark.parametrize("seed", [51, 52])
def test_fingers_on_a_knob_turn_it(seed):
    turned = Ran(_TURN, "libero_goal", 7, seed)
    assert turned.thing("flat_stove_1").joints["button"][0] > 1.0, turned.lines
    assert all(line.startswith("OK") for line in turned.lines)


def test_a_hand_wipes_the_floor_and_one_that_presses_too_hard_is_stopped():
    wiped = Ran(_WIPE, "libero_object_swap", 0, 51)
    assert wiped.lines == ["OK support"] * 4 + ["BLOCKED True True", "OK"], wiped.lines


@pytest.mark.parametrize("seed", [51, 53, 54, 55])
def test_a_hand_lowers_a_thing_into_the_basket_and_comes_out_again(seed):
    lowered = Ran(_LOWER, "libero_object_swap", 7, seed)
    milk, basket = (lowered.thing(name).position[0] for name in ("milk_1", "basket_1"))
    assert np.abs(milk - basket)[:2].max() < 0.06, (milk, basket)
    assert lowered.lines[-2:] == ["OK", "OK"], lowered.lines  # what was just reached can be asked for again


def test_compiled_and_plain_programs_are_stopped_alike():
    ran = Ran(_WIPE, "libero_object_swap", 0, 51)
    batch = SIMULATORS.run([Job(ran.program, ran.spec.task, 51, perturbation=EXACT)])
    assert batch.rollout_text("prints")[0].splitlines() == ran.lines
