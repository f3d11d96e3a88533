# profile: aspire
# task: libero_spatial/9
# kinds: 2, 4
# outcome: passes
import numpy as np

TOP_DOWN = np.array([0.0, 1.0, 0.0, 0.0])
obs = get_observation()
view = obs["agentview"]
rgb = view["images"]["rgb"]
depth = view["images"]["depth"]
K = view["intrinsics"]
E = view["pose_mat"]

heights = []
for det in segment_sam3_text_prompt(rgb, "black bowl"):
    pts = mask_to_world_points(det["mask"].astype(np.uint8), depth, K, E)
    if len(pts) >= 10:
        heights.append((float(np.median(pts[:, 2])), pts))
heights.sort(key=lambda t: t[0])
print("heights", [round(h, 2) for h, _ in heights])
z, pts = heights[-1]
if z < 0.1:
    raise RuntimeError("no bowl above the table")

lo, hi = np.percentile(pts, 5, axis=0), np.percentile(pts, 95, axis=0)
c, r = (lo + hi) / 2, (hi[1] - lo[1]) / 2
plate_pts = mask_to_world_points(
    max(segment_sam3_text_prompt(rgb, "plate"), key=lambda d: d["score"])["mask"].astype(np.uint8), depth, K, E)
pc = (np.percentile(plate_pts, 4, axis=0) + np.percentile(plate_pts, 96, axis=0)) / 2

open_gripper()
grip = np.array([c[0], c[1] + r - 0.003, hi[2] - 0.02])
goto_pose(grip, TOP_DOWN, z_approach=0.1)
close_gripper()
goto_pose(grip + np.array([0, 0, 0.08]), TOP_DOWN)

# Lateral escape before going down: away from the cabinet first, at the same height.
goto_pose(np.array([pc[0], pc[1] + r - 0.003, grip[2] + 0.08]), TOP_DOWN)
goto_pose(np.array([pc[0], pc[1] + r - 0.003, pc[2] + 0.12]), TOP_DOWN)
goto_pose(np.array([pc[0], pc[1] + r - 0.003, pc[2] + 0.042]), TOP_DOWN)
open_gripper()
goto_pose(np.array([pc[0], pc[1] + r - 0.003, pc[2] + 0.2]), TOP_DOWN)
