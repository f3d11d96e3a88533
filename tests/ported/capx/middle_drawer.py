# profile: capx
# task: libero_goal/0
# kinds: 4, 5, 7
# outcome: passes
import numpy as np

handle, _ = get_object_pose("middle_drawer_handle", use_multiview=False)
if handle is None:
    handle, _ = get_object_pose("handle of the middle drawer", use_multiview=False)
if handle is None:
    raise RuntimeError("cannot see the middle handle")

# Hand horizontal, pointing to the cabinet's front (-y), fingers above and below the bar.
quat = np.array([np.sqrt(0.5), np.sqrt(0.5), 0.0, 0.0])
handle = handle - np.array([0.0, 0.006, 0.0])
open_gripper()
goto_pose(handle, quat, z_approach=0.1)
close_gripper()
for i in range(1, 7):
    goto_pose(handle + np.array([0.0, 0.03 * i, 0.0]), quat)
open_gripper()
goto_pose(handle + np.array([0.0, 0.25, 0.0]), quat)
