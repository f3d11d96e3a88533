# profile: aspire
# task: libero_object/6
# kinds: 2, 7
# outcome: passes

# Pick up the butter and put it into the basket: flat box, so grasp across the short side found from the OBB.
import numpy as np
from scipy.spatial.transform import Rotation as Rot


def topdown(yaw):
    m = Rot.from_euler("z", yaw).as_matrix() @ np.diag([1.0, -1.0, -1.0])
    x, y, z, w = Rot.from_matrix(m).as_quat()
    return np.array([w, x, y, z])


def see(prompts):
    obs = get_observation()
    cam = obs["agentview"]
    depth = cam["images"]["depth"]
    if depth.ndim == 3:
        depth = depth[:, :, 0]
    for prompt in prompts:
        found = segment_sam3_text_prompt(cam["images"]["rgb"], prompt)
        if not found:
            print(f"nothing for '{prompt}'")
            continue
        best = max(found, key=lambda d: d["score"])
        pts = mask_to_world_points(best["mask"].astype(np.uint8), depth, cam["intrinsics"], cam["pose_mat"])
        if len(pts) >= 10:
            return pts
    raise RuntimeError(f"could not see any of {prompts}")


open_gripper()
butter = see(["butter box", "butter"])
basket = see(["woven basket", "basket"])

obb = get_oriented_bounding_box_from_3d_points(butter)
center = np.asarray(obb["center"])
axes = obb["R"]
extent = np.asarray(obb["extent"])
# the longest axis that lies flat; the fingers close perpendicular to it
flat = [i for i in range(3) if abs(axes[2, i]) < 0.7]
long_axis = axes[:, max(flat, key=lambda i: extent[i])]
yaw = np.arctan2(long_axis[1], long_axis[0])
yaw = (yaw + np.pi / 2) % np.pi - np.pi / 2
quat = topdown(yaw)
print(f"butter at {np.round(center, 3)}, extent {np.round(extent, 3)}, yaw {np.degrees(yaw):.0f} deg")

top = np.percentile(butter[:, 2], 95)
grasp = np.array([center[0], center[1], top - 0.012])
move_to_joints(solve_ik(grasp + np.array([0, 0, 0.12]), quat))
move_to_joints(solve_ik(grasp, quat))
close_gripper()
move_to_joints(solve_ik(grasp + np.array([0, 0, 0.25]), quat))

basket_center = get_oriented_bounding_box_from_3d_points(basket)["center"]
rim = np.percentile(basket[:, 2], 97)
over = np.array([basket_center[0], basket_center[1], rim + 0.12])
move_to_joints(solve_ik(over, quat))
move_to_joints(solve_ik([over[0], over[1], rim + 0.02], quat))
open_gripper()
move_to_joints(solve_ik(over, quat))
