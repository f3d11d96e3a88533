# profile: aspire
# task: libero_spatial/7
# kinds: 2, 5
# outcome: passes
import numpy as np

Q = np.array([0.0, 1.0, 0.0, 0.0])

def scene():
    c = get_observation()["agentview"]
    return c["images"]["rgb"], c["images"]["depth"], c["intrinsics"], c["pose_mat"]

def all_instances(prompts, rgb, depth, K, E, min_pts=12):
    for p in prompts:
        out = []
        for d in segment_sam3_text_prompt(rgb, p)[:10]:
            pts = mask_to_world_points(d["mask"].astype(np.uint8), depth, K, E)
            pts = pts[np.isfinite(pts).all(axis=1)]
            if len(pts) >= min_pts:
                out.append(pts)
        if out:
            return out
    return []

frame = scene()
bowls = all_instances(["black bowl", "dark bowl", "bowl"], *frame)
stoves = all_instances(["stove", "flat stove", "stove burner"], *frame)
plates = all_instances(["plate", "white plate with red rim"], *frame)
assert bowls and stoves and plates, (len(bowls), len(stoves), len(plates))

stove_xy = np.median(stoves[0][:, :2], axis=0)
bowl = min(bowls, key=lambda p: np.hypot(*(np.median(p[:, :2], axis=0) - stove_xy)))
lo, hi = np.percentile(bowl, 4, axis=0), np.percentile(bowl, 96, axis=0)
mid = (lo + hi) / 2
half = (hi - lo) / 2
plo, phi = np.percentile(plates[0], 4, axis=0), np.percentile(plates[0], 96, axis=0)
plate = (plo + phi) / 2

results = []
for side in (+1, -1):
    g = np.array([mid[0], mid[1] + side * (half[1] - 0.004), hi[2] - 0.02])
    open_gripper()
    goto_pose(g, Q, z_approach=0.1)
    close_gripper()
    goto_pose(g + np.array([0.0, 0.0, 0.2]), Q)
    opening = get_observation()["robot_cartesian_pos"][7]
    results.append(opening)
    if opening > 0.005:
        break
print("held" if results[-1] > 0.005 else "empty", len(results))
put = np.array([plate[0], plate[1] + side * (half[1] - 0.004), phi[2] + 0.035])
goto_pose(put + np.array([0.0, 0.0, 0.15]), Q)
goto_pose(put, Q)
open_gripper()
goto_pose(put + np.array([0.0, 0.0, 0.15]), Q)
