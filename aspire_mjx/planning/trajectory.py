"""Time-parameterised joint paths: from way-points to the control sequences that position servos follow.

Speed along a path follows the quintic ``10 s^3 - 15 s^4 + 6 s^5``: velocity and acceleration are zero at both ends.
Every joint keeps its limits at every tick. Numpy only; all arithmetic is elementwise over lanes and free of
transcendental functions, so that a lane's sequence is the same bit for bit in any batch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx import geometry
from aspire_mjx.planning.kinematics import ACCELERATION_LIMIT, VELOCITY_LIMIT
from aspire_mjx.worlds.episode import TICK

SPEED_FACTOR = 0.5  #: default speed: half the published velocities, and so a quarter of the accelerations

_PEAK_VELOCITY = 1.875  # of the quintic with unit length and unit time
_PEAK_ACCELERATION = 10 / np.sqrt(3)
_LINE_TURN = 0.2  # rad between two way-points of a straight line, at most
_SAMPLES = 8  # points between two way-points where the spline's speed is measured


@dataclass(frozen=True)
class MotionLimits:
    """Largest joint velocities ``[7]`` rad/s and accelerations ``[7]`` rad/s^2."""

    velocity: np.ndarray
    acceleration: np.ndarray

    @staticmethod
    def panda(speed_factor: float = SPEED_FACTOR) -> MotionLimits:
        """Franka's published limits for motions ``speed_factor`` times as fast as the arm allows (0 < factor <= 1).

        Slowing a motion down by a factor scales its velocities by it and its accelerations by its square.
        """
        if not 0.0 < speed_factor <= 1.0:
            raise ValueError(f"speed factor {speed_factor!r} of the arm's limits: choose 0 < factor <= 1")
        return MotionLimits(VELOCITY_LIMIT * speed_factor, ACCELERATION_LIMIT * speed_factor**2)


@dataclass(frozen=True)
class Trajectory:
    """Control sequences of ``N`` lanes.

    ``ctrl[:, k]`` is the command of tick ``k``, which ends at time ``(k + 1) * tick``: the start is not repeated,
    and ``ctrl[i, ticks[i] - 1]`` and everything after it is exactly the last way-point.
    """

    ctrl: np.ndarray  #: [N, T, 7] rad
    ticks: np.ndarray  #: [N] int, at least 1

    def take(self, lanes: np.ndarray) -> Trajectory:
        """The trajectories of some lanes, cut to the longest of them."""
        ticks = self.ticks[lanes]
        return Trajectory(self.ctrl[lanes, : int(ticks.max(initial=1))], ticks)


def stop_at_each(waypoints: np.ndarray, count: np.ndarray | None = None, *, limits: MotionLimits) -> Trajectory:
    """Straight lines in joint space from way-point to way-point, at rest at each of them.

    Args:
        waypoints: ``[N, W, 7]`` rad; the first one is where the arm stands.
        count: ``[N]``, how many of the way-points each lane has (default: all).
        limits: largest velocities and accelerations.
    """
    waypoints, count = _checked(waypoints, count)
    lanes, points, joints = waypoints.shape
    index = np.minimum(np.arange(points), count[:, None] - 1)
    waypoints = np.take_along_axis(waypoints, index[..., None], axis=1)
    if points == 1:
        return Trajectory(waypoints.copy(), np.ones(lanes, np.int64))
    length = np.abs(np.diff(waypoints, axis=1))  # [N, W-1, 7]
    seconds = np.maximum(
        (_PEAK_VELOCITY * length / limits.velocity).max(-1),
        np.sqrt(_PEAK_ACCELERATION * length / limits.acceleration).max(-1),
    )
    leg_ticks = np.ceil(seconds / TICK - 1e-9).astype(np.int64)  # [N, W-1]; 0 for a leg without motion
    ends = np.cumsum(leg_ticks, axis=1)
    ticks = np.maximum(ends[:, -1], 1)
    number = np.arange(1, int(ticks.max(initial=1)) + 1)  # the tick's end, in ticks
    leg = np.minimum((number[None, :, None] > ends[:, None, :]).sum(-1), points - 2)  # [N, T]
    leg_end, leg_length = np.take_along_axis(ends, leg, axis=1), np.take_along_axis(leg_ticks, leg, axis=1)
    left = np.clip(leg_end - number, 0, None) / np.maximum(leg_length, 1)
    share = _quintic(1.0 - left)[..., None]
    start = np.take_along_axis(waypoints, leg[..., None], axis=1)
    end = np.take_along_axis(waypoints, leg[..., None] + 1, axis=1)
    return Trajectory(np.where(share == 1.0, end, start + share * (end - start)), ticks)


def pass_through(waypoints: np.ndarray, count: np.ndarray | None = None, *, limits: MotionLimits) -> Trajectory:
    """One smooth motion along a cubic spline through the way-points, at rest only at its ends.

    For dense way-points, such as a Cartesian line's; arguments as in :func:`stop_at_each`. The way-points are taken
    as evenly spaced along the path.
    """
    waypoints, count = _checked(waypoints, count)
    lanes = len(waypoints)
    parts: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    for points in np.unique(count):
        rows = np.flatnonzero(count == points)
        parts[int(points)] = _spline_motion(waypoints[rows, :points], limits)
    ticks = np.ones(lanes, np.int64)
    ctrl = np.empty((lanes, max((part[0].shape[1] for part in parts.values()), default=1), waypoints.shape[2]))
    for points, (part, part_ticks) in parts.items():
        rows = np.flatnonzero(count == points)
        ticks[rows] = part_ticks
        ctrl[rows, : part.shape[1]] = part
        ctrl[rows, part.shape[1] :] = part[:, -1:]
    return Trajectory(ctrl, ticks)


def join(first: Trajectory, second: Trajectory) -> Trajectory:
    """Lane by lane, the first trajectory and then the second one."""
    ticks = first.ticks + second.ticks
    number = np.arange(int(ticks.max(initial=1)))
    early = number[None] < first.ticks[:, None]
    in_first = np.minimum(number, first.ctrl.shape[1] - 1)
    in_second = np.clip(number[None] - first.ticks[:, None], 0, second.ctrl.shape[1] - 1)
    late = np.take_along_axis(second.ctrl, in_second[..., None], axis=1)
    return Trajectory(np.where(early[..., None], first.ctrl[:, in_first], late), ticks)


def line_poses(
    start: geometry.Pose, end: geometry.Pose, *, spacing: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Way-point poses along straight lines, from ``start`` to ``end`` with both ends.

    Args:
        start: pose, ``[N, 3]`` m and ``[N, 4]`` wxyz.
        end: pose, likewise.
        spacing: m between way-points, at most.

    Returns:
        Positions ``[N, W, 3]``, quaternions ``[N, W, 4]`` and count ``[N]``; beyond its count a lane repeats its end.
    """
    start_p, start_q, end_p, end_q = (np.asarray(a, np.float64) for a in (*start, *end))
    distance = np.sqrt(((end_p - start_p) ** 2).sum(-1))
    legs = np.maximum(distance / spacing, geometry.angle_between(start_q, end_q) / _LINE_TURN)
    legs = np.maximum(np.ceil(legs - 1e-9).astype(np.int64), 1)
    fraction = np.minimum(np.arange(int(legs.max(initial=1)) + 1) / legs[:, None], 1.0)  # [N, W]
    positions = start_p[:, None] + fraction[..., None] * (end_p - start_p)[:, None]
    at_end = (fraction == 1.0)[..., None]
    quaternions = geometry.slerp(start_q[:, None], end_q[:, None], fraction)
    return np.where(at_end, end_p[:, None], positions), np.where(at_end, end_q[:, None], quaternions), legs + 1


def _checked(waypoints: np.ndarray, count: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """The arguments as float64 ``[N, W, J]`` and int ``[N]``, or a ValueError."""
    waypoints = np.asarray(waypoints, np.float64)
    if waypoints.ndim != 3 or waypoints.shape[1] < 1:
        raise ValueError(f"way-points have shape {waypoints.shape}; give [lanes, way-points >= 1, joints]")
    count = np.full(len(waypoints), waypoints.shape[1]) if count is None else np.asarray(count, np.int64)
    if count.shape != (len(waypoints),) or np.any((count < 1) | (count > waypoints.shape[1])):
        raise ValueError(f"way-point counts {count} do not fit way-points of shape {waypoints.shape}")
    return waypoints, count


def _quintic(s: np.ndarray) -> np.ndarray:
    """Share of the path covered at share ``s`` of the time; exactly 1 at 1."""
    return s * s * s * (10.0 + s * (6.0 * s - 15.0))


def _spline_motion(knots: np.ndarray, limits: MotionLimits) -> tuple[np.ndarray, np.ndarray]:
    """Control sequences ``[N, T, J]`` and ticks ``[N]`` along the natural spline of ``[N, W, J]`` knots."""
    lanes, points, _ = knots.shape
    if points == 1:
        return knots.copy(), np.ones(lanes, np.int64)
    bend = _spline_bend(knots)
    s = np.linspace(0.0, 1.0, _SAMPLES * (points - 1) + 1)
    speed = 30 * s**2 * (1 - s) ** 2  # of the quintic, and its acceleration
    gain = 60 * s * (1 - s) * (1 - 2 * s)
    _, slope, curve = _spline(knots, bend, np.broadcast_to(_quintic(s), (lanes, len(s))))
    fastest = np.abs(slope * speed[:, None]).max(1)  # [N, J] rad per unit of time
    hardest = np.abs(curve * (speed**2)[:, None] + slope * gain[:, None]).max(1)
    seconds = np.maximum((fastest / limits.velocity).max(-1), np.sqrt(hardest / limits.acceleration).max(-1))
    ticks = np.maximum(np.ceil(seconds / TICK - 1e-9).astype(np.int64), 1)
    while True:  # what the samples missed shows in the finite differences of the ticks: slow those lanes down
        number = np.arange(1, int(ticks.max(initial=1)) + 1)
        along = _quintic(np.minimum(number[None] / ticks[:, None], 1.0))
        ctrl, _, _ = _spline(knots, bend, along)
        ctrl = np.where((number[None] >= ticks[:, None])[..., None], knots[:, -1:], ctrl)
        excess = _excess(knots[:, :1], ctrl, limits)
        if not np.any(excess > 1.0):
            return ctrl, ticks
        ticks = np.where(excess > 1.0, np.ceil(ticks * excess).astype(np.int64), ticks)


def _excess(start: np.ndarray, ctrl: np.ndarray, limits: MotionLimits) -> np.ndarray:
    """How many times too fast each lane is ``[N]``, from rest at ``start`` ``[N, 1, J]`` to rest at the end."""
    step = np.diff(np.concatenate([start, start, ctrl, ctrl[:, -1:]], axis=1), axis=1)
    velocity = (np.abs(step) / (limits.velocity * TICK)).max(axis=(1, 2))
    acceleration = (np.abs(np.diff(step, axis=1)) / (limits.acceleration * TICK**2)).max(axis=(1, 2))
    return np.maximum(velocity, np.sqrt(acceleration))


def _spline_bend(knots: np.ndarray) -> np.ndarray:
    """Second derivatives ``[N, W, J]`` at the knots of the natural cubic spline with unit spacing (Thomas' method)."""
    points = knots.shape[1]
    bend = np.zeros_like(knots)
    ratio = np.zeros(points)
    for i in range(1, points - 1):
        pivot = 4.0 - ratio[i - 1]
        ratio[i] = 1.0 / pivot
        right = 6.0 * (knots[:, i + 1] - 2.0 * knots[:, i] + knots[:, i - 1])
        bend[:, i] = (right - bend[:, i - 1]) / pivot
    for i in range(points - 3, 0, -1):
        bend[:, i] -= ratio[i] * bend[:, i + 1]
    return bend


def _spline(knots: np.ndarray, bend: np.ndarray, along: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Value, first and second derivative, each ``[N, M, J]``, at shares ``along`` ``[N, M]`` of the path."""
    legs = knots.shape[1] - 1
    place = along * legs
    leg = np.clip(place.astype(np.int64), 0, legs - 1)
    t = (place - leg)[..., None]
    r = 1.0 - t
    left, right = leg[..., None], leg[..., None] + 1
    k0, k1 = np.take_along_axis(knots, left, axis=1), np.take_along_axis(knots, right, axis=1)
    m0, m1 = np.take_along_axis(bend, left, axis=1), np.take_along_axis(bend, right, axis=1)
    value = r * k0 + t * k1 + ((r * r * r - r) * m0 + (t * t * t - t) * m1) / 6.0
    slope = k1 - k0 + ((1.0 - 3.0 * r * r) * m0 + (3.0 * t * t - 1.0) * m1) / 6.0
    return value, legs * slope, legs * legs * (r * m0 + t * m1)
