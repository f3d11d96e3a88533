# profile: capx
# task: libero_object/2
# kinds: 2, 3, 6
# outcome: passes
import numpy as np
from scipy.spatial.transform import Rotation as R


def top_down_grasp(box):
    """Straight down over the box, fingers across its narrower horizontal side."""
    axes = np.asarray(box["R"])
    extent = np.asarray(box["extent"])
    level = [i for i in range(3) if abs(axes[2, i]) < 0.8]
    narrow = axes[:, level[int(np.argmin(extent[level]))]]
    angle = np.arctan2(narrow[1], narrow[0]) - np.pi / 2
    if angle < -np.pi / 2:
        angle += np.pi
    q = (R.from_euler("z", angle) * R.from_euler("x", np.pi)).as_quat()
    return np.array(box["center"]), np.array([q[3], q[0], q[1], q[2]])


seen = get_object_3d_points_and_masks_from_language("salad_dressing", use_multiview=False)
points, _ = filter_noise(seen["points_3d"])
if len(points) < 20:
    points = seen["points_3d"]
print(sorted(k for k in seen if k.endswith("mask")), seen["wrist_mask"] is None, float(seen["agentview_score"]) > 0.2)

box = get_oriented_bounding_box_from_3d_points(points)
pos, quat = top_down_grasp(box)
goal = get_object_3d_points_and_masks_from_language("basket", use_multiview=False)["points_3d"]
goal = get_oriented_bounding_box_from_3d_points(goal)["center"]

open_gripper()
goto_pose(pos, quat, z_approach=0.12)
close_gripper()
goto_pose(pos + np.array([0, 0, 0.22]), quat)
goto_pose(np.array([goal[0], goal[1], pos[2] + 0.22]), quat)
goto_pose(np.array([goal[0], goal[1], pos[2] + 0.13]), quat)
open_gripper()
