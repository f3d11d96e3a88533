"""The camera convention, against MuJoCo's own camera frame."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import pytest

from aspire_mjx.errors import WorldError
from aspire_mjx.sensing.camera import Camera, ImageSize
from tests.support.floor_scenes import front_camera

_QUATERNION = np.array([0.6182166934013367, 0.3432307541370392, 0.3432314395904541, 0.6182177066802979])


def test_projection_is_mujocos() -> None:
    camera = front_camera()
    xml = "<mujoco><worldbody><camera name='c' pos='{} {} {}' quat='{} {} {} {}' fovy='45'/></worldbody></mujoco>"
    model = mujoco.MjModel.from_xml_string(xml.format(*camera.position, *_QUATERNION))
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    points = np.random.default_rng(0).uniform([-0.3, -0.3, 0], [0.3, 0.3, 0.3], (20, 3))
    local = (points - data.cam_xpos[0]) @ data.cam_xmat[0].reshape(3, 3)  # x right, y up, looking along -z
    focal = 60.0 / math.tan(math.radians(22.5))
    expected = np.stack(
        [79.5 - focal * local[:, 0] / local[:, 2], 59.5 + focal * local[:, 1] / local[:, 2], -local[:, 2]], axis=1
    )
    np.testing.assert_allclose(camera.project(points), expected, atol=1e-6)


def test_intrinsics_project_camera_points() -> None:
    camera = front_camera()
    point = np.array([0.1, 0.05, 0.02])
    local = (point - camera.position) @ camera.rotation
    np.testing.assert_allclose(camera.intrinsics @ local / local[2], [*camera.project(point)[:2], 1.0])


def test_the_front_camera_looks_back_at_the_robot_with_left_and_right_swapped() -> None:
    camera = front_camera()
    left, right = camera.project(np.array([[0.0, 0.2, 0.0], [0.0, -0.2, 0.0]]))
    near, far = camera.project(np.array([[0.2, 0.0, 0.0], [-0.2, 0.0, 0.0]]))
    assert left[0] > right[0]
    assert near[1] > far[1] and near[2] < far[2]


def test_batched_quaternions_need_no_unit_length() -> None:
    one = Camera.from_mujoco(np.zeros(3), _QUATERNION, fovy=1.0)
    many = Camera.from_mujoco(np.zeros((2, 3)), np.stack([_QUATERNION, 3 * _QUATERNION]), fovy=1.0)
    np.testing.assert_allclose(many.rotation[1], one.rotation, atol=1e-12)
    assert many.poses(2)[1].shape == (2, 3, 3)


@pytest.mark.parametrize("bad", [{"fovy": 0.0}, {"fovy": 4.0}, {"height": 0}])
def test_a_camera_that_cannot_see_is_refused(bad: dict) -> None:
    with pytest.raises(WorldError, match="cannot see"):
        Camera(**{"position": np.zeros(3), "rotation": np.eye(3), **bad})


def test_a_size_of_images_is_a_text() -> None:
    assert ImageSize.parse("800x512") == ImageSize(width=800, height=512) and str(ImageSize(800, 512)) == "800x512"
    assert str(ImageSize()) == "160x120" and front_camera().pixels == 160 * 120
    for text in ("800", "800x", "800 x 512", "-8x512", "8x8", "4000x512", "1e3x512", ""):
        with pytest.raises(WorldError, match="WIDTHxHEIGHT"):
            ImageSize.parse(text)
