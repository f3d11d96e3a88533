"""Batched inverse kinematics of the Panda: damped least squares with deterministic restarts.

A search that fails starts again from stored configurations whose poses lie nearest to the target; only targets that
are still open go on to the next, longer list of starts. Targets are solved in chunks of a fixed size, so one
compilation serves any number of them. All arithmetic is elementwise along the lanes: a lane's solution is the same
bit for bit whatever else is in the batch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np

from aspire_mjx import geometry
from aspire_mjx.planning import kinematics
from aspire_mjx.planning.kinematics import FINGERTIP_OFFSET, FLANGE_OFFSET, HOME, JOINTS, LOWER_LIMIT, UPPER_LIMIT
from aspire_mjx.sensing.lanes import run_chunks

POSITION_TOLERANCE = 1e-3  #: m; a solution is ``ok`` below both tolerances
ROTATION_TOLERANCE = np.deg2rad(0.5)  #: rad
LIMIT_MARGIN = 0.02  #: rad that solutions keep from the published limits, so that a servo's overshoot stays inside
#: Targets that are solved together on a CPU and on an accelerator; most calls have few.
CHUNK = {"cpu": 16, "accelerator": 64}
LARGEST_STEP = 0.5  #: rad; a joint that turns more between two way-points of a path has changed branch

_FIRST = (20, 12)  # iterations from the current configuration; while the first 12 run, the elbow is drawn home
_POSTURE_GAIN = 0.15
_STORED = 2048  # configurations whose poses are known; 8 times as many find 1 % more in the first round
_TURN_WEIGHT = 0.4  # m that a turn by 1 rad counts when poses are compared
#: Rounds of restarts: from the a-th to the b-th nearest stored configuration, and iterations from each.
_ROUNDS = ((0, 4, 15), (4, 16, 20), (16, 64, 30))
#: m from the shoulder to the point on the last joint's axis, 0.107 m behind the flange, at full stretch of all links.
_STRETCH = np.hypot(0.316, 0.0825) + np.hypot(0.384, 0.0825) + 0.088 + 1e-3
_SHOULDER = np.array([0.0, 0.0, 0.333])
_LOWER, _UPPER = LOWER_LIMIT + LIMIT_MARGIN, UPPER_LIMIT - LIMIT_MARGIN


@dataclass(frozen=True)
class Solution:
    """Inverse kinematics of ``N`` targets. Where ``reachable`` is false, ``q`` is the best that was found.

    Attributes:
        q: ``[N, 7]`` rad, float64, always inside the joint limits.
        position_error: ``[N]`` m, distance of the fingertip point to the target; inf for a target that is no pose.
        rotation_error: ``[N]`` rad.
        reachable: ``[N]`` bool, both errors within tolerance.
        margin: ``[N]`` rad, the least distance of a joint to its published limits.
        clearance: ``[N]`` m, what was asked to be kept above zero; inf where nothing was.
    """

    q: np.ndarray
    position_error: np.ndarray
    rotation_error: np.ndarray
    reachable: np.ndarray
    margin: np.ndarray
    clearance: np.ndarray


Clearance = Callable[[np.ndarray, np.ndarray], np.ndarray]  #: of joint angles [M, 7] for lanes [M]: m, negative hits


@dataclass(frozen=True)
class PathSolution:
    """Inverse kinematics along ``N`` paths of way-points."""

    q: np.ndarray  #: [N, W, 7] rad
    position_error: np.ndarray  #: [N] m, the largest along the path
    rotation_error: np.ndarray  #: [N] rad, the largest along the path
    reachable: np.ndarray  #: [N] bool, every way-point within tolerance
    continuous: np.ndarray  #: [N] bool, no joint turns by more than LARGEST_STEP between way-points


def solve(
    position: np.ndarray,
    quaternion: np.ndarray,
    *,
    current: np.ndarray,
    restarts: bool = True,
    clearance: Clearance | None = None,
) -> Solution:
    """Joint angles that put the point between the fingertips at each target, all in the robot base frame.

    Args:
        position: ``[N, 3]`` m. Used as given: an unreachable target is reported, never moved.
        quaternion: ``[N, 4]`` wxyz, of any length but zero.
        current: ``[N, 7]`` rad, where the search starts.
        restarts: also start from stored configurations where the first search fails, and take the solution that is
            closest to ``current`` of the first round that has one.
        clearance: what collides, if wanted: a solution with a negative clearance counts only where the restarts find
            no other.
    """
    position, quaternion, current = (np.asarray(a, dtype=np.float64) for a in (position, quaternion, current))
    length = np.sqrt(np.sum(quaternion**2, axis=-1))
    is_pose = np.isfinite(position).all(-1) & np.isfinite(length) & (length > 1e-6)
    position = np.where(is_pose[:, None], position, 0.0)
    quaternion = np.where(is_pose[:, None], quaternion / np.where(is_pose, length, 1.0)[:, None], geometry.IDENTITY)
    rotation = geometry.to_matrix(quaternion)
    start = np.clip(np.where(np.isfinite(current), current, HOME), _LOWER, _UPPER)
    best = _Best(position, rotation, start, clearance)
    best.offer(np.arange(len(position)), _descend(position, rotation, start, _FIRST)[:, None])
    if restarts:
        best.restart(is_pose & _in_reach(position, rotation))
    return Solution(
        best.q,
        np.where(is_pose, best.position_error, np.inf),
        np.where(is_pose, best.rotation_error, np.inf),
        (best.rank > _MISSED) & is_pose,
        np.minimum(best.q - LOWER_LIMIT, UPPER_LIMIT - best.q).min(axis=1),
        best.clearance,
    )


_MISSED, _COLLIDES, _FREE = 0, 1, 2  # how good a configuration is


class _Best:
    """The best configurations found so far for some targets; arguments as those of :func:`solve`."""

    def __init__(
        self, position: np.ndarray, rotation: np.ndarray, start: np.ndarray, clearance: Clearance | None
    ) -> None:
        lanes = len(position)
        self._position = position
        self._rotation = rotation
        self._start = start
        self._measure = clearance
        self.q = start.copy()
        self.position_error = np.full(lanes, np.inf)
        self.rotation_error = np.full(lanes, np.inf)
        self.clearance = np.full(lanes, np.inf)
        self.rank = np.full(lanes, -1)

    def restart(self, wanted: np.ndarray) -> None:
        """Starts from stored configurations, round by round, while a lane of ``wanted [N]`` bool has no free one."""
        near = np.zeros((len(wanted), _ROUNDS[-1][1]), int)
        for first, last, iterations in _ROUNDS:
            rows = np.flatnonzero(wanted & (self.rank < _FREE))
            if not len(rows):
                return
            if not first:
                near[rows] = _nearest(self._position[rows], self._rotation[rows])
            starts, tries = _stored()[0][near[rows, first:last]], last - first
            position, rotation = (np.repeat(a[rows], tries, axis=0) for a in (self._position, self._rotation))
            found = _descend(position, rotation, starts.reshape(-1, JOINTS), (iterations, 0))
            self.offer(rows, found.reshape(-1, tries, JOINTS))

    def offer(self, rows: np.ndarray, q: np.ndarray) -> None:
        """Keeps the better ones of the configurations ``q [R, tries, 7]`` for the targets ``rows [R]``."""
        tries = q.shape[1]
        position, rotation = (np.repeat(a[rows], tries, axis=0) for a in (self._position, self._rotation))
        off, turn = (e.reshape(-1, tries) for e in _residual(q.reshape(-1, JOINTS), position, rotation))
        rank = np.where((off < POSITION_TOLERANCE) & (turn < ROTATION_TOLERANCE), _FREE, _MISSED)
        clearance = np.full(rank.shape, np.inf)
        if self._measure is not None and (rank == _FREE).any():
            lane, attempt = np.nonzero(rank == _FREE)
            clearance[lane, attempt] = self._measure(q[lane, attempt], rows[lane])
            rank = np.where((rank == _FREE) & ~(clearance >= 0), _COLLIDES, rank)
        far = np.abs(q - self._start[rows, None]).max(-1)
        cost = np.where(rank > _MISSED, far, off + 0.1 * turn) - 1e3 * rank
        pick = (np.arange(len(rows)), np.argmin(cost, axis=1))
        missed = (self.position_error + 0.1 * self.rotation_error)[rows]
        better = (rank[pick] > self.rank[rows]) | (
            (rank[pick] == _MISSED) & (self.rank[rows] <= _MISSED) & (cost[pick] < missed)
        )
        lanes, pick = rows[better], (pick[0][better], pick[1][better])
        self.q[lanes] = q[pick]
        self.rank[lanes] = rank[pick]
        self.clearance[lanes] = clearance[pick]
        self.position_error[lanes] = off[pick]
        self.rotation_error[lanes] = turn[pick]


def _in_reach(position: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """``[N]`` bool; false is a proof that no configuration gets there, however the joints turn."""
    wrist = position - (FINGERTIP_OFFSET + FLANGE_OFFSET) * rotation[:, :, 2] - _SHOULDER
    return np.sqrt(wrist[:, 0] ** 2 + wrist[:, 1] ** 2 + wrist[:, 2] ** 2) < _STRETCH


@lru_cache(maxsize=1)
def _stored() -> tuple[np.ndarray, np.ndarray]:
    """Configurations ``[S, 7]`` rad that spread evenly over the joint ranges, and their poses as ``[12, S]`` features.

    The spread is the additive recurrence whose step is the generalised golden ratio of seven dimensions. Distances
    of features are distances of poses: position, and the rotation matrix weighed by :data:`_TURN_WEIGHT`.
    """
    ratio = 1.0
    for _ in range(60):
        ratio = (1 + ratio) ** (1 / (JOINTS + 1))
    spread = (0.5 + np.arange(1, _STORED)[:, None] * ratio ** -np.arange(1.0, JOINTS + 1)) % 1.0
    middle, half = (LOWER_LIMIT + UPPER_LIMIT) / 2, (UPPER_LIMIT - LOWER_LIMIT) / 2
    stored = np.concatenate([HOME[None], middle + 0.8 * half * (2 * spread - 1)])
    return stored, _features(*kinematics.forward(stored))


def _features(position: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    turned = _TURN_WEIGHT * np.sqrt(0.5) * rotation.reshape(-1, 9)
    return np.ascontiguousarray(np.concatenate([position, turned], axis=1).T.astype(np.float32))


def _nearest(position: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """The stored configurations whose poses lie nearest to the targets, nearest first, ``[N, tries]``."""
    wanted, stored = _features(position, rotation), _stored()[1]
    distance = np.zeros((len(position), _STORED), np.float32)
    for own, theirs in zip(wanted, stored, strict=True):  # a sum in a fixed order: the same bits in any batch
        distance += (own[:, None] - theirs) ** 2
    tries = _ROUNDS[-1][1]
    some = np.sort(np.argpartition(distance, tries, axis=1)[:, :tries], axis=1)
    order = np.argsort(np.take_along_axis(distance, some, axis=1), axis=1, kind="stable")
    return np.take_along_axis(some, order, axis=1)


def solve_path(positions: np.ndarray, quaternions: np.ndarray, *, current: np.ndarray) -> PathSolution:
    """Joint angles along paths of way-points ``[N, W, 3]`` m and ``[N, W, 4]``, each found from the one before.

    ``current`` ``[N, 7]`` rad is where the arm stands; the first way-point is checked against it too. No restarts:
    another branch of the solution would be a jump.
    """
    previous = np.asarray(current, dtype=np.float64)
    lanes = len(previous)
    steps, q = [], []
    position_error, rotation_error = np.zeros(lanes), np.zeros(lanes)
    reachable = np.ones(lanes, bool)
    for point in range(positions.shape[1]):
        solution = solve(positions[:, point], quaternions[:, point], current=previous, restarts=False)
        steps.append(np.abs(solution.q - previous).max(-1))
        q.append(solution.q)
        previous = solution.q
        position_error = np.maximum(position_error, solution.position_error)
        rotation_error = np.maximum(rotation_error, solution.rotation_error)
        reachable &= solution.reachable
    continuous = np.max(steps, axis=0) <= LARGEST_STEP
    return PathSolution(np.stack(q, axis=1), position_error, rotation_error, reachable, continuous)


def _residual(q: np.ndarray, position: np.ndarray, rotation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distance m and angle rad, each ``[N]``, from the poses of ``q`` to the targets, in double precision."""
    reached_position, reached_rotation = kinematics.forward(q)
    gap = reached_position - position
    difference = (reached_rotation - rotation).reshape(-1, 9)
    spread = np.sqrt(np.sum(difference**2, axis=-1))  # = 2 sqrt(2) sin(angle / 2)
    return np.sqrt(np.sum(gap**2, axis=-1)), 2 * np.arcsin(np.minimum(spread / np.sqrt(8.0), 1.0))


def _descend(position: np.ndarray, rotation: np.ndarray, start: np.ndarray, iterations: tuple[int, int]) -> np.ndarray:
    """Joint angles ``[N, 7]`` (float64, inside the limits) after all iterations, in chunks of fixed size."""
    lanes = tuple(np.asarray(array, np.float32) for array in (position, rotation, start))
    chunk = CHUNK["cpu" if jax.default_backend() == "cpu" else "accelerator"]
    q = run_chunks(lambda _count, *searches: _iterate(*searches, *iterations), lanes, chunk=chunk)
    return np.clip(q.astype(np.float64), _LOWER, _UPPER)


@jax.jit
def _iterate(
    position: jax.Array, rotation: jax.Array, start: jax.Array, iterations: jax.Array, posture_iterations: jax.Array
) -> jax.Array:
    """Joint angles ``[N, 7]`` after all iterations of one chunk, float32; arguments as those of :func:`_descend`."""
    target = position.T
    axes = [rotation[:, :, column].T for column in range(3)]  # of the target, each [3, N]
    lower, upper, home = (jnp.asarray(a, jnp.float32)[:, None] for a in (_LOWER, _UPPER, HOME))

    def iteration(index: jax.Array, q: jax.Array) -> jax.Array:
        frames = kinematics.chain(q)
        origin, x, y, z = frames[-1]
        tip = origin + FINGERTIP_OFFSET * z
        error = _pose_error(target - tip, axes, (x, y, z))
        jacobian = jnp.stack(  # [6, 7, N]
            [jnp.concatenate([_cross(frame[3], tip - frame[0]), frame[3]]) for frame in frames[:JOINTS]], axis=1
        )
        posture = jnp.where(index < posture_iterations, _POSTURE_GAIN, 0.0) * (home - q)
        # damped step on the task plus the posture's share that the task does not see
        wanted = error - jnp.sum(jacobian * posture, axis=1)
        damping = 1e-6 + 1e-2 * jnp.minimum(jnp.sum(error * error, axis=0), 1.0)
        solved = _solve_spd(jnp.sum(jacobian[:, None] * jacobian[None], axis=2), damping, wanted)
        step = posture + jnp.sum(jacobian * solved[:, None], axis=0)
        return jnp.clip(q + step, lower, upper)

    return jax.lax.fori_loop(0, iterations, iteration, start.T).T


def _pose_error(gap: jax.Array, wanted: list[jax.Array], reached: tuple[jax.Array, ...]) -> jax.Array:
    """Position and rotation error ``[6, N]``, shortened so that one step stays within the linear range."""
    sine_axis = 0.5 * sum(_cross(r, w) for r, w in zip(reached, wanted, strict=True))
    cosine = 0.5 * (sum(jnp.sum(r * w, axis=0) for r, w in zip(reached, wanted, strict=True)) - 1.0)
    sine = jnp.sqrt(jnp.sum(sine_axis * sine_axis, axis=0))
    angle = jnp.arctan2(sine, cosine)
    scale = jnp.where(sine > 1e-6, jnp.minimum(angle, 0.7) / jnp.maximum(sine, 1e-6), 1.0)
    distance = jnp.sqrt(jnp.sum(gap * gap, axis=0))
    return jnp.concatenate([gap * jnp.minimum(1.0, 0.25 / jnp.maximum(distance, 1e-6)), sine_axis * scale])


def _cross(a: jax.Array, b: jax.Array) -> jax.Array:
    """Cross product of ``[3, N]`` vectors."""
    return jnp.stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def _solve_spd(matrix: jax.Array, damping: jax.Array, right: jax.Array) -> jax.Array:
    """Solution ``[6, N]`` of ``(matrix + damping I) x = right`` by Cholesky, elementwise along the lanes."""
    size = matrix.shape[0]
    factor: list[list[jax.Array]] = [[] for _ in range(size)]
    scaled: list[jax.Array] = []  # 1 / diagonal
    y: list[jax.Array] = []
    for row in range(size):
        for column in range(row):
            value = matrix[row, column] - sum(factor[row][k] * factor[column][k] for k in range(column))
            factor[row].append(value * scaled[column])
        pivot = matrix[row, row] + damping - sum(entry * entry for entry in factor[row])
        scaled.append(1.0 / jnp.sqrt(jnp.maximum(pivot, 1e-9)))
        y.append((right[row] - sum(factor[row][k] * y[k] for k in range(row))) * scaled[row])
    x: list[jax.Array] = list(y)
    for row in reversed(range(size)):
        x[row] = (y[row] - sum(factor[k][row] * x[k] for k in range(row + 1, size))) * scaled[row]
    return jnp.stack(x)
