# profile: aspire
# task: libero_spatial/3
# kinds: 2, 7
# outcome: passes
import numpy as np

quat_down = np.array([0, 1, 0, 0], dtype=np.float64)


def observe():
    o = get_observation()["agentview"]
    d = o["images"]["depth"]
    return o["images"]["rgb"], (d[:, :, 0] if d.ndim == 3 else d), o["intrinsics"], o["pose_mat"]


def all_points(prompt):
    rgb, d, K, E = observe()
    return [mask_to_world_points(m["mask"].astype(np.uint8), d, K, E) for m in segment_sam3_text_prompt(rgb, prompt)]


cookie_sets = all_points("cookie box") or all_points("cookies")
if not cookie_sets:
    raise RuntimeError("cookie box not found")
cookie_xy = np.median(cookie_sets[0][:, :2], axis=0)

bowl_sets = [p for p in all_points("black bowl") if len(p) >= 10]
if not bowl_sets:
    raise RuntimeError("no bowls")
dists = [float(np.linalg.norm(np.median(p[:, :2], axis=0) - cookie_xy)) for p in bowl_sets]
bowl = bowl_sets[int(np.argmin(dists))]
print("bowl distances to the cookie box:", [round(x, 3) for x in dists])

lo = np.percentile(bowl, 2, axis=0)
hi = np.percentile(bowl, 98, axis=0)
mid = 0.5 * (lo + hi)
radius = 0.5 * (hi[1] - lo[1])
print("bowl mid", mid, "radius", radius)

plate_sets = all_points("plate")
if not plate_sets:
    raise RuntimeError("no plate")
plate = plate_sets[0]
pxy = 0.5 * (np.percentile(plate[:, :2], 2, axis=0) + np.percentile(plate[:, :2], 98, axis=0))
pz = np.median(plate[:, 2])

edge = np.array([0.0, -(radius - 0.006), 0.0])
g = np.array([mid[0], mid[1], hi[2] - 0.015]) + edge
bottom_gap = g[2] - (hi[2] - 0.05)

open_gripper()
goto_pose(g, quat_down, z_approach=0.12)
close_gripper()
goto_pose(g + np.array([0, 0, 0.18]), quat_down)
goto_pose(np.array([pxy[0], pxy[1], g[2] + 0.18]) + edge, quat_down)
goto_pose(np.array([pxy[0], pxy[1], pz + bottom_gap + 0.01]) + edge, quat_down)
open_gripper()
goto_pose(np.array([pxy[0], pxy[1], g[2] + 0.18]) + edge, quat_down)
