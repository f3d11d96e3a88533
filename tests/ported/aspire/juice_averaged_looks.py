# profile: aspire
# task: libero_object/9
# kinds: 2, 3, 6
# outcome: passes
# Many looks, the median of their boxes.
import numpy as np

LOOKS = 24


def boxes(prompt):
    for_all = []
    for _ in range(LOOKS):
        cam = get_observation()["agentview"]
        hit = next((m for m in segment_sam3_text_prompt(cam["images"]["rgb"], prompt) if m["score"] > 0.2), None)
        if hit is None:
            continue
        pts = mask_to_world_points(hit["mask"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
        if len(pts) > 10:
            for_all.append(get_oriented_bounding_box_from_3d_points(pts))
    return for_all


juice = boxes("orange juice carton")
basket = boxes("basket")
if min(len(juice), len(basket)) < LOOKS // 2:
    raise RuntimeError(f"seen too rarely: {len(juice)} and {len(basket)}")
centres = (b["center"] for b in juice)
position = np.median(np.stack(list(centres)), axis=0)
spread = np.std([b["center"] for b in juice], axis=0).max()
goal = np.median(np.array([b["center"] for b in basket]), axis=0)
print(f"{sum(1 for _ in juice)} looks, spread {spread * 1000:.0f} mm")

quat = np.array([0.0, 0.0, 1.0, 0.0])
open_gripper()
goto_pose(position, quat, z_approach=0.15)
close_gripper()
goto_pose(position + np.array([0.0, 0.0, 0.23]), quat)
goto_pose(np.array([goal[0], goal[1], position[2] + 0.23]), quat)
goto_pose(np.array([goal[0], goal[1], position[2] + 0.13]), quat)
open_gripper()
