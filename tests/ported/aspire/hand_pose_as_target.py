# profile: aspire
# task: libero_object/1
# kinds: 5
# outcome: fails
# Takes the observed hand pose for the fingertips': every "step down" goes up by a tenth of a metre.
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
cam = get_observation()["agentview"]
mask = segment_sam3_text_prompt(cam["images"]["rgb"], "cream cheese")[0]["mask"]
pts = mask_to_world_points(mask, cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
c = np.median(pts, axis=0)
goto_pose(np.array([c[0], c[1], 0.15]), DOWN)
for _ in range(3):
    hand = get_observation()["robot_cartesian_pos"]
    goto_pose(hand[:3] - np.array([0, 0, 0.02]), DOWN)
close_gripper()
