# profile: aspire
# task: libero_object_swap/9
# kinds: 1, 3, 6
# outcome: passes
import numpy as np
from collections import deque


def depth2d(d):
    d = np.asarray(d)
    return d[..., 0] if d.ndim == 3 else d


def biggest_blob(mask):
    """Largest 4-connected component of a boolean mask."""
    h, w = mask.shape
    seen = np.zeros((h, w), dtype=bool)
    best = []
    ys, xs = np.nonzero(mask)
    for y0, x0 in zip(ys.tolist(), xs.tolist()):
        if seen[y0, x0]:
            continue
        queue = deque([(y0, x0)])
        seen[y0, x0] = True
        blob = []
        while queue:
            y, x = queue.popleft()
            blob.append((y, x))
            for dy, dx in [(1, 0), (-1, 0), (0, 1), (0, -1)]:
                yy, xx = y + dy, x + dx
                if 0 <= yy < h and 0 <= xx < w and mask[yy, xx] and not seen[yy, xx]:
                    seen[yy, xx] = True
                    queue.append((yy, xx))
        if len(blob) > len(best):
            best = blob
    out = np.zeros((h, w), dtype=np.uint8)
    for y, x in best:
        out[y, x] = 1
    return out


def point_of(mask, depth, K, T):
    ys, xs = np.where(mask > 0)
    v, u = int(np.median(ys)), int(np.median(xs))
    z = float(np.median(depth[mask > 0]))
    return pixel_to_world_point(u, v, z, K, T)


def best_of(rgb, *prompts):
    for p in prompts:
        r = segment_sam3_text_prompt(rgb, p)
        if len(r):
            return sorted(r, key=lambda m: -m["score"])[0]["mask"]
    return None


obs = get_observation()
view = obs["agentview"]
rgb, depth = view["images"]["rgb"], depth2d(view["images"]["depth"])
K, T = view["intrinsics"], view["pose_mat"]

m = best_of(rgb, "orange juice carton", "orange juice")
assert m is not None, "orange juice not found"
blob = biggest_blob(m.astype(bool))
juice = point_of(blob, depth, K, T)
print("juice", juice, "pixels", int(blob.sum()), "of", int(m.sum()))

b = best_of(rgb, "basket")
assert b is not None, "basket not found"
basket_pts = mask_to_world_points(biggest_blob(b.astype(bool)), depth, K, T)
bx, by = np.median(basket_pts[:, 0]), np.median(basket_pts[:, 1])
bz = float(np.percentile(basket_pts[:, 2], 97))

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
# the visible surface is the side nearest the camera: go 1.5 cm further in
grasp = np.array([juice[0] - 0.015, juice[1], max(juice[2], 0.07)])
open_gripper()
for dz in (0.16, 0.08, 0.0):
    move_to_joints(solve_ik(grasp + np.array([0.0, 0.0, dz]), DOWN))
close_gripper()
move_to_joints(solve_ik(grasp + np.array([0.0, 0.0, 0.24]), DOWN))
move_to_joints(solve_ik(np.array([bx, by, bz + 0.22]), DOWN))
move_to_joints(solve_ik(np.array([bx, by, bz + 0.12]), DOWN))
open_gripper()
goto_home_joint_position()
