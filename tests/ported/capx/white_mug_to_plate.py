# profile: capx
# task: libero_90/72
# kinds: 2, 5, 7
# outcome: passes
import numpy as np

plate, _ = get_object_pose("plate")
seen = get_object_3d_points_and_masks_from_language("white mug", use_multiview=False)
points = seen["agentview_points_3d"]
# The mug's axis: the middle of the upper third of its points, without the handle's few.
upper = points[points[:, 2] > np.quantile(points[:, 2], 0.66)]
axis = np.mean(np.quantile(upper[:, :2], [0.04, 0.96], axis=0), axis=0)
pos, quat = sample_grasp_pose("white mug")
shift = pos[:2] - axis
open_gripper()
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
goto_pose(pos + np.array([0, 0, 0.16]), quat)
goal = plate[:2] + shift
goto_pose(np.array([goal[0], goal[1], pos[2] + 0.16]), quat)
goto_pose(np.array([goal[0], goal[1], pos[2] + 0.015]), quat)
open_gripper()
goto_home_joint_position()
