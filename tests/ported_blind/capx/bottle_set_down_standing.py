# profile: capx
# task: libero_goal/2
# kinds: 2, 4
# outcome: passes

# wine bottle -> top of the cabinet (grasp the bottle upright and set it down standing)
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])


def cloud(name):
    r = get_object_3d_points_and_masks_from_language(name, use_multiview=False)
    p = r["points_3d"]
    med = np.median(p, axis=0)
    return p[np.linalg.norm(p - med, axis=1) < 0.25]


bottle = cloud("wine bottle")
b_lo, b_hi = np.percentile(bottle, 2, axis=0), np.percentile(bottle, 98, axis=0)
b = (b_lo + b_hi) / 2
height = b_hi[2] - b_lo[2]
print("bottle", np.round(b, 3), "height", round(float(height), 3))

cab = cloud("wooden cabinet")
top_z = np.percentile(cab[:, 2], 97)
surface = cab[cab[:, 2] > top_z - 0.015]
cx, cy = (np.percentile(surface[:, :2], 3, axis=0) + np.percentile(surface[:, :2], 97, axis=0)) / 2
print("cabinet top", round(float(cx), 3), round(float(cy), 3), round(float(top_z), 3), len(surface))

open_gripper()
grip = np.array([b[0], b[1], b_lo[2] + 0.6 * height])
hold = grip[2] - b_lo[2]
goto_pose(grip, DOWN, z_approach=0.15)
close_gripper()
up = max(grip[2], top_z + hold) + 0.12
goto_pose(np.array([grip[0], grip[1], up]), DOWN)
goto_pose(np.array([cx, cy, up]), DOWN)
goto_pose(np.array([cx, cy, top_z + hold + 0.01]), DOWN)
open_gripper()
goto_pose(np.array([cx, cy, up]), DOWN)
