"""What the cameras see of a thing by name: of several alike, the one with the best score."""


def _view(obs, camera, words):
    """Mask, score and points (K, 3) in the base frame of what fits the words best; None thrice if nothing does."""
    seen = obs[camera]
    found = segment_sam3_text_prompt(seen["images"]["rgb"], words)
    if not found:
        return None, None, None
    mask = found[0]["mask"]
    points = mask_to_world_points(mask, seen["images"]["depth"], seen["intrinsics"], seen["pose_mat"])
    return mask, found[0]["score"], points


def _best_box(words):
    """Centre (3,), orientation (4,), z up, and side lengths (3,) of the best-scored thing; None thrice if unseen."""
    _, _, points = _view(get_observation(), "agentview", words)
    if points is None or len(points) < 12:
        return None, None, None
    box = get_oriented_bounding_box_from_3d_points(points)
    return box["center"], rotation_matrix_to_quaternion(box["R"]), box["extent"]


def _box(object_name):
    """The box around a thing as three values, or three times None where it is unseen."""
    words = object_name.replace("_", " ")
    seen = native.get_object_pose(words)
    if seen.status == "AMBIGUOUS":
        return _best_box(words)
    if not seen:
        return None, None, None
    return seen.position, seen.quaternion_wxyz, seen.extent


def _grasp(object_name):
    """Fingertip point (3,) and orientation (4,) of the best grasp from above, or twice None where the thing is unseen.

    The best of plan_grasp that the arm reaches, such as the wall of a bowl; where it has none, across the middle.
    """
    words, view = object_name.replace("_", " "), get_observation()["agentview"]
    found = segment_sam3_text_prompt(view["images"]["rgb"], words)
    if not found:
        return None, None
    poses, scores = native.plan_grasp(view["images"]["depth"], view["intrinsics"], found[0]["mask"])
    best, score = native.select_top_down_grasp(poses, scores, view["pose_mat"])
    if best is not None and score > 0:
        return decompose_transform(best)
    across = native.sample_grasp_pose(words)
    if across:
        return across.position, across.quaternion_wxyz
    return (None, None) if best is None else decompose_transform(best)


def _downwards(quaternion):
    """The orientation (4,) of a hand that points down and closes across the shorter side of a box that is z up."""
    import numpy as np

    w, x, y, z = quaternion
    return np.array([-y, -z, w, x])
