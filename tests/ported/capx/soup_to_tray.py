# profile: capx
# task: libero_90/55
# kinds: 4, 5
# outcome: passes
import numpy as np

tray_pos, tray_quat = get_object_pose("tray")
pick_pos, pick_quat = sample_grasp_pose("alphabet_soup")

open_gripper()
goto_pose(pick_pos, pick_quat, z_approach=0.15)
close_gripper()

# Do not move sideways near the table.
travel = max(pick_pos[2], tray_pos[2]) + 0.2
path = [
    np.array([pick_pos[0], pick_pos[1], travel]),
    np.array([0.5 * (pick_pos[0] + tray_pos[0]), 0.5 * (pick_pos[1] + tray_pos[1]), travel]),
    np.array([tray_pos[0], tray_pos[1], travel]),
]
for p in path:
    goto_pose(p, pick_quat)
goto_pose(np.array([tray_pos[0], tray_pos[1], pick_pos[2] + 0.03]), pick_quat)
open_gripper()
goto_pose(path[-1], pick_quat)
goto_home_joint_position()
