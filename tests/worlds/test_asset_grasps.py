"""Every place to hold a thing from above does hold it: a bare gripper lifts it there."""

from __future__ import annotations

import mujoco
import numpy as np
import pytest

from aspire_mjx.worlds.assets import Grasp, asset, categories
from aspire_mjx.worlds.assets.catalogue import VARIANTS
from aspire_mjx.worlds.panda import FINGER_FORCE, OPEN_WIDTH
from tests.support.small_scenes import Put, SmallScene

_DOWN = (0.0, 0.0, -1.0)
_LIFT = 0.15  #: m
_TIP = 0.013  #: m, from the fingertip point up to the middle of a finger pad
_CASES = [
    (category, grasp)
    for category in categories()
    if category not in VARIANTS and not asset(category).fixture
    for grasp in asset(category).grasps
    if grasp.approach == _DOWN
]


def _gripper(spec: mujoco.MjSpec, grasp: Grasp, height: float) -> None:
    """Two pads of the Panda's size on a hand that moves along z, above the grasp and open."""
    yaw = np.arctan2(grasp.closing[1], grasp.closing[0]) - np.pi / 2
    above = (*grasp.centre[:2], grasp.centre[2] + height + _LIFT)
    hand = spec.worldbody.add_body(name="hand", pos=above, quat=(np.cos(yaw / 2), 0, 0, np.sin(yaw / 2)))
    hand.mass, hand.inertia, hand.explicitinertial, hand.gravcomp = 3.0, (0.1, 0.1, 0.1), True, 1.0
    hand.add_joint(name="hand", type=mujoco.mjtJoint.mjJNT_SLIDE, axis=(0, 0, 1))
    servos = [("hand", 20000.0, 600.0, 300.0)]
    for name, side in (("left", 1.0), ("right", -1.0)):
        finger = hand.add_body(name=name)
        finger.mass, finger.inertia, finger.explicitinertial, finger.gravcomp = 0.015, (3e-6, 3e-6, 1e-6), True, 1.0
        finger.add_joint(
            name=name,
            type=mujoco.mjtJoint.mjJNT_SLIDE,
            axis=(0, side, 0),
            range=(0.0, OPEN_WIDTH / 2),
            limited=True,
            armature=0.1,
            damping=(10.0, 0.0, 0.0),
        )
        finger.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=(0.0105, 0.006, 0.022),
            pos=(0, side * 0.006, _TIP),
            friction=(1.0, 0.02, 0.001),
            condim=4,
            contype=2,
            conaffinity=1,
            mass=0,
        )
        servos.append((name, 1000.0, 20.0, FINGER_FORCE))
    for name, kp, kv, force in servos:
        servo = spec.add_actuator(name=name, target=name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        servo.set_to_position(kp=kp, kv=kv)
        servo.forcelimited, servo.forcerange = True, (-force, force)
    coupling = spec.add_equality(type=mujoco.mjtEq.mjEQ_JOINT, name1="left", name2="right")
    coupling.data[1] = 1.0


@pytest.mark.parametrize(("category", "grasp"), _CASES, ids=[f"{c}-{g.name}" for c, g in _CASES])
def test_a_gripper_lifts_the_thing_where_its_grasp_says(category: str, grasp: Grasp) -> None:
    height = asset(category).origin_height
    scene = SmallScene([Put(category, (0.0, 0.0, height))], build=lambda spec: _gripper(spec, grasp, height))
    data = scene.data
    data.joint("left").qpos = data.joint("right").qpos = OPEN_WIDTH / 2
    data.ctrl[1:] = OPEN_WIDTH / 2
    for share in np.linspace(0.0, 1.0, 150):
        data.ctrl[0] = -_LIFT * share
        scene.run(0.005)
    scene.run(0.2)
    assert np.linalg.norm(scene.position(0) - (0.0, 0.0, height)) < 0.003, "the open fingers pushed it"
    data.ctrl[1:] = 0.0
    scene.run(0.5)
    for share in np.linspace(1.0, 0.0, 150):
        data.ctrl[0] = -_LIFT * share
        scene.run(0.005)
    scene.run(0.5)
    centre = scene.data.body("0").xmat.reshape(3, 3) @ grasp.centre + scene.position(0)
    assert abs(centre[2] - (height + grasp.centre[2] + _LIFT)) < 0.02


def test_grasps_name_what_they_hold() -> None:
    assert {grasp.name for category in categories() for grasp in asset(category).grasps} == {"rim", "handle", "body"}
