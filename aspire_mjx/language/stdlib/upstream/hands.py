"""Where the hand goes, with the answers of CaP-X: joint angles are an array, and a target out of reach has a stand-in.

``native.name`` is the primitive or the function that ``name`` is without a profile.
"""


def _pose_of(position, quaternion_wxyz):
    """A position (3,) and a unit quaternion (4,) of whatever has as many numbers."""
    import numpy as np

    quaternion = np.asarray(quaternion_wxyz, dtype=float).reshape(4)
    return np.asarray(position, dtype=float).reshape(3), quaternion / np.linalg.norm(quaternion)


def _in_workspace(position):
    """The point of the workspace that is closest to a position."""
    import numpy as np

    return np.clip(position, [-0.1, -0.5, 0.005], [0.75, 0.5, 0.9])


def solve_ik(position, quaternion_wxyz):
    """Joint angles (7,) for the fingertip point in the workspace: as asked, the closest, or with another orientation.

    RuntimeError when no orientation is within reach.
    """
    position, quaternion = _pose_of(position, quaternion_wxyz)
    target = _in_workspace(position)
    asked = native.solve_ik(target, quaternion)
    if asked:
        return asked.joints
    if asked.position_error < 0.05 and asked.rotation_error < 0.35:
        return asked.closest
    half = 0.5**0.5
    for down_tilted_sideways in [[0, 1, 0, 0], [half, half, 0, 0], [half, 0, half, 0]]:
        found = native.solve_ik(target, down_tilted_sideways)
        if found:
            return found.joints
    raise RuntimeError(f"IK failed for position {target} with all orientation fallbacks")


def move_to_joints(joints):
    """Move to joint angles (7,), those beyond a joint's limits to the limit."""
    import numpy as np

    low = [-2.8973, -1.7628, -2.8973, -3.0718, -2.8973, -0.0175, -2.8973]
    high = [2.8973, 1.7628, 2.8973, -0.0698, 2.8973, 3.7525, 2.8973]
    return native.move_to_joints(np.clip(np.asarray(joints, dtype=float).reshape(7), low, high))


def goto_pose(position, quaternion_wxyz, z_approach=0.0):
    """Move the fingertip point to a pose in the workspace, with ``z_approach`` above 0 first that far above it.

    A pose out of reach: to where solve_ik says, and the result is not true. One at which the arm would touch itself or
    the surface is gone to all the same.
    """
    position, quaternion = _pose_of(position, quaternion_wxyz)
    target, rise = _in_workspace(position), [0.0, 0.0, max(z_approach, 0.0)]
    above = _in_workspace(target + rise)
    moved = native.goto_pose(target, quaternion, above[2] - target[2])
    if moved.status not in ("IK_INFEASIBLE", "IN_COLLISION"):
        return moved
    if rise[2] > 0:
        native.move_to_joints(solve_ik(above, quaternion))
    there = native.move_to_joints(solve_ik(target, quaternion))
    return there if moved.status == "IN_COLLISION" else moved


def breakpoint_code_block():
    """Nothing: it marks a place in the program."""
