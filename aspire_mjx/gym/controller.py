"""What an action means: the seven numbers of LIBERO's policies as servo targets.

LIBERO drives its arm with robosuite's OSC_POSE at 20 Hz: an action moves the goal 0.05 m and 0.5 rad away from the hand
at most, and the hand goes to it as a critically damped mass on a spring of 150 / s^2 does, which makes 0.27 m/s of one
full action after the other. Here that motion is the reference of the arm's position servos.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from aspire_mjx import geometry
from aspire_mjx.columns import SHARED, Columns
from aspire_mjx.errors import AspireError
from aspire_mjx.planning import collision, ik, kinematics
from aspire_mjx.planning.kinematics import VELOCITY_LIMIT
from aspire_mjx.status import Status
from aspire_mjx.worlds.episode import TICK
from aspire_mjx.worlds.panda import OPEN_WIDTH

ACTION = 7  #: numbers of an action, each in [-1, 1]: x, y, z, turn about x, y, z (robot's base frame), gripper
SCALE = np.array([0.05, 0.05, 0.05, 0.5, 0.5, 0.5])  #: m, rad that 1 means
_STIFFNESS = np.sqrt(150.0)  # 1/s


@dataclass(frozen=True, eq=False)
class Drive(Columns):
    """What ``N`` arms follow for one action.

    Attributes:
        targets: ``[N, T, 9]`` servo targets, one a tick: arm (rad), fingers (m).
        twist: ``[N, T, 6]`` m/s, rad/s, the velocity of the reference after each tick.
        status: ``[N]`` OK; IK_INFEASIBLE or IN_COLLISION where the arm stays where it is.
    """

    targets: np.ndarray
    twist: np.ndarray
    status: np.ndarray


@dataclass(frozen=True, eq=False)
class Reference(Columns):
    """Where ``N`` arms are told to be, and how fast that goes.

    Attributes:
        command: ``[N, 9]`` servo targets in force: arm (rad), fingers (m).
        twist: ``[N, 6]`` m/s, rad/s, base frame.
        support_height: m, base frame, of the floor or table.
    """

    command: np.ndarray
    twist: np.ndarray
    support_height: float = field(metadata=SHARED)

    def drive(self, actions: np.ndarray, ticks: int) -> Drive:
        """The targets of ``actions [N, 7]`` for so many control ticks; joints turn no faster than the Panda's may."""
        times = TICK * np.arange(1, ticks + 1)
        away, speed = -SCALE * actions[:, :6], self.twist  # of the reference from its goal
        pull = speed + _STIFFNESS * away
        decay = np.exp(-_STIFFNESS * times)[:, None]
        offset = (away[:, None] + pull[:, None] * times[:, None]) * decay
        twist = (speed[:, None] - _STIFFNESS * pull[:, None] * times[:, None]) * decay
        at, hand = kinematics.hand_pose(self.command[:, :7])
        goal = geometry.multiply(_turn(-away[:, 3:]), hand)
        path = ik.solve_path(
            (at - away[:, :3])[:, None] + offset[..., :3],
            geometry.multiply(_turn(offset[..., 3:]), goal[:, None]),
            current=self.command[:, :7],
        )
        steps = np.diff(path.q, axis=1, prepend=self.command[:, None, :7])
        hurry = np.maximum(np.abs(steps / (VELOCITY_LIMIT * TICK)).max(axis=(1, 2)), 1.0)[:, None, None]
        arm, twist = self.command[:, None, :7] + np.cumsum(steps / hurry, axis=1), twist / hurry
        hits = collision.check_collisions(arm[:, -1], floor_height=self.support_height, hand=False).colliding
        status = np.where(path.reachable & path.continuous, Status.OK, Status.IK_INFEASIBLE)
        status = np.where((status == Status.OK) & hits, Status.IN_COLLISION, status)
        refused = (status != Status.OK)[:, None, None]
        arm, twist = np.where(refused, self.command[:, None, :7], arm), np.where(refused, 0.0, twist)
        grip = actions[:, 6:]
        fingers = np.where(grip < 0, OPEN_WIDTH / 2, np.where(grip > 0, 0.0, self.command[:, 7:]))
        fingers = np.broadcast_to(fingers[:, None], (len(arm), ticks, 2))
        return Drive(np.concatenate([arm, fingers], axis=2), twist, status.astype(np.int16))


def check_actions(actions: np.ndarray, lanes: int) -> np.ndarray:
    """Actions as ``[N, 7]`` float64.

    Raises:
        AspireError: another shape, or a number outside [-1, 1].
    """
    actions = np.asarray(actions, np.float64)
    if actions.shape != (lanes, ACTION):
        raise AspireError(f"actions have shape {actions.shape}; give ({lanes}, {ACTION}), one row an environment.")
    wrong = np.argwhere(~(np.abs(actions) <= 1.0))
    if len(wrong):
        lane, number = wrong[0].tolist()
        raise AspireError(
            f"environment {lane}: number {number} of its action is {actions[lane, number]}; each lies in [-1, 1]. "
            "gymnasium.wrappers.ClipAction cuts what a policy gives."
        )
    return actions


def _turn(vector: np.ndarray) -> np.ndarray:
    """Quaternions ``[..., 4]`` of rotation vectors ``[..., 3]`` rad."""
    angle = np.sqrt((vector * vector).sum(axis=-1))
    return geometry.from_axis_angle(vector / np.where(angle > 0, angle, 1.0)[..., None], angle)
