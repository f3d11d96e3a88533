# profile: aspire
# task: libero_spatial/2
# kinds: 2, 4
# outcome: passes
import numpy as np

obs = get_observation()
cam = obs["agentview"]
rgb, depth = cam["images"]["rgb"], cam["images"]["depth"]
K, E = cam["intrinsics"], cam["pose_mat"]

bowls = segment_sam3_text_prompt(rgb, "black bowl")
cands = []
for d in bowls:
    pts = mask_to_world_points(d["mask"], depth, K, E)
    if pts.shape[0] < 15:
        continue
    c = np.median(pts, axis=0)
    cands.append((c, pts, d))
print(f"{len(cands)} bowls")

plates = segment_sam3_text_prompt(rgb, "white plate")
plate_pts = mask_to_world_points(max(plates, key=lambda m: m["score"])["mask"], depth, K, E)
p_lo, p_hi = np.percentile(plate_pts, [3, 97], axis=0)
plate = 0.5 * (p_lo + p_hi)

# table centre in the robot frame: x about 0.58, y 0; it stands on the table, not on the cabinet
CENTER = np.array([0.58, 0.0])
table_z = float(np.median(plate_pts[:, 2]))
low = [c for c in cands if c[0][2] < table_z + 0.08]
center, pts, det = min(low, key=lambda c: np.linalg.norm(c[0][:2] - CENTER))

lo, hi = np.percentile(pts, [3, 97], axis=0)
mid = 0.5 * (lo + hi)
radius = 0.5 * (hi[1] - lo[1])
DOWN = np.array([0.0, 1.0, 0.0, 0.0])
rim = np.array([mid[0], mid[1] + radius - 0.004, hi[2] - 0.02])

open_gripper()
move_to_joints(solve_ik(rim + np.array([0, 0, 0.1]), DOWN))
move_to_joints(solve_ik(rim, DOWN))
close_gripper()
move_to_joints(solve_ik(rim + np.array([0, 0, 0.18]), DOWN))

put = np.array([plate[0], plate[1] + radius - 0.004, rim[2] + 0.012])
for wp in interpolate_segment(rim + np.array([0, 0, 0.18]), put + np.array([0, 0, 0.16]), step=0.1):
    move_to_joints(solve_ik(wp, DOWN))
move_to_joints(solve_ik(put, DOWN))
open_gripper()
move_to_joints(solve_ik(put + np.array([0, 0, 0.12]), DOWN))
