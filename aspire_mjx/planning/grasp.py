"""Top-down grasps from upright boxes, as fitted to an object's visible points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aspire_mjx import geometry

LARGEST_WIDTH = 0.08  #: m that the fingers open
LEAST_DEPTH = 0.012  #: m that the fingertips reach below the object's top, so that the pads hold something
MOST_DEPTH = 0.030  #: m; the palm is 0.037 above the fingertip point and must not touch the top
FLOOR_CLEARANCE = 0.012  #: m of the fingertip point above the support: the pads reach 9 mm beyond that point
SQUARE = 0.005  #: m; sides that differ by less are taken as equal, and the hand chooses between them by its wrist

_DOWN = np.array([0.0, 1.0, 0.0, 0.0])  # hand z down, hand x along base x


@dataclass(frozen=True)
class GraspPose:
    """Top-down grasps of ``N`` boxes, in the frame of the boxes (the robot base frame)."""

    position: np.ndarray  #: [N, 3] m, the point between the fingertips
    quaternion: np.ndarray  #: [N, 4] wxyz of the hand: z down, the fingers close along its y axis
    width: np.ndarray  #: [N] m, the box's side between the fingers


def top_down(
    position: np.ndarray, yaw: np.ndarray, extent: np.ndarray, *, support_height: float | np.ndarray
) -> GraspPose:
    """Grasp upright boxes from straight above.

    The fingers close across the narrower horizontal side. Of the two hand yaws that do so, the one within 90 degrees
    of the *neutral wrist* is taken: the hand's x axis along the line from the base to the box, where joint 7 stands
    at its home angle; so joint 7 stays between -45 and 135 degrees.

    The fingertips go to the box's centre height, but at least ``LEAST_DEPTH`` and at most ``MOST_DEPTH`` below its
    top, and never closer than ``FLOOR_CLEARANCE`` to the support (which wins).

    Args:
        position: ``[N, 3]`` m, centres of the boxes in the robot base frame.
        yaw: ``[N]`` rad, of the boxes' x axes.
        extent: ``[N, 3]`` m, side lengths.
        support_height: m in the base frame, of what the boxes stand on, one number or ``[N]``.
    """
    position, yaw, extent = (np.asarray(a, np.float64) for a in (position, yaw, extent))
    depth = np.clip(0.5 * extent[:, 2], LEAST_DEPTH, MOST_DEPTH)
    height = np.maximum(position[:, 2] + 0.5 * extent[:, 2] - depth, support_height + FLOOR_CLEARANCE)

    neutral = np.arctan2(position[:, 1], position[:, 0])
    across_y = geometry.wrap_angle(yaw - neutral, period=np.pi)  # turn from neutral that closes along the box's y
    across_x = geometry.wrap_angle(yaw + 0.5 * np.pi - neutral, period=np.pi)
    longer = extent[:, 0] - extent[:, 1]
    square = (np.abs(longer) < SQUARE) & (extent[:, :2].max(-1) < LARGEST_WIDTH)
    use_x = np.where(square, np.abs(across_x) < np.abs(across_y), longer < 0)
    hand_yaw = neutral + np.where(use_x, across_x, across_y)
    width = np.where(use_x, extent[:, 0], extent[:, 1])
    return GraspPose(
        np.concatenate([position[:, :2], height[:, None]], axis=1),
        geometry.multiply(geometry.from_yaw(hand_yaw), _DOWN),
        width,
    )
