# profile: aspire
# task: libero_spatial/3
# kinds: 2, 6
# outcome: passes
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
print(env.handle.task_language)
cam = get_observation()["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]

def localize_above_object(base_prompts, min_z, max_z):
    for prompt in base_prompts:
        masks = segment_sam3_text_prompt(rgb, prompt)
        if not masks:
            continue
        base_mask = max(masks, key=lambda d: d["score"])["mask"]
        ys, xs = np.where(base_mask)
        if len(ys) == 0:
            continue
        grown = base_mask.copy()
        for dy in range(1, 12):
            shifted = np.zeros_like(base_mask, dtype=bool)
            shifted[max(0, ys.min() - dy):max(0, ys.max() - dy + 1), xs.min():xs.max() + 1] = True
            grown = grown | shifted
        pts = mask_to_world_points(grown.astype(np.uint8), depth, K, E)
        high = pts[(pts[:, 2] > min_z) & (pts[:, 2] < max_z)]
        if len(high) >= 10:
            return high.mean(axis=0), high
    return None, None

anchor, _ = localize_above_object(["cookie box", "cookies box", "box of cookies"], 0.0, 0.12)
if anchor is None:
    raise RuntimeError("no cookie box")
best = None
for d in segment_sam3_text_prompt(rgb, "black bowl"):
    pts = mask_to_world_points(d["mask"], depth, K, E)
    if len(pts) < 10:
        continue
    gap = np.linalg.norm(np.median(pts[:, :2], axis=0) - anchor[:2])
    if best is None or gap < best[0]:
        best = (gap, pts)
gap, pts = best
print("bowl is within 10 cm of the box:", bool(gap < 0.1))
lo, hi = np.percentile(pts, [4, 96], axis=0)
mid, r = (lo + hi) / 2, (hi[1] - lo[1]) / 2

pm = max(segment_sam3_text_prompt(rgb, "plate"), key=lambda d: d["score"])["mask"]
pp = mask_to_world_points(pm.astype(np.uint8), depth, K, E)
plate = (np.percentile(pp, 4, axis=0) + np.percentile(pp, 96, axis=0)) / 2

grip = np.array([mid[0], mid[1] + r - 0.004, hi[2] - 0.02])
open_gripper()
for dz in (0.1, 0.0):
    move_to_joints(solve_ik(grip + [0, 0, dz], DOWN))
close_gripper()
move_to_joints(solve_ik(grip + [0, 0, 0.15], DOWN))
end = np.array([plate[0], plate[1] + r - 0.004, plate[2] + 0.045])
apex = (grip + end) / 2
apex[2] = grip[2] + 0.18
for p in (apex, end + [0, 0, 0.1], end):
    move_to_joints(solve_ik(p, DOWN))
open_gripper()
move_to_joints(solve_ik(end + [0, 0, 0.12], DOWN))
