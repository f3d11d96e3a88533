# profile: aspire
# task: libero_object/1
# kinds: 1, 2
# outcome: fails
# why: with its fingers along y the hand, 20 cm wide, comes down on the tomato sauce beside the cheese

# Cream cheese into the basket; careful with image types.
import numpy as np


def erode(mask, n=1):
    m = mask.astype(np.uint8)
    for _ in range(n):
        p = np.pad(m, 1, mode="constant", constant_values=0)
        m = p[1:-1, 1:-1] & p[:-2, 1:-1] & p[2:, 1:-1] & p[1:-1, :-2] & p[1:-1, 2:]
    return m.astype(np.uint8)


obs = get_observation()
img = obs["agentview"]["images"]
K = obs["agentview"]["intrinsics"].astype(np.float64)
T = obs["agentview"]["pose_mat"]
rgb = img["rgb"].astype(np.uint8)
depth = img["depth"].astype(np.float32).squeeze()

gray = (0.299 * rgb[..., 0] + 0.587 * rgb[..., 1] + 0.114 * rgb[..., 2]).astype(np.uint8)
hist = np.bincount(gray.ravel(), minlength=256).astype(np.int64)
print("brightest bin", int(hist.argmax()), "pixels", int(hist.sum()), gray.dtype, hist.dtype)

dets = segment_sam3_text_prompt(rgb=rgb, text_prompt="cream cheese box")
if len(dets) == 0:
    dets = segment_sam3_text_prompt(rgb=rgb, text_prompt="cream cheese")
scores = np.array([d["score"] for d in dets], dtype=np.float32)
best = dets[int(np.argmax(scores))]
mask = best["mask"]
small = erode(mask)
if small.sum() < 8:
    small = mask.astype(np.uint8)
box = np.array(best["box"]).astype(np.int16)
print("box", box.tolist(), "mask", int(mask.sum()), "->", int(small.sum(dtype=np.int32)))

pts = mask_to_world_points(small, depth, K, T).astype(np.float32)
ok = np.isfinite(pts).all(axis=1)
pts = pts[ok]
med = np.median(pts, axis=0).astype(np.float64)
keep = np.linalg.norm(pts[:, :2] - med[None, :2], axis=1) < 0.06
pts = pts[keep]
cov = np.cov(pts[:, :2].T)
vals, vecs = np.linalg.eigh(cov)
major = vecs[:, np.argmax(vals)]
yaw = np.arctan2(major[1], major[0])
if yaw > np.pi / 2:
    yaw -= np.pi
if yaw < -np.pi / 2:
    yaw += np.pi
c, s = np.cos(yaw), np.sin(yaw)
R = np.array([[c, s, 0], [s, -c, 0], [0, 0, -1.0]])
quat = rotation_matrix_to_quaternion(R)

b = segment_sam3_text_prompt(rgb=rgb, text_prompt="basket")
bmask = max(b, key=lambda d: d["score"])["mask"]
bp = mask_to_world_points(bmask.astype(np.uint8), depth, K, T)
bc = np.median(bp[:, :2], axis=0)
rim = np.percentile(bp[:, 2], 95)

z = float(np.clip(np.float16(pts[:, 2].max()) - 0.012, 0.006, None))
grasp = np.array([med[0], med[1], z])
open_gripper()
move_to_joints(solve_ik(position=grasp + [0, 0, 0.1], quaternion_wxyz=quat))
move_to_joints(solve_ik(position=grasp, quaternion_wxyz=quat))
close_gripper()
move_to_joints(solve_ik(position=grasp + [0, 0, 0.28], quaternion_wxyz=quat))
move_to_joints(solve_ik(position=[bc[0], bc[1], rim + 0.15], quaternion_wxyz=quat))
open_gripper()
