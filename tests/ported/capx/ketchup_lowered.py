# profile: capx
# task: libero_object/4
# kinds: 4, 5
# outcome: passes
# Lower the bottle between the basket's walls before letting go.
import numpy as np

pos, quat = sample_grasp_pose("ketchup_bottle")
basket, _ = get_object_pose("basket", use_multiview=False)
open_gripper()
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
stations = [
    pos + np.array([0.0, 0.0, 0.24]),
    np.array([basket[0], basket[1], pos[2] + 0.24]),
    np.array([basket[0], basket[1], pos[2] + 0.14]),
    np.array([basket[0], basket[1], pos[2] + 0.06]),
]
for station in stations:
    goto_pose(station, quat)
open_gripper()
goto_pose(stations[1], quat)
