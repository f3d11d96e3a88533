# profile: aspire
# task: libero_90/16
# kinds: 2, 4, 6
# outcome: passes
# Three black bowls: the one nearest to the camera (largest x) goes onto the one in the middle.
import numpy as np

cam = get_observation()["agentview"]
rgb, depth, K, E = cam["images"]["rgb"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]
bowls = []
for det in segment_sam3_text_prompt(rgb, "black bowl"):
    pts = mask_to_world_points(det["mask"], depth, K, E)
    if len(pts) < 15:
        continue
    centre = get_oriented_bounding_box_from_3d_points(pts)["center"]
    if any(np.linalg.norm(centre[:2] - b[1][:2]) < 0.04 for b in bowls):
        continue  # the same bowl twice
    bowls.append((det["mask"], centre))
if len(bowls) != 3:
    raise RuntimeError(f"expected three bowls, saw {len(bowls)}")
back, middle, front = sorted(bowls, key=lambda b: b[1][0])
mask, centre = front

grasps, scores = plan_grasp(depth, K, mask)
best, _ = select_top_down_grasp(grasps, scores, E)
if best is None:
    best = E @ grasps[scores.argmax()]
pos, quat = decompose_transform(best)
delta = pos - centre
open_gripper()
goto_pose(pos, quat, z_approach=0.12)
close_gripper()
high = pos[2] + 0.17
goto_pose(np.array([pos[0], pos[1], high]), quat)
goto_pose(np.array([middle[1][0] + delta[0], middle[1][1] + delta[1], high]), quat)
goto_pose(np.array([middle[1][0] + delta[0], middle[1][1] + delta[1], pos[2] + 0.035]), quat)
open_gripper()
goto_pose(np.array([middle[1][0] + delta[0], middle[1][1] + delta[1], high]), quat)
