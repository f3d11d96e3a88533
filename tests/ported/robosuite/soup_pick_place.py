# profile: capx_robosuite
# task: libero_object/0
# kinds: 4, 5
# outcome: passes
import numpy as np

_, _, can_extent = get_object_pose("alphabet soup can", return_bbox_extent=True)
basket_pos, _, basket_extent = get_object_pose("basket", return_bbox_extent=True)

pick_pos, pick_quat = sample_grasp_pose("alphabet soup can")
open_gripper()
goto_pose(pick_pos, pick_quat, z_approach=0.1)
close_gripper()
breakpoint_code_block()

post = pick_pos.copy()
post[2] += 0.25
goto_pose(post, pick_quat)
place = np.array([basket_pos[0], basket_pos[1], basket_pos[2] + basket_extent[2] / 2 + can_extent[2] / 2 + 0.02])
goto_pose(place, pick_quat, z_approach=0.1)
open_gripper()
place[2] += 0.1
goto_pose(place, np.array([0.0, 0.0, 1.0, 0.0]))
