# profile: capx
# task: libero_goal/6
# kinds: 4, 5, 7
# outcome: passes
import numpy as np

for name in ("metal_bowl", "bowl"):
    bowl, _ = get_object_pose(name)
    if bowl is not None:
        break
cheese, quat = sample_grasp_pose("cream_cheese")
open_gripper()
goto_pose(cheese, quat, z_approach=0.12)
close_gripper()
goto_pose(cheese + np.array([0, 0, 0.2]), quat)
over = bowl + np.array([0, 0, 0.15])
goto_pose(over, quat)
goto_pose(bowl + np.array([0, 0, 0.045]), quat)
open_gripper()
goto_pose(over, quat)
