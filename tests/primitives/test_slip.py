"""What the pads feel slide between them."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.geometry import from_axis_angle, multiply, rotate
from aspire_mjx.planning.kinematics import hand_pose
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.memory import fresh_memories
from aspire_mjx.primitives.motion import slipped
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.primitives.slip import slid
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds

WORLDS = make_worlds([WorldSpec(find_task("libero_object", 6), 0)])
CLOSED = np.zeros((1, 9))


def _lanes(offset: np.ndarray, *, turn: float = 0.0, lift: float = 0.0, width: float = 0.0392) -> Lanes:
    """The butter between the pads, away from there by ``offset [3]`` m along the hand's axes and turned about it."""
    template, qpos = WORLDS.template, WORLDS.qpos.copy()
    qpos[:, template.arm_qpos[3]] += lift
    qpos[:, template.finger_qpos] = width / 2
    tip, hand = hand_pose(qpos[:, template.arm_qpos])
    slot = next(o.slot for o in WORLDS.specs[0].occupants if o.name == "butter_1")
    address = template.slot_qpos[slot]
    swing = multiply(hand, from_axis_angle(np.array([[0.0, 1.0, 0.0]]), np.array([turn])))
    qpos[:, address : address + 3] = tip + WORLDS.base + rotate(hand, offset[None])
    qpos[:, address + 3 : address + 7] = swing
    return Lanes(WORLDS, qpos, CLOSED, np.array([100]), np.array([0]), fresh_memories(1))


@pytest.mark.parametrize("way", [[0.005, 0.0, 0.0], [0.0, 0.0, 0.005], [0.003, 0.0, 0.004]])
def test_a_thing_that_creeps_along_the_pads_has_slid_that_far(way):
    assert slid(_lanes(np.zeros(3)), _lanes(np.array(way), lift=0.2))[0] == pytest.approx(0.005, abs=1e-6)


def test_what_is_carried_or_turns_about_the_fingertips_has_not_slid():
    before = _lanes(np.zeros(3))
    tip_to_pads = 0.0130  # m, the pads' middle lies above the fingertip point
    assert slid(before, _lanes(np.zeros(3), lift=0.3))[0] == pytest.approx(0.0, abs=1e-9)
    turned = slid(before, _lanes(np.zeros(3), turn=0.2))[0]
    assert turned == pytest.approx(2 * np.sin(0.1) * tip_to_pads, abs=1e-4)  # about the fingertip point, not the pads


@pytest.mark.parametrize(
    "before, after",
    [
        (_lanes(np.array([0.0, 0.1, 0.0])), _lanes(np.array([0.005, 0.1, 0.0]))),  # outside the hand
        (_lanes(np.zeros(3), width=0.06), _lanes(np.array([0.005, 0.0, 0.0]), width=0.06)),  # neither pad touches
        (_lanes(np.array([0.0, 0.01, 0.0]), width=0.05), _lanes(np.array([0.005, 0.01, 0.0]), width=0.05)),  # one does
    ],
)
def test_what_both_pads_do_not_touch_does_not_slide_between_them(before, after):
    assert slid(before, after)[0] == 0.0


@pytest.mark.parametrize("name, far", [("goto_pose", True), ("wait", True), ("close_gripper", False)])
def test_a_call_in_which_more_than_a_centimetre_slides_has_slipped(name, far):
    primitive, before = ROBOT_API[name], _lanes(np.zeros(3))
    for way, expected in ((0.008, False), (0.012, far)):
        after = _lanes(np.array([0.0, 0.0, way]), lift=0.2)
        assert after.width == before.width and slipped(primitive, before, after, slid(before, after))[0] == expected
