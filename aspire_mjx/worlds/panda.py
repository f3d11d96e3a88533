"""A Franka Emika Panda with its parallel gripper, written from published parameters.

Kinematics, joint limits and torque limits: Franka Control Interface documentation ("Denavit-Hartenberg parameters",
"Limits for Panda"). Link masses, centres of mass and inertias: Gaz, Cognetti, Oliva, Robuffo Giordano, De Luca,
"Dynamic Identification of the Franka Emika Panda Robot", RA-L 2019. Geometry: capsules and boxes of our own.

Frames: the base frame is the robot's foot, z up, x forward. The *fingertip point* (site ``fingertip``) lies between
the finger pads, 0.1034 m from the hand frame along its z axis, which points out of the hand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mujoco

from aspire_mjx.worlds.tables import as_tuples, table

_FIGURES = as_tuples(table("panda"))
#: The arm's joints and the links that they move, in order. Joint frame i is Rx(alpha) Tx(a) Rz(q_i) Tz(d) from frame
#: i-1 (modified Denavit-Hartenberg convention): a and d in m, alpha in quarter turns. Range in rad, torque in N m. The
#: position servos held 192 of 192 randomised lifts: kp in N m / rad, kv in N m s / rad. Armature, the reflected rotor
#: inertia, in kg m^2: joints 1 and 3 turn against each other with little else to move, and below about half of this
#: the explicit servo damping of that mode is unstable at a 5 ms step. Mass in kg, centre of mass in m and inertia
#: (xx, yy, zz, xy, xz, yz) in kg m^2 in the link frame.
_JOINTS: tuple[dict[str, Any], ...] = _FIGURES["joints"]
DENAVIT_HARTENBERG = tuple((joint["a"], joint["d"], joint["quarter_turns"]) for joint in _JOINTS)
JOINT_LIMITS = tuple(joint["range"] for joint in _JOINTS)  #: rad
#: Capsules that stand for the links, in the link frame: (joint index, from, to, radius), m. Index 0 is the base.
CAPSULES = _FIGURES["capsules"]
FLANGE_OFFSET = 0.107  #: m from joint frame 7 to the flange along z
HAND_TURN = -math.pi / 4  #: rad about z from the flange to the hand frame
FINGERTIP_OFFSET = 0.1034  #: m, fingertip point beyond the hand frame along z
HOME = (0.0, -0.161037389, 0.0, -2.44459747, 0.0, 2.2267522, 0.7853981634)  #: rad, LIBERO's initial joint angles
OPEN_WIDTH = 0.08  #: m between the fingertips, fully open
REST = (*HOME, OPEN_WIDTH / 2, OPEN_WIDTH / 2)  #: servo targets when an episode starts: 7 joints, 2 fingers
FINGER_FORCE = 40.0  #: N, limit of each finger's servo

_FINGER_KP, _FINGER_KV = 1000.0, 20.0  # N / m, N s / m

ARM_JOINTS = tuple(f"joint{i}" for i in range(1, 8))
FINGER_JOINTS = ("finger_left", "finger_right")


@dataclass(frozen=True)
class CollisionBits:
    """Contact filter: two geoms touch when one's ``contype`` meets the other's ``conaffinity``."""

    robot: int = 1  #: hand, fingers and wrist touch objects and the floor, not each other
    object: int = 2  #: objects touch everything but disabled geoms
    floor: int = 4


BITS = CollisionBits()


def add_panda(spec: mujoco.MjSpec, base: tuple[float, float, float]) -> None:
    """Adds the robot to ``spec`` at ``base`` (m, world frame), with 7 arm and 2 finger position servos."""
    parent = spec.worldbody.add_body(name="robot_base", pos=base)
    _add_capsules(parent, 0)
    quarter = math.sqrt(0.5)
    for i, joint in enumerate(_JOINTS):
        # Modified DH: rotate alpha about x, move a along x, then d along the new z.
        a, d, turns = DENAVIT_HARTENBERG[i]
        quat = (quarter, quarter * turns, 0, 0) if turns else (1, 0, 0, 0)
        pos = (a, -d * turns, d * (1 - abs(turns)))
        body = parent.add_body(name=f"link{i + 1}", pos=pos, quat=quat)
        body.fullinertia = joint["inertia"]
        set_inertial(body, joint["mass"], joint["centre_of_mass"])
        body.gravcomp = 1.0
        body.add_joint(
            name=ARM_JOINTS[i],
            type=mujoco.mjtJoint.mjJNT_HINGE,
            axis=(0, 0, 1),
            range=joint["range"],
            limited=True,
            armature=joint["armature"],
            damping=(1.0, 0.0, 0.0),
        )
        _add_capsules(body, i + 1)
        parent = body
    _add_hand(parent)
    for name, joint in zip(ARM_JOINTS, _JOINTS, strict=True):
        _add_servo(spec, name, joint["kp"], joint["kv"], joint["torque"], joint["range"])
    for name in FINGER_JOINTS:
        _add_servo(spec, name, _FINGER_KP, _FINGER_KV, FINGER_FORCE, (0.0, OPEN_WIDTH / 2))
    # The two fingers mirror each other, as in the real hand.
    equality = spec.add_equality(type=mujoco.mjtEq.mjEQ_JOINT, name1=FINGER_JOINTS[0], name2=FINGER_JOINTS[1])
    equality.data[:2] = (0.0, 1.0)
    equality.solref = (0.01, 1.0)


def set_inertial(
    body: mujoco.MjsBody, mass: float, centre: Sequence[float], inertia: Sequence[float] | None = None
) -> None:
    """Gives a body a mass (kg), a centre of mass (m) and, where it has no full one, an inertia (kg m^2)."""
    body.explicitinertial = True
    body.mass = mass
    body.ipos = centre
    if inertia is not None:
        body.inertia = inertia


def _add_capsules(body: mujoco.MjsBody, link: int) -> None:
    for index, start, end, radius in CAPSULES:
        if index != link:
            continue
        body.add_geom(
            name=f"link{index}_capsule",
            type=mujoco.mjtGeom.mjGEOM_CAPSULE,
            fromto=(*start, *end),
            size=(radius, 0, 0),
            rgba=(0.92, 0.92, 0.95, 1),
            contype=0,  # for planning and pictures; the wrist's contacts are those of the hand's wrist box
            conaffinity=0,
            mass=0,
        )


def _add_hand(link7: mujoco.MjsBody) -> None:
    half = HAND_TURN / 2
    hand = link7.add_body(name="hand", pos=(0, 0, FLANGE_OFFSET), quat=(math.cos(half), 0, 0, math.sin(half)))
    set_inertial(hand, 0.73, (-0.01, 0, 0.03), (0.001, 0.0025, 0.0017))
    hand.gravcomp = 1.0
    hand.add_site(name="fingertip", pos=(0, 0, FINGERTIP_OFFSET))
    for name, pos, size in (
        ("hand_box", (0, 0, 0.03), (0.022, 0.1, 0.032)),
        ("wrist_box", (0, 0, -0.06), (0.05, 0.05, 0.055)),
    ):
        hand.add_geom(
            name=name,
            type=mujoco.mjtGeom.mjGEOM_BOX,
            pos=pos,
            size=size,
            rgba=(0.85, 0.85, 0.88, 1),
            contype=0,
            conaffinity=BITS.robot,
            mass=0,
        )
    for name, side in zip(FINGER_JOINTS, (1.0, -1.0), strict=True):
        finger = hand.add_body(name=name, pos=(0, 0, 0.0584))
        set_inertial(finger, 0.015, (0, 0, 0.02), (3e-6, 3e-6, 1e-6))
        finger.gravcomp = 1.0
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
            name=f"{name}_pad",
            type=mujoco.mjtGeom.mjGEOM_BOX,
            pos=(0, side * 0.006, 0.032),
            size=(0.0105, 0.006, 0.022),
            rgba=(0.2, 0.2, 0.22, 1),
            friction=(1.0, 0.02, 0.001),
            condim=4,
            contype=0,
            conaffinity=BITS.robot,
            mass=0,
        )


def _add_servo(
    spec: mujoco.MjSpec, joint: str, kp: float, kv: float, force: float, limits: tuple[float, float]
) -> None:
    actuator = spec.add_actuator(name=joint, target=joint, trntype=mujoco.mjtTrn.mjTRN_JOINT)
    actuator.set_to_position(kp=kp, kv=kv)
    actuator.forcelimited = actuator.ctrllimited = True
    actuator.forcerange = (-force, force)
    actuator.ctrlrange = limits
