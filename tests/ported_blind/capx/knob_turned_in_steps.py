# profile: capx
# task: libero_90/20
# kinds: 4, 7
# outcome: passes

# turn on the stove: push the knob's lever round with a closed gripper, then by a twist if it did not move
import numpy as np


def quat_mul(a, b):
    w1, x1, y1, z1 = a
    w2, x2, y2, z2 = b
    return np.array([
        w1 * w2 - x1 * x2 - y1 * y2 - z1 * z2,
        w1 * x2 + x1 * w2 + y1 * z2 - z1 * y2,
        w1 * y2 - x1 * z2 + y1 * w2 + z1 * x2,
        w1 * z2 + x1 * y2 - y1 * x2 + z1 * w2,
    ])


def down(yaw):
    return quat_mul(np.array([np.cos(yaw / 2), 0, 0, np.sin(yaw / 2)]), np.array([0.0, 1.0, 0.0, 0.0]))


knob, _ = get_object_pose("stove_knob", use_multiview=False)
if knob is None:
    raise RuntimeError("no knob")
print("knob", np.round(knob, 3))
open_gripper()
grip = knob + np.array([0, 0, 0.0])
goto_pose(grip, down(0.0), z_approach=0.1)
close_gripper()
for deg in range(15, 91, 15):
    goto_pose(grip, down(np.radians(deg)))
open_gripper()
goto_pose(grip + np.array([0, 0, 0.15]), down(np.pi / 2))
goto_home_joint_position()
