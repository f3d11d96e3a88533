# profile: aspire
# task: libero_object/2
# kinds: 1, 2, 3, 6
# outcome: passes
import numpy as np
from collections import deque

def largest_component(mask):
    mask = mask.astype(np.uint8)
    h, w = mask.shape
    seen = np.zeros((h, w), dtype=bool)
    best = []
    for y, x in zip(*np.nonzero(mask)):
        if seen[y, x]:
            continue
        queue = deque([(int(y), int(x))])
        seen[y, x] = True
        comp = []
        while queue:
            cy, cx = queue.popleft()
            comp.append((cy, cx))
            for dy, dx in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                ny, nx = cy + dy, cx + dx
                if 0 <= ny < h and 0 <= nx < w and mask[ny, nx] and not seen[ny, nx]:
                    seen[ny, nx] = True
                    queue.append((ny, nx))
        if len(comp) > len(best):
            best = comp
    out = np.zeros((h, w), dtype=np.uint8)
    if best:
        rows, cols = np.array(best).T
        out[rows, cols] = 1
    return out

cam = get_observation()["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]

def pick_mask(*prompts):
    for p in prompts:
        r = segment_sam3_text_prompt(rgb, p)
        if r:
            return largest_component(max(r, key=lambda d: d["score"])["mask"])
    raise RuntimeError("nothing for " + " / ".join(prompts))

bottle = pick_mask("salad dressing bottle", "dressing bottle", "white bottle")
basket = pick_mask("basket", "container basket")
print("pixels", int(bottle.sum()) > 20, int(basket.sum()) > 100, bottle.dtype)

bp = mask_to_world_points(bottle, depth, K, E)
kp = mask_to_world_points(basket, depth, K, E)
xy = np.median(bp[:, :2], axis=0)
top = np.quantile(bp[:, 2], 0.95)
quat = np.array([0.0, 1.0, 0.0, 0.0])
g = np.array([xy[0] - 0.004, xy[1], top - 0.05])

open_gripper()
move_to_joints(solve_ik(g + np.array([0, 0, 0.1]), quat))
move_to_joints(solve_ik(g, quat))
close_gripper()
move_to_joints(solve_ik(g + np.array([0, 0, 0.2]), quat))
k = get_oriented_bounding_box_from_3d_points(kp)["center"]
move_to_joints(solve_ik(np.array([k[0], k[1], top + 0.15]), quat))
move_to_joints(solve_ik(np.array([k[0], k[1], top + 0.06]), quat))
open_gripper()
move_to_joints(solve_ik(np.array([k[0], k[1], top + 0.18]), quat))
