"""The Panda's chain against MuJoCo's own forward kinematics."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import mujoco
import numpy as np

from aspire_mjx.planning import kinematics
from aspire_mjx.worlds import panda


def mujoco_panda() -> mujoco.MjModel:
    """A bare chain of bodies built from the published parameters, written here once more and by other means."""
    spec = mujoco.MjSpec()
    half = np.sqrt(0.5)
    turn_plus, turn_minus, none = [half, half, 0, 0], [half, -half, 0, 0], [1, 0, 0, 0]
    offsets = [  # (a, quaternion of alpha, d): Rx(alpha) Tx(a) Tz(d), written in the parent frame
        ([0, 0, 0.333], none),
        ([0, 0, 0], turn_minus),
        ([0, -0.316, 0], turn_plus),
        ([0.0825, 0, 0], turn_plus),
        ([-0.0825, 0.384, 0], turn_minus),
        ([0, 0, 0], turn_plus),
        ([0.088, 0, 0], turn_plus),
    ]
    body = spec.worldbody
    for number, (position, quaternion) in enumerate(offsets, start=1):
        body = body.add_body(name=f"link{number}", pos=position, quat=quaternion, mass=1, inertia=[1, 1, 1])
        body.add_joint(name=f"joint{number}", type=mujoco.mjtJoint.mjJNT_HINGE, axis=[0, 0, 1])
    angle = -np.pi / 8
    hand = body.add_body(name="hand", pos=[0, 0, 0.107], quat=[np.cos(angle), 0, 0, np.sin(angle)])
    hand.add_site(name="fingertip", pos=[0, 0, 0.1034])
    return spec.compile()


def random_joints(count: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(kinematics.LOWER_LIMIT, kinematics.UPPER_LIMIT, (count, 7))


def test_forward_agrees_with_mujoco():
    model = mujoco_panda()
    data = mujoco.MjData(model)
    joints = np.concatenate([kinematics.HOME[None], random_joints(100)])
    position, rotation = kinematics.forward(joints)
    for lane, q in enumerate(joints):
        data.qpos[:] = q
        mujoco.mj_kinematics(model, data)
        assert np.allclose(position[lane], data.site("fingertip").xpos, atol=1e-9)
        assert np.allclose(rotation[lane], data.site("fingertip").xmat.reshape(3, 3), atol=1e-9)
        frames = kinematics.chain(q[:, None])
        for joint in range(7):
            assert np.allclose(frames[joint][0][:, 0], data.body(f"link{joint + 1}").xpos, atol=1e-9)


def test_forward_in_jax_agrees_with_numpy():
    joints = random_joints(32)
    for ours, reference in zip(
        jax.jit(kinematics.forward)(jnp.asarray(joints)), kinematics.forward(joints), strict=True
    ):
        assert np.allclose(ours, reference, atol=2e-6)


def test_home_points_down_in_front_of_the_robot_and_inside_the_limits():
    position, rotation = kinematics.forward(kinematics.HOME)
    assert 0.3 < position[0] < 0.6 and abs(position[1]) < 1e-6 and position[2] > 0.1
    assert rotation[2, 2] < -0.99
    assert ((kinematics.HOME > kinematics.LOWER_LIMIT) & (kinematics.HOME < kinematics.UPPER_LIMIT)).all()


def test_the_simulated_robot_has_the_same_chain_limits_and_home():
    spec = mujoco.MjSpec()
    spec.compiler.degree = False  # as the template sets it
    base = np.array([0.3, -0.2, 0.1])
    panda.add_panda(spec, tuple(base))
    model = spec.compile()
    data = mujoco.MjData(model)
    arm = [model.joint(name).qposadr[0] for name in panda.ARM_JOINTS]
    for q in random_joints(10):
        data.qpos[arm] = q
        mujoco.mj_kinematics(model, data)
        position, rotation = kinematics.forward(q)
        assert np.allclose(data.site("fingertip").xpos - base, position, atol=1e-5)
        assert np.allclose(data.site("fingertip").xmat.reshape(3, 3), rotation, atol=1e-5)
