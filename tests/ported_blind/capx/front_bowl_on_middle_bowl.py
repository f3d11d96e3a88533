# profile: capx
# task: libero_90/16
# kinds: 2, 7
# outcome: passes

# Stack the black bowl at the front on the black bowl in the middle.
import numpy as np

q = np.array([0.0, 1.0, 0.0, 0.0])


def bowl(name):
    r = get_object_3d_points_and_masks_from_language(name, use_multiview=False)
    p = r["points_3d"]
    lo, hi = np.percentile(p, 3, axis=0), np.percentile(p, 97, axis=0)
    return np.array([(lo[0] + hi[0]) / 2, (lo[1] + hi[1]) / 2, hi[2]])


front = bowl("black bowl at the front")
middle = bowl("black bowl in the middle")
print("front", np.round(front, 3), "middle", np.round(middle, 3))
if np.linalg.norm(front[:2] - middle[:2]) < 0.05:
    raise RuntimeError("both names found the same bowl")

side = np.array([0.0, 0.048, 0.0])
g = front + side + np.array([0, 0, -0.016])
open_gripper()
goto_pose(g, q, z_approach=0.12)
close_gripper()
goto_pose(g + np.array([0, 0, 0.2]), q)
over = np.array([middle[0], middle[1], g[2]]) + side
goto_pose(over + np.array([0, 0, 0.2]), q)
goto_pose(over + np.array([0, 0, 0.035]), q)
open_gripper()
goto_pose(over + np.array([0, 0, 0.2]), q)
