"""Looks that are repeated: at once, or after the arm has gone out of the way."""


def look_again_for_grasp(name):
    """Look; when nothing is found, get out of the way and look again."""
    look = sample_grasp_pose(name)
    for attempt in range(3):
        if look:
            return look
        if attempt == 0:
            goto_home_joint_position()
        wait(0.1)
        look = sample_grasp_pose(name)
    return look


def look_again_for_place(name, return_bbox_extent=False):
    """Look; when nothing is found, get out of the way and look again."""
    look = get_object_pose(name, return_bbox_extent=return_bbox_extent)
    for attempt in range(3):
        if look:
            return look
        if attempt == 0:
            goto_home_joint_position()
        wait(0.1)
        look = get_object_pose(name, return_bbox_extent=return_bbox_extent)
    return look


def steady_grasp_look(name):
    """Look several times; outliers do not move the median."""
    import numpy as np

    looks = [sample_grasp_pose(name) for _ in range(5)]
    found = [look for look in looks if look]
    if len(found) == 0:
        return looks[0]
    middle = np.median(np.array([look.position for look in found]), axis=0)
    return min(found, key=lambda look: np.linalg.norm(look.position - middle))


def steady_place_look(name, return_bbox_extent=False):
    """Look several times; outliers do not move the median."""
    import numpy as np

    looks = [get_object_pose(name, return_bbox_extent=return_bbox_extent) for _ in range(5)]
    found = [look for look in looks if look]
    if len(found) == 0:
        return looks[0]
    middle = np.median(np.array([look.position for look in found]), axis=0)
    return min(found, key=lambda look: np.linalg.norm(look.position - middle))
