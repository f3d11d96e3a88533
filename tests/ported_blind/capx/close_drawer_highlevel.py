# profile: capx
# task: libero_90/0
# kinds: 4, 7
# outcome: passes
import numpy as np

# Close the open top drawer: find its handle, stand in front of it, push it home.
handle, _ = get_object_pose("handle of the open drawer", use_multiview=False)
if handle is None:
    handle, _ = get_object_pose("drawer handle", use_multiview=False)
cabinet, _ = get_object_pose("wooden cabinet", use_multiview=False)
print("handle is in front of cabinet:", bool(handle[1] > cabinet[1]))

close_gripper()
palm = np.array([0.0, 1.0, 0.0, 0.0])
ready = handle + np.array([0.0, 0.08, 0.12])
goto_pose(ready, palm)
goto_pose(ready - np.array([0.0, 0.0, 0.12]), palm)
for d in (0.0, -0.06, -0.12, -0.18, -0.2):
    goto_pose(handle + np.array([0.0, d, 0.0]), palm)
goto_pose(handle + np.array([0.0, 0.0, 0.15]), palm)
goto_home_joint_position()
