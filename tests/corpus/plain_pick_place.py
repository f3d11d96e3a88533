import numpy as np

open_gripper()
pos, quat = sample_grasp_pose("alphabet soup")
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
lift = pos.copy()
lift[2] += 0.2
goto_pose(lift, quat)
place, place_quat = get_object_pose("basket")
drop = place + np.array([0.0, 0.0, 0.15])
goto_pose(drop, quat)
open_gripper()
goto_home_joint_position()
# api: native
