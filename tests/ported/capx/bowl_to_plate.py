# profile: capx
# task: libero_90/9
# kinds: 4, 5
# outcome: passes
import numpy as np

plate, _ = get_object_pose("plate")
bowl, _ = get_object_pose("black_bowl")
grasp, quat = sample_grasp_pose("black_bowl")
# The grasp is at the rim: carry its distance from the bowl's middle along.
offset = grasp - bowl
open_gripper()
goto_pose(grasp, quat, z_approach=0.1)
close_gripper()
goto_pose(grasp + np.array([0.0, 0.0, 0.18]), quat)
goto_pose(np.array([plate[0] + offset[0], plate[1] + offset[1], grasp[2] + 0.18]), quat)
goto_pose(np.array([plate[0] + offset[0], plate[1] + offset[1], grasp[2] + 0.02]), quat)
open_gripper()
goto_home_joint_position()
