# profile: capx_robosuite
# task: libero_goal/6
# kinds: 4, 5
# outcome: passes
# Stack with extents: the packet into the bowl, released where it just touches.
import numpy as np

bowl_pos, _, bowl_ext = get_object_pose("black bowl", return_bbox_extent=True)
cheese_pos, _, cheese_ext = get_object_pose("cream cheese", return_bbox_extent=True)
try:
    pick_pos, pick_quat = sample_grasp_pose("cream cheese")
except ValueError:
    pick_pos, pick_quat = sample_grasp_pose("cream cheese box")

open_gripper()
goto_pose(pick_pos, pick_quat, z_approach=0.1)
close_gripper()
lift_pos = pick_pos.copy()
lift_pos[2] += 0.2
goto_pose(lift_pos, pick_quat)

place_pos = bowl_pos.copy()
place_pos[2] = bowl_pos[2] + bowl_ext[2] / 2 + cheese_ext[2] / 2
goto_pose(place_pos, pick_quat, z_approach=0.1)
open_gripper()
place_pos[2] += 0.1
goto_pose(place_pos, pick_quat)
home_pose()
