# profile: capx
# task: libero_90/72
# kinds: 5
# outcome: passes

# Put the white mug on the plate
import numpy as np

mug_pos, mug_quat = get_object_pose("white mug")
plate_pos, _ = get_object_pose("plate")
if mug_pos is None:
    raise RuntimeError("mug not found")
if plate_pos is None:
    raise RuntimeError("plate not found")

best = None
for trial in range(3):
    p, q = sample_grasp_pose("white mug")
    # gripper z axis in the world, from the quaternion
    w, x, y, z = q
    approach = np.array([2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)])
    print("approach", np.round(approach, 2))
    if best is None or approach[2] < best[2][2]:
        best = (p, q, approach)
    if approach[2] < -0.9:
        break
p, q, approach = best

open_gripper()
goto_pose(p, q, z_approach=0.1)
close_gripper()
goto_pose(p + np.array([0, 0, 0.15]), q)
offset = p - mug_pos
target = np.array([plate_pos[0] + offset[0], plate_pos[1] + offset[1], p[2] + 0.02])
goto_pose(target + np.array([0, 0, 0.13]), q)
goto_pose(target, q)
open_gripper()
goto_pose(target + np.array([0, 0, 0.13]), q)
