"""Contacts of boxes in MJX against C MuJoCo's, on a model of two boxes and a plane."""

from __future__ import annotations

import functools
import itertools

import jax
import jax.numpy as jnp
import mujoco
import numpy as np
import pytest
from mujoco.mjx._src import collision_driver

from aspire_mjx.geometry import from_axis_angle, multiply, to_matrix
from aspire_mjx.physics.mjx import mjx
from aspire_mjx.physics.mjx_boxes import contacts_of_boxes

_SCENE = """
<mujoco>
  <option timestep="0.005" cone="pyramidal"/>
  <worldbody>
    <geom name="plane" type="plane" size="0 0 0.1"/>
    <body name="packet"><freejoint/><geom type="box" size="0.04 0.021 0.009" mass="0.1"/></body>
    <body name="pad"><freejoint/><geom type="box" size="0.0105 0.006 0.022" mass="0.1"/></body>
  </worldbody>
</mujoco>
"""
_AWAY = [0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]
_PAD = (0.0105, 0.006, 0.022)  # m, half sides
_X, _, _Z = np.eye(3)


@functools.cache
def _model() -> mujoco.MjModel:
    return mujoco.MjModel.from_xml_string(_SCENE)


@functools.cache
def _forward(ours: bool):
    model = mjx.put_model(_model())

    def forward(qpos):
        data = mjx.make_data(_model()).replace(qpos=qpos)
        if not ours:
            return mjx.forward(model, data)
        with contacts_of_boxes():
            return mjx.forward(model, data)

    return jax.jit(forward)


def _mjx(qpos: np.ndarray, *, ours: bool = True):
    """Depths ``[K]`` m, ascending, of the points that touch, and the accelerations ``[nv]``."""
    data = _forward(ours)(jnp.asarray(qpos, jnp.float32))
    dist = np.asarray(data._impl.contact.dist)
    return np.sort(dist[dist < 0]), np.asarray(data.qacc)


def _c_mujoco(qpos: np.ndarray):
    data = mujoco.MjData(_model())
    data.qpos[:] = qpos
    mujoco.mj_forward(_model(), data)
    return np.sort(data.contact.dist[data.contact.dist < 0]), data.qacc


def _tilted(degrees: float) -> np.ndarray:
    """The packet on its long edge in the plane, the other edge higher; the pad away from it."""
    turn = from_axis_angle(_X, np.array(np.radians(degrees)))
    low = 0.021 * np.sin(np.radians(degrees)) + 0.009 * np.cos(np.radians(degrees))
    return np.array([0, 0, low - 0.0016, *turn, *_AWAY])


def _poked(turn: float) -> np.ndarray:
    """The packet in the air and the lowest corner of the pad, turned by ``turn`` rad and leaning, in its side."""
    lean = multiply(from_axis_angle(_X, np.array(-0.3)), from_axis_angle(_Z, np.array(turn)))
    frame = to_matrix(lean[None])[0]
    corners = np.array(list(itertools.product(*((-h, h) for h in _PAD)))) @ frame.T
    corner = corners[corners[:, 1].argmax()]
    return np.array([0, 0, 0.5, 1, 0, 0, 0, *(np.array([0.012, -0.0208, 0.501]) - corner), *lean])


@pytest.mark.parametrize("degrees", [0.5, 1.5, 2.0])
def test_every_corner_in_a_plane_is_felt(degrees):
    (ours, push), (theirs, wanted) = _mjx(_tilted(degrees)), _c_mujoco(_tilted(degrees))
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    np.testing.assert_allclose(push[:6], wanted[:6], rtol=2e-2, atol=0.2)


def test_mjx_alone_drops_the_higher_corners():
    """The reason for the module: when this fails, MJX has mended it."""
    assert len(_mjx(_tilted(2.0), ours=False)[0]) < len(_c_mujoco(_tilted(2.0))[0])


@pytest.mark.parametrize("turn", [0.3, 0.6, -0.5])
def test_two_boxes_touch_in_each_point_once(turn):
    (ours, push), (theirs, wanted) = _mjx(_poked(turn)), _c_mujoco(_poked(turn))
    assert len(theirs) == 1
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    np.testing.assert_allclose(push, wanted, atol=0.1)  # rad/s^2 and m/s^2, of up to 12


def test_mjx_alone_repeats_a_point():
    """The reason for the module: when this fails, MJX has mended it."""
    assert len(_mjx(_poked(0.3), ours=False)[0]) > len(_c_mujoco(_poked(0.3))[0])


def test_mjx_is_as_it_was_afterwards():
    before = dict(collision_driver._COLLISION_FUNC)
    with pytest.raises(ZeroDivisionError), contacts_of_boxes():
        assert before != collision_driver._COLLISION_FUNC
        raise ZeroDivisionError
    assert before == collision_driver._COLLISION_FUNC
