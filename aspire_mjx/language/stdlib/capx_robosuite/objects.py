"""Things by name in CaP-X's robosuite API."""


def get_object_pose(object_name, return_bbox_extent=False):
    """Centre (3,), orientation (4,) and, when asked for, side lengths (3,) of the box around a thing: three values."""
    center, quaternion, extent = _box(object_name)
    if center is None:
        raise ValueError(f"No sam3 detections of '{object_name}'")
    return center, quaternion, extent if return_bbox_extent else None


def sample_grasp_pose(object_name):
    """Fingertip point (3,) and orientation (4,) of a grasp from above; ValueError where the thing is unseen."""
    position, quaternion = _grasp(object_name)
    if position is None:
        raise ValueError(f"No sam3 detections of '{object_name}'")
    return position, quaternion
