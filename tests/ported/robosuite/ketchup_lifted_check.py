# profile: capx_robosuite
# task: libero_90/48
# kinds: 4, 5, 6
# outcome: passes
import numpy as np

thing, container = "ketchup", "basket"
rest, _, extent = get_object_pose(object_name=container, return_bbox_extent=True)
for attempt in range(3):
    home_pose()
    open_gripper()
    pos, quat = sample_grasp_pose(object_name=thing)
    goto_pose(position=pos, quaternion_wxyz=quat, z_approach=0.12)
    close_gripper()
    goto_pose(position=pos + np.array([0, 0, 0.22]), quaternion_wxyz=quat)
    again, _, _ = get_object_pose(object_name=thing)
    if again[2] > pos[2] + 0.08:
        break
    print("still on the table at", again)
goto_pose(position=np.array([rest[0], rest[1], pos[2] + 0.22]), quaternion_wxyz=quat)
goto_pose(position=np.array([rest[0], rest[1], pos[2] + 0.13]), quaternion_wxyz=quat)
open_gripper()
