# profile: aspire
# task: libero_goal/6
# kinds: 1, 2, 7
# outcome: passes
import numpy as np
from scipy.spatial.transform import Rotation


def topdown(yaw_deg=0):
    base = np.diag([1.0, -1.0, -1.0])
    q = Rotation.from_matrix(Rotation.from_euler("z", yaw_deg, degrees=True).as_matrix() @ base).as_quat()
    return np.array([q[3], q[0], q[1], q[2]])


def localize(rgb, depth, K, E, prompts):
    if isinstance(prompts, str):
        prompts = [prompts]
    for prompt in prompts:
        masks = segment_sam3_text_prompt(rgb, prompt)
        if not masks:
            continue
        pts = mask_to_world_points(max(masks, key=lambda d: d["score"])["mask"].astype(np.uint8), depth, K, E)
        if pts is not None and len(pts) >= 10:
            return get_oriented_bounding_box_from_3d_points(pts), pts
    return None, None


obs = get_observation()["agentview"]
args = (obs["images"]["rgb"], obs["images"]["depth"], obs["intrinsics"], obs["pose_mat"])
cheese, cheese_pts = localize(*args, ["cream cheese", "small rectangular white package", "white box"])
bowl, bowl_pts = localize(*args, ["silver bowl", "black bowl", "bowl"])
if cheese is None or bowl is None:
    raise RuntimeError("not all objects found")

side = cheese["R"][:, np.argmax(cheese["extent"])]
yaw = np.degrees(np.arctan2(side[1], side[0]))
yaw = (yaw + 90) % 180 - 90
quat = topdown(yaw)
grip = np.array([cheese["center"][0], cheese["center"][1], cheese["center"][2]])

open_gripper()
goto_pose(grip, quat, z_approach=0.1)
close_gripper()
rim = np.percentile(bowl_pts[:, 2], 95)
goto_pose(grip + np.array([0, 0, 0.2]), quat)
goto_pose(np.array([bowl["center"][0], bowl["center"][1], rim + 0.12]), quat)
goto_pose(np.array([bowl["center"][0], bowl["center"][1], rim + 0.015]), quat)
open_gripper()
goto_pose(np.array([bowl["center"][0], bowl["center"][1], rim + 0.15]), quat)
