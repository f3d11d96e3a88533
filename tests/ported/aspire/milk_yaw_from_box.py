# profile: aspire
# task: libero_object/7
# kinds: 2, 5, 6
# outcome: passes
from typing import Optional, Tuple

import numpy as np
from scipy.spatial.transform import Rotation as R


def wxyz(rotation: R) -> np.ndarray:
    q = rotation.as_quat()
    return np.array([q[3], q[0], q[1], q[2]])


def top_down(yaw: float) -> np.ndarray:
    return wxyz(R.from_euler("z", yaw) * R.from_euler("x", np.pi))


def cloud(name: str) -> Optional[np.ndarray]:
    cam = get_observation()["agentview"]
    hits = segment_sam3_text_prompt(cam["images"]["rgb"], name)
    if len(hits) == 0:
        return None
    hit = hits[int(np.argmax([h["score"] for h in hits]))]
    return mask_to_world_points(hit["mask"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])


def box_and_yaw(points: np.ndarray) -> Tuple[dict, float]:
    """Box around the points, and the yaw that closes the fingers across its narrower horizontal side."""
    box = get_oriented_bounding_box_from_3d_points(points)
    horizontal = [i for i in range(3) if abs(box["R"][2, i]) < 0.7]
    narrow = min(horizontal, key=lambda i: box["extent"][i])
    axis = box["R"][:, narrow]
    yaw = np.arctan2(axis[1], axis[0]) - np.pi / 2
    return box, (yaw + np.pi / 2) % np.pi - np.pi / 2


milk = cloud("milk carton")
basket = cloud("basket")
if milk is None or basket is None:
    raise RuntimeError("missing object")
box, yaw = box_and_yaw(milk)
quat = top_down(yaw)
point = np.array([box["center"][0], box["center"][1], milk[:, 2].max() - 0.04])
print(f"yaw {np.degrees(yaw):.0f} deg, height {box['extent'].max():.3f} m")

open_gripper()
move_to_joints(solve_ik(point + np.array([0, 0, 0.12]), quat))
move_to_joints(solve_ik(point, quat))
close_gripper()
move_to_joints(solve_ik(point + np.array([0, 0, 0.22]), quat))
goal = get_oriented_bounding_box_from_3d_points(basket)["center"]
move_to_joints(solve_ik(np.array([goal[0], goal[1], point[2] + 0.22]), quat))
move_to_joints(solve_ik(np.array([goal[0], goal[1], point[2] + 0.12]), quat))
open_gripper()
