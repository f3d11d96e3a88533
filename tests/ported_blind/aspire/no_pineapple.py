# profile: aspire
# task: libero_object/3
# kinds: 7
# outcome: raises RuntimeError: SAM3: no masks for pick object 'pineapple'
import numpy as np

obs = get_observation()
cam = obs["agentview"]
masks = segment_sam3_text_prompt(cam["images"]["rgb"], "pineapple")
if not masks:
    raise RuntimeError("SAM3: no masks for pick object 'pineapple'")
best = max(masks, key=lambda d: d["score"])
poses, scores = plan_grasp(cam["images"]["depth"], cam["intrinsics"], best["mask"])
pos, quat = decompose_transform(cam["pose_mat"] @ poses[scores.argmax()])
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
