# profile: capx_robosuite
# task: libero_goal/6
# kinds: 4, 5
# outcome: passes
import numpy as np

home_pose()
cheese_pos, _, cheese_ext = get_object_pose("cream cheese box", return_bbox_extent=True)
bowl_pos, _, unused = get_object_pose("black bowl")
assert unused is None

pick_pos, pick_quat = sample_grasp_pose("cream cheese box")
open_gripper()
goto_pose(pick_pos, pick_quat, z_approach=0.1)
close_gripper()

safe = pick_pos + np.array([0.0, 0.0, 0.2])
goto_pose(safe, pick_quat)

# keep the part of the box that the hand holds over the middle of the bowl
off = pick_pos[:2] - cheese_pos[:2]
place = bowl_pos.copy()
place[:2] += off
place[2] = bowl_pos[2] + 0.045
goto_pose(place, pick_quat, z_approach=0.1)
open_gripper()
goto_pose(place + np.array([0.0, 0.0, 0.15]), pick_quat)
home_pose()
