"""The arm against the figures that its maker publishes."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import pytest

from aspire_mjx.worlds.panda import ARM_JOINTS, HOME, OPEN_WIDTH
from aspire_mjx.worlds.template import template_of

_TORQUE = (87.0, 87.0, 87.0, 87.0, 12.0, 12.0, 12.0)  # N m
_LIMITS = (166.0, 101.0, 166.0, 176.0, 166.0, 215.0, 166.0)  # degrees, the larger end of each joint's range


@pytest.fixture(scope="module")
def model() -> mujoco.MjModel:
    return template_of("floor").model


def _posed(model: mujoco.MjModel, joints) -> mujoco.MjData:
    data = mujoco.MjData(model)
    data.qpos[template_of("floor").arm_qpos] = joints
    mujoco.mj_forward(model, data)
    return data


def test_joints_turn_as_far_and_as_hard_as_the_data_sheet_says(model):
    arm = [model.joint(name).id for name in ARM_JOINTS]
    np.testing.assert_allclose(np.degrees(np.abs(model.jnt_range[arm]).max(axis=1)), _LIMITS, atol=0.01)
    np.testing.assert_array_equal(model.actuator_forcerange[:7], [(-torque, torque) for torque in _TORQUE])


def test_the_straight_arm_reaches_where_its_link_lengths_say(model):
    data = _posed(model, 0.0)
    from_base = data.site("fingertip").xpos - data.body("robot_base").xpos
    height = 0.333 + 0.316 + 0.384 - 0.107 - 0.1034  # m: shoulder, elbow, wrist, then down to flange and fingertip
    np.testing.assert_allclose(from_base, [0.088, 0.0, height], atol=1e-9)
    turned = _posed(model, [0.0, 0.0, 0.0, -math.pi / 2, 0.0, math.pi / 2, 0.0])
    from_base = turned.site("fingertip").xpos - turned.body("robot_base").xpos
    reach = 0.0825 + 0.384 + 0.088  # m: elbow offset, forearm, wrist offset
    np.testing.assert_allclose(from_base, [reach, 0.0, 0.333 + 0.316 + 0.0825 - 0.107 - 0.1034], atol=1e-9)


def test_the_arm_carries_its_own_weight_in_every_pose(model):
    degrees = model.jnt_dofadr[[model.joint(name).id for name in ARM_JOINTS]]
    for joints in (HOME, np.linspace(-0.5, 0.5, 7) + HOME, np.linspace(0.4, -0.6, 7) + HOME):
        data = _posed(model, joints)
        assert np.abs(data.qfrc_bias[degrees]).max() > 1.0  # N m
        np.testing.assert_allclose(data.qfrc_gravcomp[degrees], data.qfrc_bias[degrees], atol=1e-6)


def test_the_open_hand_is_as_wide_as_said(model):
    fingers = [model.joint(name).id for name in ("finger_left", "finger_right")]
    assert model.jnt_range[fingers, 1].sum() == pytest.approx(OPEN_WIDTH)
