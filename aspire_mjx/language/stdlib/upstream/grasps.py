"""Grasps with the answers of CaP-X: at least one, or an AssertionError."""


def plan_grasp(depth, intrinsics, segmentation):
    """Grasps of the masked thing: hands (K, 4, 4) in the camera frame, and scores (K,), the best first."""
    grasps, scores = native.plan_grasp(depth, intrinsics, segmentation)
    assert len(grasps) > 0, "No grasp candidates found"
    return grasps, scores


def plan_grasp_from_point_clouds(pc_full, pc_segment):
    """Grasps of a thing from its points and all points (N, 3), z up: hands (K, 4, 4) in that frame, scores (K,)."""
    import numpy as np

    thing, around = np.asarray(pc_segment, dtype=float), np.asarray(pc_full, dtype=float)
    assert len(thing) > 0, "No grasp candidates found"
    thing = thing[:: max(len(thing) // 2000, 1)]
    around = around[np.abs(around[:, :2] - thing[:, :2].mean(axis=0)).max(axis=1) < 0.35]
    around = around[:: max(len(around) // 4000, 1)]
    low, high = thing.min(axis=0) - 0.01, thing.max(axis=0) + 0.01
    rest = around[((around < low) | (around > high)).any(axis=1)]
    grasps, scores = _grasps_among(thing, rest, np.array([0.0, 0.0, 1000.0]), np.array([0.0, 1.0, 0.0]))
    assert len(grasps) > 0, "No grasp candidates found"
    return grasps, scores


def select_top_down_grasp(grasps, scores, cam_to_world, vertical_threshold=0.8):
    """Of grasps (K, 4, 4) in the camera frame, the best that points down by more than the threshold, and its score.

    (None, -inf) where none does. The pose (4, 4) is in the robot's base frame.
    """
    import numpy as np

    for i in np.argsort(-np.asarray(scores, dtype=float), kind="stable"):
        world = np.asarray(cam_to_world, dtype=float) @ np.asarray(grasps[i], dtype=float)
        if -world[2, 2] > vertical_threshold:
            return world, scores[i]
    return None, -np.inf
