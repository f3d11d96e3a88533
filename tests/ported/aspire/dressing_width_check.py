# profile: aspire
# task: libero_object/2
# kinds: 4, 5, 6
# outcome: passes
import time

import numpy as np

TOP_DOWN = np.array([0.0, 1.0, 0.0, 0.0])
HELD = 0.12  # of the full opening; thinner is air


def finger_opening():
    """Normalised gripper opening, the last number of the hand's pose."""
    return float(get_observation()["robot_cartesian_pos"][-1])


def see(prompt):
    o = get_observation()["agentview"]
    found = segment_sam3_text_prompt(o["images"]["rgb"], prompt)
    if not found:
        return None
    m = max(found, key=lambda f: f["score"])["mask"]
    return mask_to_world_points(m, o["images"]["depth"], o["intrinsics"], o["pose_mat"])


def attempt(dz):
    cloud = see("salad dressing bottle")
    if cloud is None or len(cloud) < 10:
        return None
    centre = get_oriented_bounding_box_from_3d_points(cloud)["center"]
    tip = np.array([centre[0], centre[1], centre[2] + dz])
    open_gripper()
    move_to_joints(solve_ik(tip + np.array([0, 0, 0.15]), TOP_DOWN))
    move_to_joints(solve_ik(tip, TOP_DOWN))
    close_gripper()
    time.sleep(0.2)
    return tip


basket_cloud = see("basket")
assert basket_cloud is not None, "basket not visible"
basket_xy = get_oriented_bounding_box_from_3d_points(basket_cloud)["center"][:2]

held = None
for trial, dz in enumerate([0.0, -0.015, 0.015]):
    tip = attempt(dz)
    width = finger_opening()
    print(f"attempt {trial}: opening {width:.2f}")
    if tip is not None and width > HELD:
        held = tip
        break
    goto_home_joint_position()

if held is None:
    raise RuntimeError("could not grasp the dressing")

move_to_joints(solve_ik(held + np.array([0, 0, 0.25]), TOP_DOWN))
move_to_joints(solve_ik(np.array([basket_xy[0], basket_xy[1], held[2] + 0.25]), TOP_DOWN))
move_to_joints(solve_ik(np.array([basket_xy[0], basket_xy[1], held[2] + 0.14]), TOP_DOWN))
open_gripper()
for _ in range(3):
    get_observation()
