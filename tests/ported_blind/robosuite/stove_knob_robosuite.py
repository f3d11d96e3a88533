# profile: capx_robosuite
# task: libero_goal/7
# kinds: 4, 7
# outcome: passes
import numpy as np
from scipy.spatial.transform import Rotation

def topdown(yaw):
    m = Rotation.from_euler("z", yaw).as_matrix() @ np.diag([1.0, -1.0, -1.0])
    x, y, z, w = Rotation.from_matrix(m).as_quat()
    return np.array([w, x, y, z])

knob, _, ext = get_object_pose("stove knob", return_bbox_extent=True)
print("knob near", np.round(knob, 2))

open_gripper()
start = topdown(0.0)
goto_pose(knob, start, z_approach=0.1)
close_gripper()
# a quarter turn against the clock, seen from above
for yaw in np.linspace(0, np.pi / 2, 7)[1:]:
    goto_pose(knob, topdown(yaw))
open_gripper()
goto_pose(knob + np.array([0, 0, 0.15]), topdown(np.pi / 2))
home_pose()
