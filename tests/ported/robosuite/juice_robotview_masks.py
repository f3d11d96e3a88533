# profile: capx_robosuite
# task: libero_object/9
# kinds: 1, 2, 5
# outcome: passes
import numpy as np

obs = get_observation()
view = obs["robot0_robotview"]
rgb = view["images"]["rgb"]
depth = view["images"]["depth"]
K, T = view["intrinsics"], view["pose_mat"]
height, width = depth.shape


def good(mask):
    """Neither specks nor the arm."""
    share = mask.astype(np.uint8).sum() / float(height * width)
    return 0.0005 < share < 0.15


def points_of(prompts):
    for prompt in prompts:
        masks = [r["mask"] for r in segment_sam3_text_prompt(rgb, prompt) if good(r["mask"])]
        if masks:
            return masks[0], mask_to_world_points(masks[0], depth, K, T)
    raise ValueError(f"no mask for {prompts}")


mask, juice = points_of(["orange juice carton", "orange juice"])
_, basket = points_of(["basket", "brown basket"])
top, bottom = np.percentile(juice[:, 2], 97), np.percentile(juice[:, 2], 3)
centre = get_oriented_bounding_box_from_3d_points(juice)["center"]
grasp = np.array([centre[0], centre[1], 0.5 * (top + bottom)])

poses, scores = plan_grasp(depth, K, mask)
best, score = select_top_down_grasp(poses, scores, T)
quat = np.array([0.0, 1.0, 0.0, 0.0]) if best is None else rotation_matrix_to_quaternion(best[:3, :3])

open_gripper()
for p in interpolate_segment(grasp + np.array([0.0, 0.0, 0.12]), grasp, step=0.04):
    move_to_joints(solve_ik(p, quat))
close_gripper()
up = grasp + np.array([0.0, 0.0, 0.24])
move_to_joints(solve_ik(up, quat))
b = get_oriented_bounding_box_from_3d_points(basket)["center"]
for p in interpolate_segment(up, np.array([b[0], b[1], up[2]]), step=0.1)[1:]:
    move_to_joints(solve_ik(p, quat))
move_to_joints(solve_ik(np.array([b[0], b[1], grasp[2] + 0.13]), quat))
open_gripper()
