# profile: aspire
# task: libero_object/0
# kinds: 1, 2, 4
# outcome: passes
import numpy as np


def squeeze_depth(depth):
    return depth[:, :, 0] if depth.ndim == 3 else depth


# Look at the scene once while the arm is still out of the way.
obs = get_observation()
cam = obs["agentview"]
rgb, depth = cam["images"]["rgb"], squeeze_depth(cam["images"]["depth"])
K, E = cam["intrinsics"], cam["pose_mat"]

cans = segment_sam3_text_prompt(rgb, "alphabet soup can")
if len(cans) == 0:
    raise RuntimeError("no alphabet soup in view")
can = max(cans, key=lambda d: d["score"])
can_points = mask_to_world_points(can["mask"].astype(np.uint8), depth, K, E)
print(f"soup: score={can['score']:.2f}, {len(can_points)} points, centre {can_points.mean(axis=0)}")

baskets = segment_sam3_text_prompt(rgb, "basket")
if not baskets:
    raise RuntimeError("no basket in view")
basket = max(baskets, key=lambda d: d["score"])
basket_points = mask_to_world_points(basket["mask"].astype(np.uint8), depth, K, E)
drop_xy = get_oriented_bounding_box_from_3d_points(basket_points)["center"][:2]

# A grasp from the planner; fall back to its favourite when none comes from above.
poses, scores = plan_grasp(depth, K, can["mask"])
grasp, _ = select_top_down_grasp(poses, scores, E)
if grasp is None:
    grasp = E @ poses[scores.argmax()]
grasp_pos, grasp_quat = decompose_transform(grasp)

open_gripper()
goto_pose(grasp_pos, grasp_quat, z_approach=0.15)
goto_pose(grasp_pos, grasp_quat)
close_gripper()

# Straight up, across, down to just above the rim.
lift = np.array([grasp_pos[0], grasp_pos[1], grasp_pos[2] + 0.22])
joints = solve_ik(lift.tolist(), grasp_quat.tolist())
if joints is not None:
    move_to_joints(joints)
for height in (lift[2], 0.20):
    joints = solve_ik([drop_xy[0], drop_xy[1], height], grasp_quat.tolist())
    if joints is not None:
        move_to_joints(joints)
open_gripper()
