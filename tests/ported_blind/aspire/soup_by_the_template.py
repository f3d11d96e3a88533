# profile: aspire
# task: libero_object/0
# kinds: 5, 6, 7
# outcome: passes
import numpy as np

TASK = env.handle.task_language
print("Task:", TASK)

obs = get_observation()
cam = obs["agentview"]
rgb = cam["images"]["rgb"]
depth = cam["images"]["depth"]
depth_img = depth[:, :, 0] if len(depth.shape) == 3 else depth
K = cam["intrinsics"]
E = cam["pose_mat"]

masks = segment_sam3_text_prompt(rgb, "blue alphabet soup can")
if not masks:
    masks = segment_sam3_text_prompt(rgb, "soup can")
if not masks:
    raise RuntimeError("SAM3: no masks for the soup can")
can = max(masks, key=lambda d: d["score"])["mask"]

# look at the goal first, while the arm is out of the way
bm = segment_sam3_text_prompt(rgb, "brown wicker basket")
if not bm:
    bm = segment_sam3_text_prompt(rgb, "basket")
if not bm:
    raise RuntimeError("SAM3: no masks for the basket")
basket_pts = mask_to_world_points(max(bm, key=lambda d: d["score"])["mask"].astype(np.uint8), depth_img, K, E)
basket_xy = 0.5 * (np.percentile(basket_pts[:, :2], 3, axis=0) + np.percentile(basket_pts[:, :2], 97, axis=0))
basket_top = np.percentile(basket_pts[:, 2], 98)

grasp_poses, grasp_scores = plan_grasp(depth, K, can)
print("grasp candidates:", grasp_poses.shape, "best", float(grasp_scores.max()))
best, score = select_top_down_grasp(grasp_poses, grasp_scores, E)
if best is None:
    print("no vertical grasp, taking the best of all")
    best = E @ grasp_poses[grasp_scores.argmax()]
pos, quat = decompose_transform(best)

open_gripper()
goto_pose(pos, quat, z_approach=0.15)
close_gripper()

lift = pos + np.array([0, 0, 0.25])
goto_pose(lift, quat)
above = np.array([basket_xy[0], basket_xy[1], max(lift[2], basket_top + 0.15)])
goto_pose(above, quat)
goto_pose(np.array([basket_xy[0], basket_xy[1], basket_top + 0.05]), quat)
open_gripper()
for _ in range(3):
    get_observation()
goto_pose(above, quat)
