# profile: capx
# task: libero_goal/7
# kinds: 4, 5, 7
# outcome: passes
import numpy as np


def yaw_quat(degrees):
    a = np.radians(degrees) / 2
    return np.array([0.0, np.cos(a), np.sin(a), 0.0])


knob, _ = get_object_pose("stove_knob", use_multiview=False)
assert knob is not None
open_gripper()
grip = knob + np.array([0.0, 0.0, 0.004])
goto_pose(grip, yaw_quat(0), z_approach=0.1)
close_gripper()
for angle in range(15, 75, 15):
    goto_pose(grip, yaw_quat(angle))
open_gripper()
goto_pose(grip + np.array([0, 0, 0.12]), yaw_quat(60))
