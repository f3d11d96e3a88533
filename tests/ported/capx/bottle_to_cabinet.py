# profile: capx
# task: libero_goal/2
# kinds: 2, 4, 5
# outcome: passes
import numpy as np

wine = get_object_3d_points_and_masks_from_language("wine_bottle", use_multiview=False)["points_3d"]
cab = get_object_3d_points_and_masks_from_language("cabinet", use_multiview=False)["points_3d"]
foot = np.quantile(wine[:, 2], 0.02)
top = np.quantile(cab[:, 2], 0.95)
lid = cab[np.abs(cab[:, 2] - top) < 0.015]
goal = np.mean(np.quantile(lid[:, :2], [0.05, 0.95], axis=0), axis=0)

grasp_pos, grasp_quat = sample_grasp_pose("wine_bottle")
hang = grasp_pos[2] - foot
open_gripper()
goto_pose(grasp_pos, grasp_quat, z_approach=0.1)
close_gripper()
for point in (
    np.array([grasp_pos[0], grasp_pos[1], top + hang + 0.08]),
    np.array([goal[0], goal[1], top + hang + 0.08]),
    np.array([goal[0], goal[1], top + hang + 0.01]),
):
    goto_pose(point, grasp_quat)
open_gripper()
goto_home_joint_position()
