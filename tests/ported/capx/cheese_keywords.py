# profile: capx
# task: libero_object/1
# kinds: 5, 6
# outcome: passes
import numpy as np

where, orientation = get_object_pose(object_name="cream_cheese", use_multiview=False)
if where is None:
    raise RuntimeError("cheese hidden")
grasp_position, grasp_orientation = sample_grasp_pose(object_name="cream_cheese", use_multiview=False)
basket_position, _ = get_object_pose(object_name="basket", use_multiview=False)

open_gripper()
goto_pose(position=grasp_position, quaternion_wxyz=grasp_orientation, z_approach=0.1)
close_gripper()
high = max(grasp_position[2], basket_position[2]) + 0.2
goto_pose(position=np.append(grasp_position[:2], high), quaternion_wxyz=grasp_orientation)
goto_pose(position=np.append(basket_position[:2], high), quaternion_wxyz=grasp_orientation)
goto_pose(position=np.append(basket_position[:2], high - 0.09), quaternion_wxyz=grasp_orientation, z_approach=0.0)
open_gripper()
