# profile: aspire
# task: libero_object/9
# kinds: 2, 5
# outcome: passes
import numpy as np

obs = get_observation()
cam = obs["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]
d2 = depth[:, :, 0] if depth.ndim == 3 else depth

masks = segment_sam3_text_prompt(rgb, "orange juice carton") or segment_sam3_text_prompt(rgb, "orange juice")
if not masks:
    raise RuntimeError("SAM3: no masks for pick object")
best = max(masks, key=lambda d: d["score"])
t_masks = segment_sam3_text_prompt(rgb, "basket")
tgt = mask_to_world_points(max(t_masks, key=lambda d: d["score"])["mask"].astype(np.uint8), d2, K, E)
tgt_center = np.array([*(0.5 * (np.percentile(tgt[:, :2], 3, axis=0) + np.percentile(tgt[:, :2], 97, axis=0))), tgt[:, 2].max()])

poses, scores = plan_grasp(depth, K, best["mask"])
order = np.argsort(-scores)
world, s = select_top_down_grasp(poses[order], scores[order], E, vertical_threshold=0.8)
if world is None:
    world = E @ poses[scores.argmax()]
pos, quat = decompose_transform(world)

def mj(p, q, spin=False):
    j = solve_ik(p, q)
    if j is not None and spin:
        j[6] += np.pi / 2 if j[6] < 0.8 else -np.pi / 2
    if j is not None:
        move_to_joints(j)
    return j

open_gripper()
mj(pos + np.array([0, 0, 0.12]), quat)
mj(pos, quat)
close_gripper()
# lift, then turn the wrist a quarter while the carton hangs free; the hand's place stays
mj(pos + np.array([0, 0, 0.25]), quat)
mj(pos + np.array([0, 0, 0.25]), quat, spin=True)
p_after = get_observation()["robot_cartesian_pos"][:3]
print("wrist turned in place:", bool(abs(p_after[2] - (pos[2] + 0.35)) < 0.05))
above = np.array([tgt_center[0], tgt_center[1], pos[2] + 0.25])
mj(above, quat)
mj(np.array([tgt_center[0], tgt_center[1], tgt_center[2] + 0.08]), quat)
open_gripper()
