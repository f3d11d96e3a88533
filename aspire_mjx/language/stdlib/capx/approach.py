"""Where the hand goes in CaP-X's high-level API: approaches are along the hand's own axis."""


def goto_pose(position, quaternion_wxyz, z_approach=0.0):
    """Move the fingertip point to a pose; ``z_approach`` other than 0: first that far back along the hand's axis.

    A pose out of reach: to the closest joint angles, and the result is not true.
    """
    import numpy as np

    position, quaternion = _pose_of(position, quaternion_wxyz)
    w, x, y, z = quaternion
    axis = np.array([2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)])
    if z_approach == 0 or axis[2] < -0.9998 and z_approach > 0:
        return _to_closest(position, quaternion, z_approach)
    _to_closest(position - z_approach * axis, quaternion, 0.0)
    return _to_closest(position, quaternion, 0.0)


def _to_closest(position, quaternion, rise):
    """The result of going to a pose; out of reach, or where the arm would touch itself, to the closest joint angles."""
    moved = native.goto_pose(position, quaternion, rise)
    if moved.status not in ("IK_INFEASIBLE", "IN_COLLISION"):
        return moved
    there = native.move_to_joints(native.solve_ik(position, quaternion).closest)
    return there if moved.status == "IN_COLLISION" else moved
