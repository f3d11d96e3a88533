# profile: aspire
# task: libero_goal/8
# kinds: 4
# outcome: raises RuntimeError: grasped air twice: the middle of a bowl is hollow
import numpy as np

cam = get_observation()["agentview"]
m = max(segment_sam3_text_prompt(cam["images"]["rgb"], "black bowl"), key=lambda d: d["score"])
pts = mask_to_world_points(m["mask"].astype(np.uint8), cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
mid = (np.percentile(pts, 4, axis=0) + np.percentile(pts, 96, axis=0)) / 2
Q = np.array([0.0, 1.0, 0.0, 0.0])
for n in range(2):
    open_gripper()
    goto_pose(np.array([mid[0], mid[1], mid[2] + 0.01]), Q, z_approach=0.1)
    close_gripper()
    gw = get_observation()["robot_joint_pos"][-1]
    print(n, "AIR" if gw < 0.03 else "HELD")
    goto_pose(np.array([mid[0], mid[1], mid[2] + 0.2]), Q)
    if gw >= 0.03:
        break
else:
    raise RuntimeError("grasped air twice: the middle of a bowl is hollow")
