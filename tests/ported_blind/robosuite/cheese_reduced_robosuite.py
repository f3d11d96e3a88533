# profile: capx_robosuite
# task: libero_object/1
# kinds: 1, 2, 5
# outcome: passes
import numpy as np

obs = get_observation()
cam = obs["robot0_robotview"]
rgb = cam["images"]["rgb"]
depth = cam["images"]["depth"]
K = cam["intrinsics"]
T = cam["pose_mat"]

dets = segment_sam3_text_prompt(rgb, text_prompt="cream cheese box")
if len(dets) == 0:
    dets = segment_sam3_text_prompt(rgb, text_prompt="blue rectangular box")
best = max(dets, key=lambda d: d["score"])
mask = best["mask"]

# segmentation may be (H, W, 1) and of any integer type
seg = mask.astype(np.int32)[:, :, None]
poses, scores = plan_grasp(depth=depth[:, :, None], intrinsics=K, segmentation=seg)
grasp, score = select_top_down_grasp(poses, scores, T)
if grasp is None:
    grasp = T @ poses[scores.argmax()]
pos, quat = decompose_transform(grasp)

open_gripper()
for dz in (0.12, 0.0):
    move_to_joints(solve_ik(pos + np.array([0, 0, dz]), quat))
close_gripper()
move_to_joints(solve_ik(pos + np.array([0, 0, 0.25]), quat))

basket = max(segment_sam3_text_prompt(rgb, "basket"), key=lambda d: d["score"])
pts = mask_to_world_points(basket["mask"].astype(np.uint8), depth, K, T)
obb = get_oriented_bounding_box_from_3d_points(pts)
c = obb["center"]
for z in (0.32, 0.22):
    move_to_joints(solve_ik(np.array([c[0], c[1], z]), quat))
open_gripper()
