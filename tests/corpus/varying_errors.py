"""Goes wrong in some lanes: each kind of uncaught error has its own line and its own varying cause."""
import math

import numpy as np


def table_lookup(width: float) -> str:
    """Name of a size class; the table is too short for wide objects."""
    names = ["tiny", "small", "medium"]
    return names[int(width * 20)]


def inverse(x: float) -> float:
    return 1.0 / (round(x * 10) - 1)


def normalised(v):
    """Unit vector; complains about short ones."""
    norm = np.linalg.norm(v)
    if norm < 0.15:
        raise ValueError(f"vector {np.round(v, 3).tolist()} is too short: {norm:.3f}")
    return v / norm


width = get_gripper_width()
print("size", table_lookup(width))
print("inverse", round(inverse(width), 3))
pose = get_object_pose("milk")
if not pose:
    settings = {"retries": {"OK": 0, "NOT_FOUND": 2}}
    print("retries", settings["retries"][pose.status])
    pose = get_object_pose("milk carton")
position, quat = pose
direction = normalised(position)
print(np.round(direction, 3))
assert position[2] < 0.25, f"{position[2]:.3f} is too high"
heights = [0.1, 0.2, 0.3]
level = heights.index(round(float(position[2]), 1))
root = math.sqrt(position[0] - 0.03 * level)
print("root", f"{root:.3f}")
joints = solve_ik(position, quat)
move_to_joints(joints)
goto_pose(position / (level - 1), quat)
print("end")
