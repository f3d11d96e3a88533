# profile: capx
# task: libero_object/0
# kinds: 4, 5, 6
# outcome: passes
import numpy as np

# Where the basket is; its orientation does not matter.
basket_pos, _ = get_object_pose("basket")

# A grasp for the can, with its own orientation.
grasp_pos, grasp_quat = sample_grasp_pose("alphabet_soup")

open_gripper()
goto_pose(grasp_pos, grasp_quat, z_approach=0.1)
goto_pose(grasp_pos, grasp_quat)
close_gripper()

# Up, over the basket, a little lower, let go.
goto_pose(grasp_pos + np.array([0.0, 0.0, 0.25]), grasp_quat)
over = np.array([basket_pos[0], basket_pos[1], basket_pos[2] + 0.25])
goto_pose(over, grasp_quat)
goto_pose(over - np.array([0.0, 0.0, 0.1]), grasp_quat)
open_gripper()
goto_home_joint_position()
