# profile: capx_robosuite
# task: libero_object/8
# kinds: 1, 2, 5, 7
# outcome: passes
# Of the masks for a brown box, the one whose pixels are the darkest.
import numpy as np

cam = get_observation()["robot0_robotview"]
rgb, depth = cam["images"]["rgb"], cam["images"]["depth"]
masks = segment_sam3_text_prompt(rgb, "chocolate pudding box")
if not masks:
    raise ValueError("no pudding")


def brightness(m):
    pixels = rgb[m["mask"]].astype(np.float32)
    return float(pixels.mean()) if len(pixels) else 255.0


candidates = [m for m in masks if m["score"] > 0.5 * max(x["score"] for x in masks)]
chosen = min(candidates, key=brightness)
print(f"{len(candidates)} of {len(masks)} candidates, mean colour {rgb[chosen['mask']].astype(np.int32).mean(axis=0).round()}")
poses, scores = plan_grasp(depth, cam["intrinsics"], chosen["mask"].astype(np.uint8)[:, :, None])
grasp, _ = select_top_down_grasp(poses, scores, cam["pose_mat"])
if grasp is None:
    raise ValueError("no grasp")
pos, quat = decompose_transform(grasp)
basket = segment_sam3_text_prompt(rgb, "basket")[0]["mask"]
box = get_oriented_bounding_box_from_3d_points(
    mask_to_world_points(basket, depth, cam["intrinsics"], cam["pose_mat"])
)
open_gripper()
move_to_joints(solve_ik(pos + np.array([0, 0, 0.1]), quat))
move_to_joints(solve_ik(pos, quat))
close_gripper()
move_to_joints(solve_ik(pos + np.array([0, 0, 0.26]), quat))
move_to_joints(solve_ik(np.array([box["center"][0], box["center"][1], 0.27]), quat))
move_to_joints(solve_ik(np.array([box["center"][0], box["center"][1], 0.18]), quat))
open_gripper()
