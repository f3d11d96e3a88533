# profile: aspire
# task: libero_goal_swap/1
# kinds: 6, 7
# outcome: passes
import numpy as np

goal_text = env.handle.task_language.lower()
print("goal:", goal_text)
assert "bowl" in goal_text and "stove" in goal_text
TOP_DOWN_QUAT = np.array([0.0, 1.0, 0.0, 0.0])
BOWL_PROMPTS = ["silver bowl", "black bowl", "bowl"]
STOVE_PROMPTS = ["stove burner", "round burner of the stove", "flat stove", "stove"]

class Found:
    def __init__(self, pts, prompt, score):
        self.pts = pts
        self.prompt = prompt
        self.score = score
        self.lo = np.percentile(pts, 4, axis=0)
        self.hi = np.percentile(pts, 96, axis=0)

    @property
    def mid(self):
        return (self.lo + self.hi) / 2

def find(prompts):
    cam = get_observation()["agentview"]
    depth = cam["images"]["depth"]
    depth_img = depth[:, :, 0] if len(depth.shape) == 3 else depth
    for prompt in prompts:
        masks = segment_sam3_text_prompt(cam["images"]["rgb"], prompt)
        masks = [m for m in masks if m["score"] > 0.2 and m["mask"].sum() > 15]
        if masks:
            best = max(masks, key=lambda m: m["score"])
            pts = mask_to_world_points(best["mask"].astype(np.uint8), depth_img, cam["intrinsics"], cam["pose_mat"])
            return Found(pts, prompt, best["score"])
    return None

stove = find(STOVE_PROMPTS)
bowl = find(BOWL_PROMPTS)
if stove is None or bowl is None:
    raise RuntimeError("not found: " + ("stove" if stove is None else "bowl"))

# probe the target first, then grasp
for probe in (0.2, 0.14):
    goto_pose(np.array([stove.mid[0], stove.mid[1], stove.hi[2] + probe]), TOP_DOWN_QUAT)
goto_home_joint_position()

r = (bowl.hi[1] - bowl.lo[1]) / 2
grip = np.array([bowl.mid[0], bowl.mid[1] - r + 0.004, bowl.hi[2] - 0.02])
open_gripper()
goto_pose(grip, TOP_DOWN_QUAT, z_approach=0.1)
close_gripper()
goto_pose(grip + np.array([0, 0, 0.2]), TOP_DOWN_QUAT)
rel = np.array([stove.mid[0], stove.mid[1] - r + 0.004, stove.hi[2] + 0.05])
goto_pose(np.array([rel[0], rel[1], grip[2] + 0.2]), TOP_DOWN_QUAT)
goto_pose(rel, TOP_DOWN_QUAT)
open_gripper()
goto_pose(rel + np.array([0, 0, 0.15]), TOP_DOWN_QUAT)
