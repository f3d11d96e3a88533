# profile: aspire
# task: libero_object/3
# kinds: 2, 5, 7
# outcome: passes
# Look for the sauce under several descriptions and carry it to the basket.
import numpy as np

PROMPTS = {
    "sauce": ["dark brown barbecue sauce bottle", "bbq sauce", "brown plastic bottle"],
    "basket": ["wicker storage basket", "open brown basket", "basket"],
}


def observe():
    o = get_observation()["agentview"]
    d = o["images"]["depth"]
    return o["images"]["rgb"], (d[:, :, 0] if len(d.shape) == 3 else d), o["intrinsics"], o["pose_mat"]


def locate(what, min_points=12):
    rgb, depth, K, E = observe()
    h, w = rgb.shape[:2]
    for text in PROMPTS[what]:
        options = [m for m in segment_sam3_text_prompt(rgb, text) if m["mask"].sum() / (h * w) < 0.25]
        if not options:
            continue
        options.sort(key=lambda m: -m["score"])
        for option in options:
            pts = mask_to_world_points(option["mask"], depth, K, E)
            if len(pts) >= min_points:
                return option["mask"], pts
    return None, None


sauce_mask, sauce_pts = locate("sauce")
basket_mask, basket_pts = locate("basket")
if sauce_mask is None:
    raise RuntimeError("sauce not found")
if basket_mask is None:
    raise RuntimeError("basket not found")

_, depth, K, E = observe()
candidates, values = plan_grasp(depth, K, sauce_mask)
best, value = select_top_down_grasp(candidates, values, E, vertical_threshold=0.9)
if best is None:
    print("no vertical grasp, straight down over the box's centre")
    position = get_oriented_bounding_box_from_3d_points(sauce_pts)["center"]
    quaternion = np.array([0.0, 1.0, 0.0, 0.0])
else:
    position, quaternion = decompose_transform(best)

open_gripper()
above = position.copy()
above[2] += 0.12
move_to_joints(solve_ik(above, quaternion))
move_to_joints(solve_ik(position, quaternion))
close_gripper()

carry = position.copy()
carry[2] = 0.30
move_to_joints(solve_ik(carry, quaternion))
centre = get_oriented_bounding_box_from_3d_points(basket_pts)["center"]
carry[:2] = centre[:2]
move_to_joints(solve_ik(carry, quaternion))
carry[2] = position[2] + 0.13
move_to_joints(solve_ik(carry, quaternion))
open_gripper()
print("done, score", value)
