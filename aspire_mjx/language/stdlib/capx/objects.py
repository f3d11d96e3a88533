"""Things by name in CaP-X's high-level LIBERO API."""


def get_oriented_bounding_box_from_3d_points(points):
    """The box of the native function, with its orientation as a unit quaternion beside the matrix."""
    box = native.get_oriented_bounding_box_from_3d_points(points)
    box["quaternion_wxyz"] = rotation_matrix_to_quaternion(box["R"])
    return box


def get_object_pose(object_name, use_multiview=True):
    """Centre (3,) of the box around a thing, and its orientation as a hand's, z down; (None, None) where unseen.

    The box is around the points of both cameras where the wrist camera sees it too.
    """
    if use_multiview:
        seen = _views(get_observation(), object_name)
        if seen is None:
            return None, None
        if seen["wrist_mask"] is not None:
            points, _ = filter_noise(seen["points_3d"])
            if len(points) > 3:
                box = get_oriented_bounding_box_from_3d_points(points)
                return box["center"], _downwards(box["quaternion_wxyz"])
    center, quaternion, _ = _box(object_name)
    return (None, None) if center is None else (center, _downwards(quaternion))


def sample_grasp_pose(object_name, use_multiview=True):
    """Fingertip point (3,) and orientation (4,) of a grasp from above; ValueError where the thing is unseen.

    It is planned on the points of both cameras where the wrist camera sees the thing too.
    """
    position, quaternion = _grasp_of_both(object_name) if use_multiview else (None, None)
    if position is None:
        position, quaternion = _grasp(object_name)
    if position is None:
        raise ValueError(f"Could not segment object '{object_name}'")
    return position, quaternion


def get_object_3d_points_and_masks_from_language(text_prompt, use_multiview=True):
    """Masks, scores and points (K, 3) in the base frame of a thing, from both cameras where they agree within 1 cm."""
    seen = _views(get_observation(), text_prompt, use_multiview)
    if seen is None:
        raise ValueError(f"SAM3 segmentation failed for '{text_prompt}' on agentview. No masks returned.")
    return seen


def _views(obs, text_prompt, use_multiview=True):
    """The dict of get_object_3d_points_and_masks_from_language; None where the fixed camera does not see the thing."""
    import numpy as np

    from aspire_mjx.language.clouds import gap

    words = text_prompt.replace("_", " ")
    mask, score, points = _view(obs, "agentview", words)
    if mask is None:
        return None
    together, wrist_mask, wrist_score, wrist_points = points, None, None, None
    if use_multiview:
        wrist_mask, wrist_score, wrist_points = _view(obs, "robot0_eye_in_hand", words)
    if wrist_points is not None and len(wrist_points) > 0:
        if len(points) < 1:
            together = wrist_points
        elif gap(points, wrist_points) < 0.01:
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


def _grasp_of_both(object_name):
    """The best grasp that the arm reaches in the clouds of both cameras; (None, None) where the wrist adds nothing."""
    import numpy as np

    obs = get_observation()
    seen = _views(obs, object_name)
    if seen is None or seen["wrist_mask"] is None:
        return None, None
    thing, _ = filter_noise(seen["points_3d"])
    clouds = []
    for camera in ("agentview", "robot0_eye_in_hand"):
        depth = _flat_image(obs[camera]["images"]["depth"])
        clouds.append(mask_to_world_points(depth > 0, depth, obs[camera]["intrinsics"], obs[camera]["pose_mat"]))
    try:
        poses, scores = plan_grasp_from_point_clouds(np.concatenate(clouds), thing)
    except AssertionError:
        return None, None
    best, score = native.select_top_down_grasp(poses, scores, np.eye(4))
    return decompose_transform(best) if best is not None and score > 0 else (None, None)
