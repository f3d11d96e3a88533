# profile: aspire
# task: libero_90/47
# kinds: 1, 2, 7
# outcome: passes
import numpy as np
from scipy.spatial.transform import Rotation


def down_with_yaw(yaw):
    """Gripper pointing at the table, turned by yaw about the vertical, as wxyz."""
    flipped = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]])
    x, y, z, w = Rotation.from_matrix(Rotation.from_euler("z", yaw).as_matrix() @ flipped).as_quat()
    return np.array([w, x, y, z])


def find(image, depth_map, K, T, prompts, least=10):
    for prompt in prompts:
        candidates = segment_sam3_text_prompt(image, prompt)
        if not candidates:
            print(f"nothing for '{prompt}'")
            continue
        chosen = sorted(candidates, key=lambda c: c["score"], reverse=True)[0]
        cloud = mask_to_world_points(chosen["mask"].astype(np.uint8), depth_map, K, T)
        if cloud is None or len(cloud) < least:
            continue
        print(f"'{prompt}' -> {len(cloud)} points")
        return cloud
    return None


view = get_observation()["agentview"]
img, d = view["images"]["rgb"], view["images"]["depth"]
K, T = view["intrinsics"], view["pose_mat"]

cheese = find(img, d, K, T, ["flat white cream cheese box", "cream cheese", "small white box"])
basket = find(img, d, K, T, ["woven basket", "rectangular basket", "basket"])
if cheese is None or basket is None:
    raise RuntimeError("scene not understood")

box = get_oriented_bounding_box_from_3d_points(cheese)
long_axis = box["R"][:, int(np.argmax(box["extent"]))]
yaw = np.arctan2(long_axis[1], long_axis[0])
yaw = (yaw + np.pi / 2) % np.pi - np.pi / 2
quat = down_with_yaw(yaw)  # the fingers close along y, across the long side

target = np.array([box["center"][0], box["center"][1], np.percentile(cheese[:, 2], 90) - 0.010])
rim = np.percentile(basket[:, 2], 97)

open_gripper()
for lift in (0.12, 0.0):
    j = solve_ik((target + np.array([0, 0, lift])).tolist(), quat.tolist())
    if j is not None:
        move_to_joints(j)
close_gripper()
move_to_joints(solve_ik([target[0], target[1], rim + 0.12], quat.tolist()))
goal = get_oriented_bounding_box_from_3d_points(basket)["center"]
for z in (rim + 0.12, rim + 0.03):
    move_to_joints(solve_ik([goal[0], goal[1], z], quat.tolist()))
open_gripper()
