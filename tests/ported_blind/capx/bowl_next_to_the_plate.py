# profile: capx
# task: libero_spatial/8
# kinds: 7
# outcome: passes

# "pick the black bowl next to the plate and place it on the plate"
import numpy as np

TOP_DOWN = np.array([0.0, 1.0, 0.0, 0.0])


def pick(name):
    open_gripper()
    p, q = sample_grasp_pose(name)
    goto_pose(p, q, z_approach=0.1)
    close_gripper()
    goto_pose(p + np.array([0, 0, 0.2]), q)
    return p, q


plate_pos, _ = get_object_pose("plate", use_multiview=False)
bowl_pos, _ = get_object_pose("black bowl next to the plate", use_multiview=False)
if plate_pos is None or bowl_pos is None:
    raise RuntimeError("bowl or plate not found")
print("bowl is", round(float(np.linalg.norm(plate_pos[:2] - bowl_pos[:2])), 3), "m from the plate")

p, q = pick("black bowl next to the plate")
rim = p[:2] - bowl_pos[:2]
target = np.array([plate_pos[0] + rim[0], plate_pos[1] + rim[1], p[2] + 0.02])
goto_pose(target + np.array([0, 0, 0.15]), q)
goto_pose(target, q)
open_gripper()
goto_pose(target + np.array([0, 0, 0.15]), q)
