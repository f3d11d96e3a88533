"""Things by name in CaP-X's high-level LIBERO API."""


def get_oriented_bounding_box_from_3d_points(points):
    """The box of the native function, with its orientation as a unit quaternion beside the matrix."""
    box = native.get_oriented_bounding_box_from_3d_points(points)
    box["quaternion_wxyz"] = rotation_matrix_to_quaternion(box["R"])
    return box


def get_object_pose(object_name, use_multiview=True):
    """Centre (3,) of the box around a thing, and its orientation as a hand's, z down; (None, None) where unseen."""
    center, quaternion, _ = _box(object_name)
    return (None, None) if center is None else (center, _downwards(quaternion))


def sample_grasp_pose(object_name, use_multiview=True):
    """Fingertip point (3,) and orientation (4,) of a grasp from above; ValueError where the thing is unseen."""
    position, quaternion = _grasp(object_name)
    if position is None:
        raise ValueError(f"Could not segment object '{object_name}'")
    return position, quaternion


def get_object_3d_points_and_masks_from_language(text_prompt, use_multiview=True):
    """Masks, scores and points (K, 3) in the base frame of a thing, from both cameras where they agree within 1 cm."""
    import numpy as np

    words, obs = text_prompt.replace("_", " "), get_observation()
    mask, score, points = _view(obs, "agentview", words)
    if mask is None:
        raise ValueError(f"SAM3 segmentation failed for '{text_prompt}' on agentview. No masks returned.")
    together, wrist_mask, wrist_score, wrist_points = points, None, None, None
    if use_multiview:
        wrist_mask, wrist_score, wrist_points = _view(obs, "robot0_eye_in_hand", words)
    if wrist_points is not None and len(wrist_points) > 0:
        apart = 0.0
        if len(points) > 0:
            before, behind = (
                points.min(axis=0) - wrist_points.max(axis=0),
                wrist_points.min(axis=0) - points.max(axis=0),
            )
            apart = np.maximum(before, behind).max()
        if apart < 0.01:
            together = np.concatenate([points, wrist_points])
        elif wrist_score > score:
            together = wrist_points
    return {
        "agentview_mask": mask,
        "wrist_mask": wrist_mask,
        "points_3d": together,
        "agentview_points_3d": points,
        "wrist_points_3d": wrist_points,
        "agentview_score": score,
        "wrist_score": wrist_score,
    }
