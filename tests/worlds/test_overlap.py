"""The separating axis test against MuJoCo's own distances."""

from __future__ import annotations

import mujoco
import numpy as np

from aspire_mjx.geometry import to_matrix
from aspire_mjx.worlds.overlap import Boxes, clearance, gap, nearest_gap, rise

_XML = """<mujoco><worldbody>
<body name="a"><freejoint/><geom type="box" size=".1 .1 .1"/></body>
<body name="b"><freejoint/><geom type="box" size=".1 .1 .1"/></body>
</worldbody></mujoco>"""


def _random(count: int, seed: int) -> tuple[Boxes, np.ndarray]:
    random = np.random.default_rng(seed)
    quaternion = random.normal(size=(count, 4))
    quaternion /= np.linalg.norm(quaternion, axis=1, keepdims=True)
    centre, half = random.uniform(-0.15, 0.15, (count, 3)), random.uniform(0.02, 0.15, (count, 3))
    return Boxes(centre, to_matrix(quaternion), half), quaternion


def _moved(boxes: Boxes, offset: np.ndarray) -> Boxes:
    """The same boxes shifted by ``offset [..., 3]`` m."""
    return Boxes(boxes.centre + offset, boxes.rotation, boxes.half)


def test_signs_and_depths_agree_with_mujoco():
    (a, turn_a), (b, turn_b) = _random(300, 0), _random(300, 1)
    mine = gap(a, b)
    model = mujoco.MjModel.from_xml_string(_XML)
    data = mujoco.MjData(model)
    for i in range(300):
        model.geom_size[:] = a.half[i], b.half[i]
        model.geom_rbound[:] = np.linalg.norm(model.geom_size, axis=1)
        model.geom_aabb[:, 3:] = model.geom_size
        data.qpos[:] = (*a.centre[i], *turn_a[i], *b.centre[i], *turn_b[i])
        mujoco.mj_forward(model, data)
        distance = mujoco.mj_geomDistance(model, data, 0, 1, 1.0, None)
        if distance > 1e-6:
            assert 0 < mine[i] <= distance + 1e-6
        elif distance < -1e-6:
            assert mine[i] < 0
    assert 50 < (mine < 0).sum() < 290


def test_faces_that_meet_have_an_exact_gap():
    a = Boxes(np.zeros(3), np.eye(3), np.full(3, 0.1))
    for apart in (-0.05, 0.0, 0.03):
        b = Boxes(np.array([0.01, 0.02, 0.3 + apart]), np.eye(3), np.array([0.1, 0.1, 0.2]))
        np.testing.assert_allclose(gap(a, b), apart, atol=1e-12)


def test_the_gap_is_symmetric_and_moves_with_both():
    (a, _), (b, _) = _random(200, 2), _random(200, 3)
    np.testing.assert_allclose(gap(a, b), gap(b, a), atol=1e-9)
    shift = np.array([0.3, -0.2, 0.5])
    np.testing.assert_allclose(gap(_moved(a, shift), _moved(b, shift)), gap(a, b), atol=1e-9)


def test_the_nearest_boxes_of_two_things_decide():
    (a, _), (b, _) = _random(40, 4), _random(60, 5)
    one = Boxes(a.centre.reshape(10, 4, 3), a.rotation.reshape(10, 4, 3, 3), a.half.reshape(10, 4, 3))
    two = Boxes(b.centre.reshape(10, 6, 3), b.rotation.reshape(10, 6, 3, 3), b.half.reshape(10, 6, 3))
    expected = [
        min(
            float(gap(a.take(np.array([4 * i + j])), b.take(np.array([6 * i + k])))[0])
            for j in range(4)
            for k in range(6)
        )
        for i in range(10)
    ]
    np.testing.assert_allclose(nearest_gap(one, two), expected, atol=1e-12)


def test_bounds_hold_all_corners():
    a, _ = _random(50, 6)
    low, high = a.bounds()
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    world = a.centre[:, None] + np.einsum("nij,nkj->nki", a.rotation, corners[None] * a.half[:, None])
    np.testing.assert_allclose(world.min(axis=1), low, atol=1e-12)
    np.testing.assert_allclose(world.max(axis=1), high, atol=1e-12)


def test_a_box_risen_by_its_clearance_just_touches_and_below_it_overlaps():
    (a, _), (b, _) = _random(400, 7), _random(400, 8)
    up = clearance(a, b)
    meets = np.isfinite(up)
    assert 50 < meets.sum() < 390
    for offset, overlaps in ((1e-6, False), (-1e-4, True)):
        moved = _moved(a, np.where(meets, up + offset, 0.0)[:, None] * np.array([0.0, 0.0, 1.0]))
        assert ((gap(moved, b) < 0)[meets] == overlaps).mean() > 0.99
    for height in np.linspace(-0.6, 0.6, 25):
        assert (gap(_moved(a, np.array([0.0, 0.0, height])), b)[~meets] >= 0).all()


def test_a_thing_rises_over_the_highest_of_its_obstacles():
    floor = Boxes(np.zeros((1, 3)), np.eye(3)[None], np.array([[1.0, 1.0, 0.1]]))
    steps = Boxes(np.array([[0.0, 0.0, 0.1], [0.0, 0.0, 0.3]]), np.tile(np.eye(3), (2, 1, 1)), np.full((2, 3), 0.1))
    np.testing.assert_allclose(rise(floor, steps), 0.5, atol=1e-12)
