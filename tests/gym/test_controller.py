"""Actions as servo targets: as fast as LIBERO's, no faster than the arm may, alike in any batch, honest if refused."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx import geometry
from aspire_mjx.errors import AspireError
from aspire_mjx.gym.controller import SCALE, Reference, check_actions
from aspire_mjx.planning.kinematics import VELOCITY_LIMIT, hand_pose
from aspire_mjx.status import Status
from aspire_mjx.worlds.episode import TICK
from aspire_mjx.worlds.panda import REST


def at_rest(lanes: int) -> Reference:
    return Reference(np.tile(REST, (lanes, 1)), np.zeros((lanes, 6)), 0.0)


def after(start: Reference, action: list[float], steps: int) -> tuple[Reference, np.ndarray]:
    """Where one action, ``steps`` times, leads an arm that follows at once, and the statuses on the way."""
    now, statuses = start, []
    for step in range(steps):
        ticks = 2 + step % 2
        drive = now.drive(np.tile(action, (len(now), 1)), ticks)
        now = Reference(drive.targets[:, -1], drive.twist[:, -1], 0.0)
        statuses.append(drive.status)
    return now, np.array(statuses)


@pytest.mark.parametrize("axis", range(6))
def test_full_actions_move_the_hand_along_their_axis_as_fast_as_liberos(axis):
    action = [0.0] * 7
    action[axis] = 1.0
    early, _ = after(at_rest(1), action, 4)
    late, statuses = after(early, action, 4)
    (was, turned), (now, turns) = hand_pose(early.command[:, :7]), hand_pose(late.command[:, :7])
    turn = geometry.to_rotation_vector(geometry.multiply(turns, geometry.conjugate(turned)))
    moved = np.concatenate([now - was, turn], axis=1)[0] / (4 * SCALE)
    others = np.delete(moved, axis)
    assert 0.2 < moved[axis] < 0.29 and np.abs(others).max() < 0.02 and not statuses.any()


def test_one_action_comes_near_its_goal_where_none_follows_it():
    one, _ = after(at_rest(1), [0.5, 0, 0, 0, 0, 0, 0], 1)
    coasting = Reference(one.command, one.twist, 0.0)
    end, _ = after(coasting, [0.0] * 7, 20)
    moved = (hand_pose(end.command[:, :7])[0] - hand_pose(at_rest(1).command[:, :7])[0])[0]
    assert 0.002 < moved[0] < 0.025 and np.abs(end.twist).max() < 1e-3


def test_joints_turn_no_faster_than_they_may():
    rng = np.random.default_rng(0)
    now = at_rest(16)
    for _ in range(12):
        drive = now.drive(np.sign(rng.normal(size=(16, 7))), 3)
        steps = np.diff(drive.targets[..., :7], axis=1, prepend=now.command[:, None, :7])
        assert (np.abs(steps) <= VELOCITY_LIMIT * TICK + 1e-9).all()
        now = Reference(drive.targets[:, -1], drive.twist[:, -1], 0.0)


def test_an_arm_does_the_same_alone():
    actions = np.random.default_rng(1).uniform(-1, 1, (5, 7))
    together = at_rest(5).drive(actions, 3)
    for lane in range(5):
        alone = at_rest(1).drive(actions[lane : lane + 1], 3)
        assert np.array_equal(alone.targets[0], together.targets[lane])
        assert np.array_equal(alone.twist[0], together.twist[lane])


def test_out_of_reach_the_arm_stays_and_says_so():
    end, statuses = after(at_rest(1), [1.0, 0, 0, 0, 0, 0, 0], 80)
    assert statuses[0, 0] == Status.OK and statuses[-1, 0] == Status.IK_INFEASIBLE
    still, _ = after(end, [1.0, 0, 0, 0, 0, 0, 0], 2)
    assert np.array_equal(still.command, end.command) and not still.twist.any()


def test_the_arm_does_not_go_into_the_surface():
    _, statuses = after(at_rest(1), [-0.3, 0, -1.0, 0, 0, 0, 0], 120)
    assert Status.IN_COLLISION in statuses


@pytest.mark.parametrize(("number", "width"), [(1.0, 0.0), (-0.3, 0.08), (0.0, 0.05)])
def test_the_last_number_closes_opens_or_leaves_the_fingers(number, width):
    start = Reference(np.array([[*REST[:7], 0.025, 0.025]]), np.zeros((1, 6)), 0.0)
    targets = start.drive(np.array([[0, 0, 0, 0, 0, 0, number]]), 2).targets
    assert np.allclose(targets[0, :, 7:].sum(axis=1), width)


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        (np.zeros(7), r"shape \(7,\); give \(2, 7\)"),
        (np.zeros((2, 6)), r"shape \(2, 6\)"),
        (np.array([[0.0] * 7, [0, 0, 0, 1.2, 0, 0, 0]]), r"environment 1: number 3 of its action is 1.2; .*ClipAction"),
        (np.full((2, 7), np.nan), "environment 0: number 0 of its action is nan"),
    ],
)
def test_what_is_no_action_is_refused(actions, message):
    with pytest.raises(AspireError, match=message):
        check_actions(actions, 2)
