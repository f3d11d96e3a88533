# profile: aspire
# task: libero_object/9
# kinds: 2, 6
# outcome: prints
# > True (4, 4) True
# > True (4, 4) True
# > None True
# Planned grasps: shapes, frames, and what no grasp from above looks like.
import numpy as np

obs = get_observation()
cam = obs["agentview"]
depth, K, T = cam["images"]["depth"], cam["intrinsics"], cam["pose_mat"]
mask = segment_sam3_text_prompt(cam["images"]["rgb"], "orange juice")[0]["mask"]
poses, scores = plan_grasp(depth[:, :, None], K, mask.astype(np.int32)[:, :, None])
print(poses.ndim == 3, poses[0].shape, len(poses) == len(scores))

scene = transform_points(depth_to_point_cloud(depth, K).reshape(-1, 3)[depth.ravel() > 0], T)
thing = mask_to_world_points(mask, depth, K, T)
world_poses, world_scores = plan_grasp_from_point_clouds(pc_full=scene, pc_segment=thing)
best = world_poses[int(np.argmax(world_scores))]
near = np.linalg.norm(best[:3, 3] - np.median(thing, axis=0)) < 0.12
print(world_poses.ndim == 3, best.shape, bool(near))
upwards = np.stack([np.eye(4)])
grasp, score = select_top_down_grasp(upwards, np.array([1.0]), np.eye(4))
print(grasp, score == -np.inf)
