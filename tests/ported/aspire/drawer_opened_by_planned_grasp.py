# profile: aspire
# task: libero_90/7
# kinds: 2, 4, 7
# outcome: passes
# Open the top drawer: hand level, grip the bar from before, pull by joint motions.
import numpy as np

LEVEL = np.array([0.70710678, 0.70710678, 0.0, 0.0])  # towards -y, the fingers one above the other


obs = get_observation()
agentview = obs["agentview"]
rgb, depth = agentview["images"]["rgb"], agentview["images"]["depth"]
intrinsics, extrinsics = agentview["intrinsics"], agentview["pose_mat"]

handles = segment_sam3_text_prompt(rgb, "handle of the top drawer")
if not handles:
    print("Handle not found.")
else:
    best = max(handles, key=lambda x: x["score"])
    ys, xs = np.where(best["mask"])
    points = mask_to_world_points(best["mask"], depth, intrinsics, extrinsics)
    grip = np.median(points, axis=0)
    print(f"{len(ys)} pixels around column {xs.mean():.0f}, row {ys.mean():.0f}; {grip.round(3)}")
    back = np.array([0.0, 1.0, 0.0])
    grip = grip - 0.01 * back - np.array([0.0, 0.0, 0.006])  # what is seen is the bar's front and upper side
    open_gripper()
    move_to_joints(solve_ik(grip + 0.10 * back, LEVEL))
    move_to_joints(solve_ik(grip, LEVEL))
    close_gripper()
    total = 0.0
    while total < 0.19:
        total += 0.025
        move_to_joints(solve_ik(grip + np.array([0.0, total, 0.0]), LEVEL))
    open_gripper()
    move_to_joints(solve_ik(grip + np.array([0.0, total + 0.06, 0.08]), LEVEL))
