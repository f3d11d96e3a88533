# profile: aspire
# task: libero_10/0
# kinds: 2, 3, 4, 6
# outcome: passes
# Both cans, one after the other; the basket is looked for once, before anything is in the way.
import numpy as np


def snapshot():
    c = get_observation()["agentview"]
    return c["images"]["rgb"], c["images"]["depth"], c["intrinsics"], c["pose_mat"]


def best_mask(rgb, text):
    ms = segment_sam3_text_prompt(rgb, text)
    return max(ms, key=lambda m: m["score"])["mask"] if ms else None


rgb, depth, K, T = snapshot()
basket_points = mask_to_world_points(best_mask(rgb, "basket"), depth, K, T)
basket = get_oriented_bounding_box_from_3d_points(basket_points)
rim = np.percentile(basket_points[:, 2], 97)
print("rim at", round(float(rim), 2))

for number, name in enumerate(["alphabet soup", "tomato sauce"]):
    for attempt in range(2):
        rgb, depth, K, T = snapshot()
        mask = best_mask(rgb, name)
        if mask is None:
            print(name, "not seen")
            goto_home_joint_position()
            continue
        poses, scores = plan_grasp(depth, K, mask)
        grasp, score = select_top_down_grasp(poses, scores, T)
        if grasp is None:
            continue
        pos, quat = decompose_transform(grasp)
        open_gripper()
        goto_pose(pos, quat, z_approach=0.12)
        close_gripper()
        if get_observation()["robot_cartesian_pos"][7] > 0.2:
            break
        open_gripper()
        goto_home_joint_position()
    up = rim + 0.15
    goto_pose(np.array([pos[0], pos[1], up]), quat)
    side = (-1) ** number * 0.03
    goto_pose(np.array([basket["center"][0] + side, basket["center"][1], up]), quat)
    goto_pose(np.array([basket["center"][0] + side, basket["center"][1], rim + 0.05]), quat)
    open_gripper()
    goto_pose(np.array([basket["center"][0] + side, basket["center"][1], up]), quat)
    goto_home_joint_position()
