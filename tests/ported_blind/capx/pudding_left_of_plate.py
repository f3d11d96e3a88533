# profile: capx
# task: libero_90/69
# kinds: 5, 7
# outcome: passes

# put the chocolate pudding to the left of the plate
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
plate, _ = get_object_pose("plate", use_multiview=False)
pos, quat = sample_grasp_pose("chocolate pudding box", use_multiview=False)
# seen by the camera, left is -y
target = np.array([plate[0], plate[1] - 0.10, pos[2] + 0.01])
print("plate", np.round(plate, 3), "target", np.round(target, 3))

open_gripper()
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
for p in [pos + np.array([0, 0, 0.15]), target + np.array([0, 0, 0.15]), target]:
    goto_pose(p, quat)
open_gripper()
goto_pose(target + np.array([0, 0, 0.2]), quat)
goto_home_joint_position()
