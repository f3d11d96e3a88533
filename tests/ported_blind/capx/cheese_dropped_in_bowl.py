# profile: capx
# task: libero_goal/6
# kinds: 4
# outcome: passes
import numpy as np

print(env.handle.task_language)
bowl_pos, bowl_quat = get_object_pose("black_bowl")
print(f"bowl at {bowl_pos}")
grasp_pos, grasp_quat = sample_grasp_pose("cream_cheese_box")
print(f"grasp at {grasp_pos}")

open_gripper()
goto_pose(grasp_pos, grasp_quat, z_approach=0.1)
close_gripper()
goto_pose(grasp_pos + np.array([0.0, 0.0, 0.15]), grasp_quat)
above = np.array([bowl_pos[0], bowl_pos[1], grasp_pos[2] + 0.15])
goto_pose(above, grasp_quat)
goto_pose(np.array([bowl_pos[0], bowl_pos[1], bowl_pos[2] + 0.05]), grasp_quat)
open_gripper()
goto_pose(above, grasp_quat)
