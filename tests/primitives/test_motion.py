"""Honest statuses: for each one, a world that provokes it."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx import geometry
from aspire_mjx.physics.engines import make
from aspire_mjx.plain.runner import EpisodeEnded
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.rollout.plain_robot import PlainRobot
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.status import Status
from aspire_mjx.worlds.panda import HOME
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import WorldSpec

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
FREE = np.array([0.40, -0.35, 0.30])  #: m, base frame; a point above an empty place


@pytest.fixture(scope="module")
def simulator():
    return Simulator(make("native", template_of("floor")))


@pytest.fixture
def robot(simulator):
    """A robot in the world of the alphabet soup task, with exact perception."""
    return PlainRobot(simulator, WorldSpec(load_suite("libero_object_swap")[0], 51, Perturbation(noise=0.0)))


def call(robot, primitive_name, **arguments):
    primitive = ROBOT_API[primitive_name]
    defaults = {p.name: float(bool(p.default)) for p in primitive.parameters if not p.required}
    return robot.call(primitive, defaults | arguments)


def goto(robot, position, z_approach=0.0):
    return call(robot, "goto_pose", position=position, quaternion_wxyz=DOWN, z_approach=z_approach)


def true_position(robot, category):
    """Simulator truth, for the test alone: base frame, m."""
    template = robot.worlds.template
    address = template.slot_qpos[robot.worlds.specs[0].categories.index(category)]
    return robot.state.qpos[0, address : address + 3] - template_of("floor").base


def grasp(robot, category):
    found = call(robot, "sample_grasp_pose", name=category.replace("_", " "))
    goto_at = call(robot, "goto_pose", position=found.position, quaternion_wxyz=found.quaternion_wxyz, z_approach=0.12)
    assert goto_at
    return found, call(robot, "close_gripper")


def test_a_free_motion_is_ok_and_really_there(robot):
    moved = goto(robot, FREE)
    assert moved.status == Status.OK and moved.position_error < 0.01 and moved.peak_force == 0.0
    assert 0.5 < moved.seconds == robot.tick * 0.02 and moved.slip == 0.0 and 0.5 < moved.peak_torque < 87.0
    home = call(robot, "goto_home_joint_position")
    assert home and np.abs(robot.state.qpos[0, :7] - HOME).max() < 0.02


def test_out_of_reach_is_refused_before_moving_and_nothing_is_clamped(robot):
    before = robot.state.qpos.copy()
    far = goto(robot, np.array([1.2, 0.0, 0.3]))
    assert far.status == Status.IK_INFEASIBLE and far.position_error > 0.2 and far.seconds == 0.0
    assert call(robot, "solve_ik", position=np.array([1.2, 0.0, 0.3]), quaternion_wxyz=DOWN).status == "IK_INFEASIBLE"
    joints = np.array(HOME)
    joints[3] = 0.5
    assert call(robot, "move_to_joints", joints=joints).status == Status.IK_INFEASIBLE
    assert np.array_equal(before, robot.state.qpos) and robot.tick == 0


def test_a_target_below_the_floor_is_pressed_against_and_refused_where_that_was_asked_for(robot):
    goto(robot, np.array([0.40, -0.35, 0.1]))
    tick, deep = robot.tick, {"position": np.array([0.40, -0.35, -0.03]), "quaternion_wxyz": DOWN}
    refused = call(robot, "goto_pose", **deep, avoid_collisions=1.0)
    assert refused.status == Status.IN_COLLISION and robot.tick == tick
    pressed = call(robot, "goto_pose", **deep)
    assert pressed.status == Status.BLOCKED and pressed.contact_object == "support" and pressed.position_error > 0.03
    assert goto(robot, FREE).status == Status.OK  # and up again


def test_driving_into_the_basket_is_blocked(robot):
    basket = true_position(robot, "basket")
    call(robot, "close_gripper")
    goto(robot, basket + (-0.2, 0.0, 0.3))
    low = goto(robot, basket + (0.079, 0.0, 0.03), z_approach=0.2)  # onto the far wall's rim
    assert low.status == Status.BLOCKED and low.peak_force > 1.0 and low.position_error > 0.01


def test_the_gripper_says_whether_it_holds_something(robot):
    goto(robot, FREE)
    empty = call(robot, "close_gripper")
    assert empty.status == Status.EMPTY_GRASP and empty.width < 0.002
    assert call(robot, "open_gripper") and call(robot, "get_gripper_width").width > 0.07
    _, closed = grasp(robot, "alphabet_soup")
    assert closed.status == Status.OK and 0.05 < closed.width < 0.07
    goto(robot, FREE)
    assert abs(true_position(robot, "alphabet_soup")[2] - FREE[2]) < 0.05


def test_losing_the_object_is_slipped(robot):
    found, _ = grasp(robot, "alphabet_soup")
    goto(robot, found.position + (0.0, 0.0, 0.2))
    robot.state.qpos[0, robot.worlds.template.slot_qpos[1 + _food(robot)] + 2] = 0.04  # snatched away
    lost = goto(robot, FREE)
    assert lost.status == Status.SLIPPED and lost.width < 0.01 and lost.slip > 0.04


def _food(robot) -> int:
    return [c for c in robot.worlds.specs[0].categories if c != "basket"].index("alphabet_soup")


def test_what_is_not_there_is_not_found(robot):
    assert call(robot, "get_object_pose", name="teapot").status == Status.NOT_FOUND
    seen = call(robot, "get_object_pose", name="basket")
    assert np.linalg.norm(seen.position[:2] - true_position(robot, "basket")[:2]) < 0.01


def test_the_step_budget_ends_the_episode(simulator):
    robot = PlainRobot(Simulator(simulator.engine, horizon=100), WorldSpec(load_suite("libero_object_swap")[0], 51))
    assert call(robot, "wait", seconds=1.0) and call(robot, "steps_left").steps == 50
    with pytest.raises(EpisodeEnded, match="budget"):
        goto(robot, FREE)
    with pytest.raises(EpisodeEnded):
        call(robot, "wait", seconds=0.1)


def test_a_guarded_move_stops_at_the_floor_and_says_how_far_it_went(robot):
    goto(robot, FREE)
    down = call(robot, "move_until_contact", direction=np.array([0.0, 0.0, -2.0]), distance=0.5, force=8.0)
    assert down.status == Status.OK and 8.0 < down.peak_force < 60.0
    position, quaternion = call(robot, "get_eef_pose")
    # The pads reach 9 mm beyond the fingertip point.
    assert abs(position[2] - 0.009) < 0.006 and abs(down.distance - (FREE[2] - position[2])) < 0.01
    assert abs(abs(quaternion @ DOWN) - 1.0) < 1e-3
    rest = call(robot, "wait", seconds=0.4)
    assert rest.peak_force < 30.0  # it does not push on


def test_a_guarded_move_through_free_air_meets_nothing(robot):
    goto(robot, FREE)
    up = call(robot, "move_until_contact", direction=np.array([0.0, 0.0, 1.0]), distance=0.1, force=5.0)
    assert up.status == Status.NO_CONTACT and abs(up.distance - 0.1) < 0.005
    far = call(robot, "move_until_contact", direction=np.array([1.0, 0.0, 0.0]), distance=2.0, force=5.0)
    still = call(robot, "move_until_contact", direction=np.zeros(3), distance=0.1, force=5.0)
    assert far.status == still.status == Status.IK_INFEASIBLE and far.distance == 0.0


def test_the_robot_knows_its_joints_and_whether_it_holds_something(robot):
    np.testing.assert_allclose(call(robot, "get_joint_positions").joints, robot.state.qpos[0, :7])
    assert call(robot, "is_holding").holding == 0.0
    goto(robot, FREE)
    assert call(robot, "close_gripper").status == Status.EMPTY_GRASP and call(robot, "is_holding").holding == 0.0
    call(robot, "open_gripper")
    grasp(robot, "alphabet_soup")
    assert call(robot, "is_holding").holding == 1.0


def test_pushing_moves_the_basket_and_pulling_needs_something_in_the_hand(robot):
    call(robot, "close_gripper")
    basket = true_position(robot, "basket")
    goto(robot, basket + (-0.16, 0.0, 0.05), z_approach=0.15)
    pushed = call(robot, "push", direction=np.array([1.0, 0.0, 0.0]), distance=0.12)
    moved = true_position(robot, "basket") - basket
    assert pushed.peak_force > 0.0 and 0.02 < moved[0] < 0.12 and abs(moved[1]) < 0.02
    tick = robot.tick
    empty = call(robot, "pull", direction=np.array([-1.0, 0.0, 0.0]), distance=0.05)
    assert empty.status == Status.EMPTY_GRASP and robot.tick == tick
    swing = {"pivot": np.array([0.4, 0.2, 0.0]), "axis": np.array([0.0, 0.0, 1.0]), "angle": 0.5}
    assert call(robot, "pull_arc", **swing).status == Status.EMPTY_GRASP


def test_an_arc_keeps_its_distance_to_the_hinge_and_turns_the_hand_with_it(robot):
    grasp(robot, "cream_cheese")
    goto(robot, FREE)
    start, hand = call(robot, "get_eef_pose")
    pivot = start + (0.0, 0.15, 0.0)
    swung = call(robot, "pull_arc", pivot=pivot, axis=np.array([0.0, 0.0, 3.0]), angle=0.6)
    end, turned = call(robot, "get_eef_pose")
    assert swung.status == Status.OK
    assert abs(np.linalg.norm(end - pivot) - 0.15) < 0.005
    assert abs(np.linalg.norm(end - start) - 2 * 0.15 * np.sin(0.3)) < 0.005
    assert abs(2 * np.arccos(abs(hand @ turned)) - 0.6) < 0.02


def test_a_held_drawer_handle_pulls_the_drawer_open():
    """The hand is put at the handle by the simulator's truth; the drawer then comes along."""
    simulator = Simulator(make("native", template_of("tabletop")))
    robot = PlainRobot(simulator, WorldSpec(load_suite("libero_goal")[0], 51, Perturbation(noise=0.0)))
    cabinet = robot.worlds.things(robot.state.qpos)["wooden_cabinet_1"]
    handle = next(g for g in cabinet.asset.grasps if g.link == "top_level")
    position, _ = cabinet.place(np.array(handle.centre)[None], np.array([[1.0, 0, 0, 0]]), handle.link)
    out = geometry.rotate(cabinet.quaternion[0], np.array([0.0, -1.0, 0.0]))
    # One finger goes behind the bar, where the open hand has no room: so the hand stands off.
    at = position[0, 0] - robot.worlds.base[0] + 0.029 * out + (0.0, 0.0, 0.006)
    down = geometry.multiply(geometry.from_yaw(np.array(0.0)), DOWN)  # the fingers close along y, as the drawer slides
    assert call(robot, "goto_pose", position=at, quaternion_wxyz=down, z_approach=0.15)
    assert call(robot, "close_gripper") and call(robot, "is_holding").holding == 1.0
    pulled = call(robot, "pull", direction=out, distance=0.12)
    opened = robot.worlds.things(robot.state.qpos)["wooden_cabinet_1"].joints["top_level"][0]
    assert pulled.status == Status.OK and opened < -0.14, (pulled, opened)
