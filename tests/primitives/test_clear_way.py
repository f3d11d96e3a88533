"""Motions and what was seen: around it, straight where there is no way around, or refused where that was asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aspire_mjx.language.program import Program
from aspire_mjx.physics.engines import make
from aspire_mjx.plain.runner import run_plain
from aspire_mjx.primitives.memory import RobotMemory
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.rollout.plain_robot import PlainRobot
from aspire_mjx.rollout.simulator import Job, Simulator
from aspire_mjx.status import Status
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import WorldSpec
from tests.support.paths import CORPUS
from tests.support.seen_points import seen_points

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
TASK = load_suite("libero_object_swap")[8]


@pytest.fixture(scope="module")
def simulator():
    return Simulator(make("native", template_of("floor")))


@pytest.fixture
def robot(simulator):
    return PlainRobot(simulator, WorldSpec(TASK, 51, Perturbation(noise=0.0)))


def call(robot, primitive_name, **arguments):
    primitive = ROBOT_API[primitive_name]
    defaults = {p.name: float(bool(p.default)) for p in primitive.parameters if not p.required}
    return robot.call(primitive, defaults | arguments)


def goto(robot, position, **options):
    return call(robot, "goto_pose", position=np.array(position), quaternion_wxyz=DOWN, **options)


def remember(robot, *blocks):
    """Lets the robot remember an empty floor with blocks ``(x, y, half sides, height)`` on it."""
    points = [np.array([[0.5, 0.0, 0.0]])]
    for x, y, half_x, half_y, height in blocks:
        px, py = np.meshgrid(np.arange(x - half_x, x + half_x, 0.005), np.arange(y - half_y, y + half_y, 0.005))
        points.append(np.stack([px.ravel(), py.ravel(), np.full(px.size, height)], axis=1))
    robot.robots.memory[0] = RobotMemory(height=seen_points(np.concatenate(points)).height[0])


def test_a_robot_that_looked_goes_over_the_basket_and_one_that_did_not_drives_into_it(simulator):
    """Low places on both sides of the basket, whose walls stand on the straight line between them."""
    found = {}
    for looks in (False, True):
        robot = PlainRobot(simulator, WorldSpec(TASK, 51, Perturbation(noise=0.0)))
        basket = robot.worlds.things(robot.state.qpos)["basket_1"].position[0] - robot.worlds.base[0]
        if looks:
            assert call(robot, "get_object_pose", name="basket")
        call(robot, "close_gripper")
        there = goto(robot, basket + (-0.19, 0.0, 0.06))
        assert there.status == Status.OK and there.peak_force == 0.0
        found[looks] = goto(robot, basket + (0.13, 0.0, 0.12))
        if not looks:
            assert found[False].peak_force > 5.0
    assert found[True].status == Status.OK and found[True].peak_force == 0.0


def test_what_was_seen_refuses_no_motion_and_is_noted(robot):
    """What the robot remembers is not there, so it arrives; it goes on from inside, and asks twice for the same."""
    assert goto(robot, (0.5, 0.25, 0.3)).planner_note == ""
    remember(robot, (0.55, 0.0, 0.4, 0.01, 0.95))
    across = goto(robot, (0.5, -0.25, 0.3))
    assert across.status == Status.OK and across.position_error < 0.01 and across.planner_note == "no_free_path"
    assert abs(across.blocked_at[1]) < 0.02 and across.message == ""
    inside = goto(robot, (0.5, 0.0, 0.3))
    assert inside.status == Status.OK and inside.planner_note == "goal_in_collision"
    again = goto(robot, (0.5, 0.0, 0.3))
    assert again.status == Status.OK and again.planner_note == "start_in_collision"
    assert again.seconds < 0.5  # there is nowhere to go
    out = goto(robot, (0.5, -0.25, 0.3))
    assert out.status == Status.OK and out.planner_note == "start_in_collision"


@pytest.mark.parametrize("length", [0.07, 0.081])
def test_a_short_way_is_straight_whatever_was_seen_unless_collisions_are_to_be_avoided(robot, length):
    """A push in small steps is not taken over the pushed thing, nor are 8 cm from where the arm stands a little off."""
    wall = (0.535, 0.0, 0.008, 0.1, 0.2)
    assert goto(robot, [0.5, 0.0, 0.15]).status == Status.OK
    remember(robot, wall)
    pushed = goto(robot, [0.5 + length, 0.0, 0.15])
    remember(robot, wall)
    around = goto(robot, [0.5, 0.0, 0.15], avoid_collisions=1.0)
    assert pushed.status == around.status == Status.OK
    assert pushed.seconds < 1.2 and around.seconds > 1.5 * pushed.seconds


def test_after_a_contact_has_stopped_a_motion_the_next_one_goes_straight(robot):
    """What pushes back is not where it was seen: the way around it may lead into it, the way back does not."""
    seconds = {}
    for stopped in (False, True):
        remember(robot)
        assert goto(robot, [0.45, 0.0, 0.15]).status == Status.OK
        remember(robot, (0.535, 0.0, 0.008, 0.1, 0.2))
        robot.robots.memory[0] = replace(robot.robots.memory[0], blocked=stopped)
        over = goto(robot, [0.62, 0.0, 0.15])
        assert over.status == Status.OK and not robot.robots.memory[0].blocked
        seconds[stopped] = over.seconds
    assert seconds[True] < 0.8 * seconds[False]
    floor = goto(robot, [0.5, 0.0, -0.1])
    assert floor.status == Status.BLOCKED and robot.robots.memory[0].blocked
    call(robot, "close_gripper")
    assert robot.robots.memory[0].blocked  # the arm has not moved since
    assert goto(robot, [0.5, 0.0, 0.3]).status == Status.OK


def test_no_way_is_said_before_anything_moves_with_what_blocks(robot):
    assert goto(robot, (0.5, 0.25, 0.3))
    remember(robot, (0.55, 0.0, 0.4, 0.01, 0.95))
    tick = robot.tick
    refused = goto(robot, (0.5, -0.25, 0.3), avoid_collisions=1.0)
    assert refused.status == Status.PLANNING_ERROR and robot.tick == tick
    assert abs(refused.blocked_at[1]) < 0.02 and refused.blocked_size[2] == pytest.approx(0.95, abs=0.01)
    assert "no free path past something" in refused.message
    joints = np.array(robot.state.qpos[0, :7])
    joints[0] -= 1.0
    assert call(robot, "move_to_joints", joints=joints, avoid_collisions=1.0).status == Status.PLANNING_ERROR
    assert goto(robot, (0.5, 0.25, 0.3), avoid_collisions=1.0).status == Status.OK  # on this side of it


def test_a_target_beside_something_that_the_hand_would_touch_is_refused(robot):
    remember(robot, (0.5, 0.09, 0.03, 0.03, 0.2))
    refused = goto(robot, (0.5, 0.0, 0.05), avoid_collisions=1.0)
    assert refused.status == Status.GOAL_IN_COLLISION and robot.tick == 0
    np.testing.assert_allclose(refused.blocked_at[:2], [0.5, 0.08], atol=0.03)
    assert goto(robot, (0.4, -0.35, 0.1), avoid_collisions=1.0).status == Status.OK


def test_an_arm_that_stands_in_something_as_last_seen_says_so(robot):
    goto(robot, (0.5, 0.0, 0.3))
    remember(robot, (0.5, 0.09, 0.05, 0.03, 0.4))
    refused = goto(robot, (0.5, -0.2, 0.2), avoid_collisions=1.0)
    assert refused.status == Status.START_IN_COLLISION and "as last seen" in refused.message
    call(robot, "get_object_pose", name="basket")  # a look corrects the memory, as far as the arm does not hide it
    remember(robot)
    assert goto(robot, (0.5, -0.2, 0.2), avoid_collisions=1.0).status == Status.OK


def test_blocked_directions_are_tried_in_turn_until_one_is_free(simulator):
    """The worked retry example of the articles, for an arm: the same text compiled and as plain Python."""
    program = Program.read(str(CORPUS / "standoff_retry.py"))
    batch = simulator.run([Job(program, TASK, 51)])
    moves = [i for i, name in enumerate(batch.call_text("primitive")) if name == "goto_pose"]
    status = [Status(int(batch.calls["status"][i])) for i in moves]
    assert status[0] in (Status.GOAL_IN_COLLISION, Status.PLANNING_ERROR) and status[-1] == Status.OK
    assert len(status) > 1 and batch.calls["peak_force"][moves].max() == 0.0
    said = batch.rollout_text("prints")[0]
    assert "stands 0.10 m from the salad dressing" in said
    robot = PlainRobot(simulator, WorldSpec(TASK, 51))
    assert run_plain(program, robot).prints == said
    assert [s for name, s in robot.calls if name == "goto_pose"] == status
