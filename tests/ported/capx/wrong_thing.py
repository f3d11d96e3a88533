# profile: capx
# task: libero_object/7
# kinds: 5
# outcome: fails
# Carries the wrong thing (the task asks for the milk).
import numpy as np

basket, _ = get_object_pose("basket")
pos, quat = sample_grasp_pose("orange_juice")
open_gripper()
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
goto_pose(pos + np.array([0, 0, 0.22]), quat)
goto_pose(np.array([basket[0], basket[1], pos[2] + 0.22]), quat)
goto_pose(np.array([basket[0], basket[1], pos[2] + 0.12]), quat)
open_gripper()
