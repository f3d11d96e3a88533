"""The arm, the hand and what it holds as spheres that cover them: what must not touch what the robot has seen.

The capsules of :mod:`aspire_mjx.planning.collision` lie inside the links, so that what they report does collide. These
spheres cover the hand, fingers and wrist, so that what they clear is clear. Base frame; numpy only, elementwise.
"""

from __future__ import annotations

import numpy as np

from aspire_mjx.planning import kinematics
from aspire_mjx.planning.collision import CHECKED_CAPSULES
from aspire_mjx.planning.kinematics import FINGERTIP_OFFSET
from aspire_mjx.worlds import panda

_HAND = 8  # frame number, as of the capsules
_LINKS = ("upper arm", "forearm", "wrist")
_FINGER_RADIUS, _HELD_RADIUS = 0.0125, 0.025
_FINGER_HEIGHTS = (0.078, 0.089, 0.100)  # m along the hand's z axis; the pads reach from 0.068 to 0.112
#: Capsules around the boxes of wrist, hand and open fingers: (frame, from, to, radius), m.
_HAND_BODY = (
    (_HAND, (0.0, 0.0, -0.09), (0.0, 0.0, -0.03), 0.075),
    (_HAND, (0.0, -0.09, 0.03), (0.0, 0.09, 0.03), 0.045),
    (_HAND, (0.0, 0.0, 0.06), (0.0, 0.0, 0.10), 0.055),
)
_FOOT = 0.2  # m around the base's axis where nothing but the robot stands
_HELD_BODY = 0.06  # m around the hand's axis that a held thing is taken to fill in a picture
_PAD = 0.006  # m, half a finger's thickness
_HELD_SHARES = (0.5, 1.0)  # of the way from the fingertips to the lower end of what is held


def _fixed() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Frame ``[K]``, centre ``[K, 3]`` m and radius ``[K]`` m of the spheres that stand still in their frames."""
    spheres: list[tuple[int, tuple[float, float, float], float]] = []
    for capsule in CHECKED_CAPSULES:
        if capsule.name in _LINKS:
            start, end = np.array(capsule.start), np.array(capsule.end)
            count = int(np.ceil(np.linalg.norm(end - start) / (1.2 * capsule.radius))) + 1
            spheres += [
                (capsule.frame, tuple(start + share * (end - start)), capsule.radius + 0.005)
                for share in np.linspace(0, 1, count)
            ]
    spheres += [(_HAND, (0.0, 0.0, z), 0.062) for z in (-0.08, -0.04)]  # the wrist's box
    spheres += [(_HAND, (0.0, y, z), 0.024) for y in np.linspace(-0.09, 0.09, 7) for z in (0.014, 0.042)]
    frame, centre, radius = zip(*spheres, strict=True)
    return np.array(frame), np.array(centre), np.array(radius)


_FRAME, _CENTRE, _RADIUS = _fixed()
#: Radii of all spheres, m: links and hand, six of the fingers, two of what the hand holds.
ROBOT = len(_RADIUS) + 6  #: number of spheres before those of what is held
RADII = np.concatenate([_RADIUS, np.full(6, _FINGER_RADIUS), np.full(len(_HELD_SHARES), _HELD_RADIUS)])


def centres(q: np.ndarray, *, width: np.ndarray, held_object_reach: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres ``[K, 3, M]`` m of the spheres of :data:`RADII`, and the fingertip point ``[3, M]``.

    Args:
        q: ``[M, 7]`` rad.
        width: ``[M]`` m between the fingertips.
        held_object_reach: ``[M]`` m that what is held reaches beyond the fingertips; 0 for nothing: infinitely far.
    """
    frames = kinematics.body_frames(q)
    out = np.empty((len(RADII), 3, len(q)))
    for frame in np.unique(_FRAME).tolist():
        own = np.flatnonzero(frame == _FRAME)
        out[own] = kinematics.in_base(frames[frame], _CENTRE[own].T[:, :, None, None])
    origin, _, y, z = frames[_HAND]
    k = len(_FRAME)
    for side in (1.0, -1.0):
        across = side * (0.5 * width + _PAD) * y
        for height in _FINGER_HEIGHTS:
            out[k] = origin + across + height * z
            k += 1
    for share in _HELD_SHARES:
        distance = FINGERTIP_OFFSET + share * np.maximum(held_object_reach - _HELD_RADIUS, 0.0)
        out[k] = np.where(held_object_reach > _HELD_RADIUS, origin + distance * z, np.inf)
        k += 1
    return out, origin + FINGERTIP_OFFSET * z


def hides(q: np.ndarray, held_object_reach: np.ndarray, points: np.ndarray, *, margin: float) -> np.ndarray:
    """Whether points are the robot's own body, or what it holds, as its camera sees it, ``[P]`` bool.

    Args:
        q: ``[N, 7]`` rad.
        held_object_reach: ``[N]`` m, as in :func:`centres`.
        points: ``[P, 4]``, the number of the lane and x, y, z in m.
        margin: m around the body that counts as body.
    """
    lane, place = points[:, 0].astype(int), points[:, 1:].T
    frames = kinematics.body_frames(q)
    own = np.hypot(place[0], place[1]) < _FOOT
    for frame, start, end, radius in (*panda.CAPSULES, *_HAND_BODY):
        one, other = (kinematics.in_base(frames[frame], point) for point in (start, end))
        # Most points lie below the body, or before it.
        lowest, foremost = np.minimum(one[2], other[2]) - radius, np.maximum(one[0], other[0]) + radius
        near = np.flatnonzero((place[2] > lowest[lane] - 2 * margin) & (place[0] < foremost[lane] + 2 * margin))
        among = lane[near]
        own[near] |= _distance(place[:, near], one[:, among], other[:, among]) < radius + margin
    origin, _, _, z = frames[_HAND]
    tip = origin + FINGERTIP_OFFSET * z
    lower_end = tip + np.where(held_object_reach > 0, held_object_reach, np.nan) * z
    own |= _distance(place, tip[:, lane], lower_end[:, lane]) < _HELD_BODY + margin
    return own


def _distance(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Distances ``[P]`` of points ``[3, P]`` to segments ``[3, P]``."""
    along, offset = end - start, points - start
    length = along[0] ** 2 + along[1] ** 2 + along[2] ** 2
    share = (offset[0] * along[0] + offset[1] * along[1] + offset[2] * along[2]) / np.maximum(length, 1e-12)
    gap = offset - np.clip(share, 0.0, 1.0) * along
    return np.sqrt(gap[0] ** 2 + gap[1] ** 2 + gap[2] ** 2)
