# profile: capx
# task: libero_object_swap/7
# kinds: 2, 6
# outcome: passes
import numpy as np
import viser.transforms as vtf
import os

use_multiview = False
name = "milk carton"
target = "woven basket"
DOWN = np.array([0.0, 1.0, 0.0, 0.0])

open_gripper()
goto_home_joint_position()

found = get_object_3d_points_and_masks_from_language(name, use_multiview=use_multiview)
assert found["wrist_mask"] is None
pts = found["points_3d"]
print("points", pts.shape[1], "score ok", float(found["agentview_score"]) > 0)
box = get_oriented_bounding_box_from_3d_points(pts)
center = np.asarray(box["center"]).copy()
top = np.percentile(pts[:, 2], 95)

# the carton is tall: hold it four centimetres below its top
grasp = np.array([center[0], center[1], top - 0.04])
goto_pose(grasp, DOWN, z_approach=0.12)
close_gripper()
goto_pose(grasp + np.array([0, 0, 0.28]), DOWN)

goal = get_object_3d_points_and_masks_from_language(target, use_multiview=use_multiview)
cloud = goal["points_3d"]
xy = 0.5 * (np.percentile(cloud[:, :2], 4, axis=0) + np.percentile(cloud[:, :2], 96, axis=0))
rim = float(np.percentile(cloud[:, 2], 95))
above = np.array([xy[0], xy[1], rim + 0.12])
goto_pose(above, DOWN)
open_gripper()
