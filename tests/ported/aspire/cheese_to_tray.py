# profile: aspire
# task: libero_90/57
# kinds: 1, 2, 7
# outcome: passes
import numpy as np

cam = get_observation()["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]


def first_hit(prompts):
    """(prompt, mask, points) of the first prompt that works."""
    for p in prompts:
        r = segment_sam3_text_prompt(rgb, p)
        if not r:
            continue
        m = max(r, key=lambda d: d["score"])["mask"]
        c = mask_to_world_points(np.where(m, 1, 0).astype(np.int16), depth, K, E)
        if c.shape[0] >= 10:
            return p, m, c
    raise RuntimeError("none of " + ", ".join(prompts))


_, cheese_mask, cheese = first_hit(["pale blue cream cheese box", "cream cheese"])
_, _, tray = first_hit(["wooden serving tray", "tray"])

poses, scores = plan_grasp(depth, K, cheese_mask)
ranked = sorted(zip(scores.tolist(), range(len(scores))), reverse=True)
grasp = None
for s, i in ranked:
    candidate = E @ poses[i]
    if -candidate[2, 2] > 0.85:
        grasp = candidate
        break
if grasp is None:
    raise RuntimeError("no grasp")
pos, quat = decompose_transform(grasp)
inside = 0.5 * (np.percentile(tray, 5, axis=0) + np.percentile(tray, 95, axis=0))
floor = np.percentile(tray[:, 2], 10)

open_gripper()
goto_pose(pos, quat, z_approach=0.1)
goto_pose(pos, quat)
close_gripper()
goto_pose(pos + np.array([0, 0, 0.2]), quat)
goto_pose(np.array([inside[0], inside[1], pos[2] + 0.2]), quat)
goto_pose(np.array([inside[0], inside[1], floor + 0.05]), quat)
open_gripper()
