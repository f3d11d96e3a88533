# profile: capx_robosuite
# task: libero_90/66
# kinds: 2, 5, 7
# outcome: passes
import numpy as np


def mug_points():
    for _ in range(3):
        cam = get_observation()["robot0_robotview"]
        hits = segment_sam3_text_prompt(cam["images"]["rgb"], "red mug")
        if hits:
            return mask_to_world_points(hits[0]["mask"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
    raise ValueError("mug out of sight")


def axis(pts):
    rim = pts[pts[:, 2] > np.quantile(pts[:, 2], 0.75)]
    return np.quantile(rim[:, :2], [0.04, 0.96], axis=0).mean(axis=0)


cam = get_observation()["robot0_robotview"]
plates = segment_sam3_text_prompt(cam["images"]["rgb"], "plate")
right = max(plates, key=lambda p: p["box"][0])
plate = get_oriented_bounding_box_from_3d_points(
    mask_to_world_points(right["mask"], cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"])
)["center"]
pos, quat = sample_grasp_pose("red mug")
open_gripper()
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
up = pos + np.array([0.0, 0.0, 0.13])
goto_pose(up, quat)
shift = up[:2] - axis(mug_points())
goto_pose(np.array([plate[0] + shift[0], plate[1] + shift[1], pos[2] + 0.012]), quat, z_approach=0.12)
open_gripper()
home_pose()
