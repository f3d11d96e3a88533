# profile: capx
# task: libero_object/8
# kinds: 5, 7
# outcome: passes
import numpy as np

object_name = "chocolate_pudding_box"
target_name = "woven_basket"
use_multiview = True

open_gripper()
grasp_pos, grasp_quat = sample_grasp_pose(object_name, use_multiview=use_multiview)
goto_pose(grasp_pos, grasp_quat, z_approach=0.1)
close_gripper()
lifted = grasp_pos + np.array([0.0, 0.0, 0.2])
goto_pose(lifted, grasp_quat)

basket_pos, _ = get_object_pose(target_name, use_multiview=use_multiview)
down = np.array([0.0, 1.0, 0.0, 0.0])
goto_pose(basket_pos + np.array([0.0, 0.0, 0.1]), down, z_approach=0.1)
open_gripper()
