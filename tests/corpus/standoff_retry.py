"""Stand beside an object: directions of approach that are blocked are refused, so others are tried in turn."""

import math

import numpy as np

NAME = "salad dressing"
STANDOFF = 0.10
NEAR_ENOUGH = 0.15


def safe_move(pose, label):
    """Move the hand to [x, y, z, facing]; truthy when it moved."""
    x, y, z, facing = pose
    quaternion = [0.0, math.cos(facing / 2), math.sin(facing / 2), 0.0]
    moved = goto_pose([x, y, z], quaternion, avoid_collisions=True)
    print(f"{label}: {moved.status} {moved.message}")
    return moved


def dist_to(xy):
    """Horizontal distance of the fingertips to a place."""
    here, _ = get_eef_pose()
    return float(np.linalg.norm(here[:2] - np.asarray(xy)))


position, _ = get_object_pose(NAME)
close_gripper()
target = position[:2]
for degrees in [180, -90, 90, -45, 45]:
    angle = math.radians(degrees)
    stand = target + STANDOFF * np.array([math.cos(angle), math.sin(angle)])
    facing = angle + math.pi if degrees < 0 else angle
    if safe_move([stand[0], stand[1], 0.05, facing], f"standoff {degrees}") and dist_to(target) < NEAR_ENOUGH:
        print(f"stands {dist_to(target):.2f} m from the {NAME}")
        break
else:
    print("every direction is blocked")
