"""Whether joint configurations touch the robot itself or the floor, on a thin capsule model of the Panda.

The capsules are own approximations of the links, drawn inside their hulls: what is reported does collide, while a
near miss of the outer shells may pass. Distances are in the robot base frame. Numpy only, elementwise over lanes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx.planning import kinematics
from aspire_mjx.planning.kinematics import FINGERTIP_OFFSET, FLANGE_OFFSET

FLOOR = "floor"

_BASE, _HAND = 0, 8  # frame numbers: the base, joint frames 1 to 7, the hand
_TIP_RADIUS = 0.008


@dataclass(frozen=True)
class Capsule:
    """A link's capsule: the segment between two points of a frame, thickened by ``radius``, all in m."""

    name: str
    frame: int  #: 0 base, 1 to 7 joint frames, 8 hand
    start: tuple[float, float, float]
    end: tuple[float, float, float]
    radius: float


#: The fingers are one capsule on the hand's centre line that ends at the fingertip point, so it never reports a
#: grasp whose fingertip point is above the floor.
CHECKED_CAPSULES: tuple[Capsule, ...] = (
    Capsule("base", _BASE, (-0.05, 0.0, 0.06), (0.0, 0.0, 0.12), 0.06),
    Capsule("shoulder", _BASE, (0.0, 0.0, 0.16), (0.0, 0.0, 0.333), 0.055),
    Capsule("upper arm", 3, (0.0, 0.0, -0.316), (0.0, 0.0, -0.03), 0.05),
    Capsule("forearm", 5, (0.0, 0.0, -0.384), (0.0, 0.0, 0.0), 0.045),
    Capsule("wrist", 7, (-0.088, 0.0, 0.0), (0.0, 0.0, 0.0), 0.04),
    Capsule("flange", 7, (0.0, 0.0, 0.04), (0.0, 0.0, FLANGE_OFFSET), 0.035),
    Capsule("hand", _HAND, (0.0, -0.07, 0.033), (0.0, 0.07, 0.033), 0.03),
    Capsule("fingers", _HAND, (0.0, 0.0, 0.066), (0.0, 0.0, FINGERTIP_OFFSET - _TIP_RADIUS), _TIP_RADIUS),
)
_NAMES = [capsule.name for capsule in CHECKED_CAPSULES]

#: Pairs that joints do not keep apart by themselves.
SELF_PAIRS: tuple[tuple[str, str], ...] = tuple(
    (near, far)
    for near, fars in {
        "base": ("forearm", "wrist", "flange", "hand", "fingers"),
        "shoulder": ("forearm", "wrist", "flange", "hand", "fingers"),
        "upper arm": ("wrist", "flange", "hand", "fingers"),
        "forearm": ("flange", "hand", "fingers"),
    }.items()
    for far in fars
)
_NEAR = np.array([_NAMES.index(near) for near, _ in SELF_PAIRS])
_FAR = np.array([_NAMES.index(far) for _, far in SELF_PAIRS])
_ARM, _TOUCHING = ("upper arm", "forearm", "wrist"), ("flange", "hand", "fingers")
_FLOOR = np.array([_NAMES.index(name) for name in (*_ARM, *_TOUCHING)])
_RADIUS = np.array([capsule.radius for capsule in CHECKED_CAPSULES])


@dataclass(frozen=True)
class Collisions:
    """The nearest pair of each of ``N`` configurations."""

    colliding: np.ndarray  #: [N] bool, the clearance is negative
    clearance: np.ndarray  #: [N] m, signed distance of the nearest pair; NaN joint angles give NaN and collide
    pairs: tuple[tuple[str, str], ...]  #: N pairs of link names, the second one may be "floor"


def check_collisions(
    q: np.ndarray, *, floor_height: float | np.ndarray = 0.0, hand: bool | np.ndarray = True
) -> Collisions:
    """Self and floor collisions of joint configurations.

    Args:
        q: ``[N, 7]`` rad.
        floor_height: height of the floor or table, m in the base frame, one number or ``[N]``.
        hand: whether flange, hand and fingers on the floor count, for all or ``[N]``: they may be pressed against it.
    """
    q = np.asarray(q, dtype=np.float64)
    start, end = _segments(q)
    between = _segment_distance(start[_NEAR], end[_NEAR], start[_FAR], end[_FAR])
    between = between - (_RADIUS[_NEAR] + _RADIUS[_FAR])[:, None]
    lowest = np.minimum(start[_FLOOR, 2], end[_FLOOR, 2]) - _RADIUS[_FLOOR, None]
    gaps = np.concatenate([between, lowest - floor_height])  # [pairs, N]
    gaps[-len(_TOUCHING) :] = np.where(hand, gaps[-len(_TOUCHING) :], np.inf)
    nearest = np.argmin(gaps, axis=0)
    clearance = np.take_along_axis(gaps, nearest[None], axis=0)[0]
    named = [*SELF_PAIRS, *((_NAMES[link], FLOOR) for link in _FLOOR)]
    return Collisions(~(clearance >= 0), clearance, tuple(named[index] for index in nearest))


def _segments(q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """End points of all capsules in the base frame, each ``[capsules, 3, N]`` m."""
    frames = kinematics.body_frames(q)
    start = [kinematics.in_base(frames[capsule.frame], capsule.start) for capsule in CHECKED_CAPSULES]
    end = [kinematics.in_base(frames[capsule.frame], capsule.end) for capsule in CHECKED_CAPSULES]
    return np.stack(start), np.stack(end)


def _segment_distance(start_a: np.ndarray, end_a: np.ndarray, start_b: np.ndarray, end_b: np.ndarray) -> np.ndarray:
    """Distances ``[P, N]`` between segments given by end points ``[P, 3, N]``; no segment is a point."""
    along_a, along_b, offset = end_a - start_a, end_b - start_b, start_a - start_b
    aa, bb, ab = (_dot(u, v) for u, v in ((along_a, along_a), (along_b, along_b), (along_a, along_b)))
    ao, bo = _dot(along_a, offset), _dot(along_b, offset)
    spread = aa * bb - ab * ab
    parallel = spread < 1e-12
    on_a = np.where(parallel, 0.0, (ab * bo - ao * bb) / np.where(parallel, 1.0, spread))
    on_a = np.clip(on_a, 0.0, 1.0)
    on_b = np.clip((ab * on_a + bo) / bb, 0.0, 1.0)
    on_a = np.clip((ab * on_b - ao) / aa, 0.0, 1.0)
    gap = offset + on_a[:, None] * along_a - on_b[:, None] * along_b
    return np.sqrt(_dot(gap, gap))


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Dot products over axis 1 of ``[P, 3, N]``."""
    return a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1] + a[:, 2] * b[:, 2]
