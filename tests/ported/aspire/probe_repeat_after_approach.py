# profile: aspire
# task: libero_90/71
# kinds: 4
# outcome: prints
# > True True
# What has just been reached can be asked for again: the hand is there both times.
import numpy as np

cam = get_observation()["agentview"]
mask = segment_sam3_text_prompt(cam["images"]["rgb"], "red mug")[0]["mask"]
poses, scores = plan_grasp(cam["images"]["depth"], cam["intrinsics"], mask)
grasp, _ = select_top_down_grasp(poses, scores, cam["pose_mat"])
pos, quat = decompose_transform(grasp)


def off():
    hand = get_observation()["robot_cartesian_pos"][:3]
    return float(np.linalg.norm(hand + 0.103 * grasp[:3, 2] - pos))


open_gripper()
goto_pose(pos, quat, z_approach=0.15)
first = off()
goto_pose(pos, quat)
print(first < 0.02, off() < 0.02)
