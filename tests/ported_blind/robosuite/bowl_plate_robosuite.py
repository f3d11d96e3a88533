# profile: capx_robosuite
# task: libero_goal/8
# kinds: 4, 5
# outcome: passes
import numpy as np

# Bowl on plate, robosuite-style API: get_object_pose always gives three values.
bowl_pos, _, bowl_ext = get_object_pose("black bowl", return_bbox_extent=True)
plate_pos, _, plate_ext = get_object_pose("plate", return_bbox_extent=True)
print("bowl extent", np.round(np.sort(bowl_ext), 2), "plate extent", np.round(np.sort(plate_ext), 2))

open_gripper()
pick_pos, pick_quat = sample_grasp_pose("black bowl")
goto_pose(pick_pos, pick_quat, z_approach=0.1)
close_gripper()

post_pick = pick_pos.copy()
post_pick[2] += 0.2
goto_pose(post_pick, pick_quat)

# The gripper holds the rim, so keep the offset between the rim and the middle of the bowl.
shift = pick_pos[:2] - bowl_pos[:2]
place = np.array([plate_pos[0] + shift[0], plate_pos[1] + shift[1], pick_pos[2] + 0.02])
goto_pose(place, pick_quat, z_approach=0.1)
open_gripper()

retreat = place.copy()
retreat[2] += 0.15
goto_pose(retreat, pick_quat)
