# profile: aspire
# task: libero_object/4
# kinds: 2, 3, 6
# outcome: passes
# The clouds of both cameras, one of the whole scene and one of the ketchup, for the planner that takes clouds.
import numpy as np
import open3d as o3d
import viser.transforms as vtf


def world_cloud(camera):
    """All pixels of a camera as points in the robot's frame."""
    depth = camera["images"]["depth"]
    points = depth_to_point_cloud(depth, camera["intrinsics"]).reshape(-1, 3)
    seen = points[:, 2] > 0.0
    return transform_points(points[seen], camera["pose_mat"])


def masked_cloud(camera, text):
    detections = segment_sam3_text_prompt(camera["images"]["rgb"], text)
    if not detections:
        return np.empty((0, 3))
    top = max(detections, key=lambda d: d["score"])
    return mask_to_world_points(top["mask"], camera["images"]["depth"], camera["intrinsics"], camera["pose_mat"])


obs = get_observation()
scene = np.concatenate([world_cloud(obs[name]) for name in ("agentview", "robot0_eye_in_hand")])
front = masked_cloud(obs["agentview"], "ketchup bottle")
if len(front) == 0:
    raise RuntimeError("no ketchup in the agent view")
wrist = masked_cloud(obs["robot0_eye_in_hand"], "ketchup bottle")
agree = len(wrist) > 0 and np.linalg.norm(np.median(wrist, axis=0) - np.median(front, axis=0)) < 0.05
ketchup = np.concatenate([front, wrist]) if agree else front
ketchup, _ = filter_noise(ketchup) if len(ketchup) > 2000 else (ketchup, None)
print(len(scene), len(ketchup))

poses, scores = plan_grasp_from_point_clouds(
    subsample_point_cloud(scene, max_points=20000), subsample_point_cloud(ketchup, max_points=10000)
)
down = poses[:, 2, 2] < -0.8
chosen = poses[np.where(down)[0][np.argmax(scores[down])]] if down.any() else poses[np.argmax(scores)]
pos, quat = decompose_transform(chosen)

open_gripper()
goto_pose(pos, quat, z_approach=0.1)
close_gripper()
goto_pose(pos + np.array([0, 0, 0.24]), quat)
basket = get_oriented_bounding_box_from_3d_points(masked_cloud(obs["agentview"], "basket"))["center"]
goto_pose(np.array([basket[0], basket[1], pos[2] + 0.24]), quat)
goto_pose(np.array([basket[0], basket[1], pos[2] + 0.13]), quat)
open_gripper()
