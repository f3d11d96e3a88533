"""Top-down grasps from upright boxes."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx import geometry
from aspire_mjx.planning import grasp


def one(position=(0.5, 0.0, 0.05), yaw=0.0, extent=(0.08, 0.04, 0.1), support=0.0) -> grasp.GraspPose:
    return grasp.top_down(np.array([position]), np.array([yaw]), np.array([extent]), support_height=support)


@pytest.mark.parametrize("yaw", np.linspace(-np.pi, np.pi, 9))
@pytest.mark.parametrize("extent", [(0.12, 0.04, 0.1), (0.04, 0.12, 0.1)])
def test_fingers_close_across_the_narrower_side_with_the_hand_down(yaw, extent):
    found = one(yaw=yaw, extent=extent)
    hand = geometry.to_matrix(found.quaternion)[0]
    assert hand[:, 2] == pytest.approx([0, 0, -1])
    box = geometry.to_matrix(geometry.from_yaw(yaw))
    assert abs(hand[:, 1] @ box[:, int(np.argmin(extent[:2]))]) == pytest.approx(1)
    assert found.width[0] == 0.04 < grasp.LARGEST_WIDTH


@pytest.mark.parametrize("azimuth", [-2.0, -0.5, 0.0, 0.8])
@pytest.mark.parametrize("yaw", np.linspace(-3, 3, 7))
def test_the_wrist_stays_within_a_quarter_turn_of_neutral(azimuth, yaw):
    found = one(position=(0.5 * np.cos(azimuth), 0.5 * np.sin(azimuth), 0.05), yaw=yaw, extent=(0.1, 0.04, 0.1))
    x_axis = geometry.rotate(found.quaternion, np.array([1.0, 0.0, 0.0]))[0]
    turn = geometry.wrap_angle(np.arctan2(x_axis[1], x_axis[0]) - azimuth)
    assert abs(turn) <= np.pi / 2 + 1e-9


def test_a_square_box_takes_the_nearer_turn():
    found = one(yaw=np.deg2rad(80), extent=(0.05, 0.048, 0.1))
    x_axis = geometry.rotate(found.quaternion, np.array([1.0, 0.0, 0.0]))[0]
    assert np.rad2deg(np.arctan2(x_axis[1], x_axis[0])) == pytest.approx(-10)
    assert found.width[0] == 0.05


@pytest.mark.parametrize("height, expected", [(0.04, 0.02), (0.14, 0.11), (0.02, 0.012), (0.01, 0.012)])
def test_depth_rule(height, expected):
    found = one(position=(0.5, 0.0, height / 2), extent=(0.1, 0.04, height))
    assert found.position[0] == pytest.approx([0.5, 0.0, expected])


def test_too_wide_is_said():
    found = one(extent=(0.1, 0.09, 0.1))
    assert found.width[0] == 0.09 > grasp.LARGEST_WIDTH
