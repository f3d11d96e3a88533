# profile: aspire
# task: libero_spatial/8
# kinds: 2, 3, 4
# outcome: passes
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
obs = get_observation()
cam = obs["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]

def middle(mask):
    pts = mask_to_world_points(mask.astype(np.uint8), depth, K, E)
    if len(pts) < 12:
        return None
    lo, hi = np.percentile(pts, [4, 96], axis=0)
    return {"c": (lo + hi) / 2, "lo": lo, "hi": hi}

plate = middle(max(segment_sam3_text_prompt(rgb, "plate"), key=lambda d: d["score"])["mask"])
bowls = [b for b in (middle(d["mask"]) for d in segment_sam3_text_prompt(rgb, "black bowl")) if b is not None]
# merge detections of one and the same bowl
unique = []
for b in bowls:
    if all(np.linalg.norm(b["c"][:2] - u["c"][:2]) > 0.05 for u in unique):
        unique.append(b)
unique.sort(key=lambda b: float(np.linalg.norm(b["c"][:2] - plate["c"][:2])))
print("bowls:", len(unique), "nearest at", round(float(np.linalg.norm(unique[0]["c"][:2] - plate["c"][:2])), 2))
bowl = unique[0]
r = (bowl["hi"][1] - bowl["lo"][1]) / 2

def attempt(depth_below_rim):
    grip = np.array([bowl["c"][0], bowl["c"][1] + r - 0.004, bowl["hi"][2] - depth_below_rim])
    open_gripper()
    goto_pose(grip, DOWN, z_approach=0.1)
    close_gripper()
    goto_pose(grip + np.array([0, 0, 0.03]), DOWN)
    close_gripper()                      # tighten after a slight lift
    goto_pose(grip + np.array([0, 0, 0.2]), DOWN)
    return grip

def bowl_left_table():
    c = get_observation()["agentview"]
    for d in segment_sam3_text_prompt(c["images"]["rgb"], "black bowl"):
        p = mask_to_world_points(d["mask"].astype(np.uint8), c["images"]["depth"], c["intrinsics"], c["pose_mat"])
        if len(p) > 12 and np.linalg.norm(np.median(p, axis=0)[:2] - bowl["c"][:2]) < 0.04 and np.median(p[:, 2]) < bowl["hi"][2] + 0.03:
            return False
    return True

for below in (0.02, 0.028):
    grip = attempt(below)
    if bowl_left_table():
        print("bowl is up")
        break
    print("bowl stayed, again")

put = np.array([plate["c"][0], plate["c"][1] + r - 0.004, grip[2] + 0.012])
goto_pose(put, DOWN, z_approach=0.15)
open_gripper()
goto_pose(put + np.array([0, 0, 0.12]), DOWN)
