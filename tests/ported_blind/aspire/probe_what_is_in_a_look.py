# profile: aspire
# task: libero_goal/8
# kinds: 1, 5
# outcome: prints
# > rgb uint8 3 3
# > depth float32 2 True
# > K (3, 3) float64 T (4, 4)
# > wrist 3 2 (4, 4)
# > joints (8,) cartesian (8,)
# > open 1.0 1.0
# > unit quaternion True
# > rotation True
# > mask bool True 4 list
# > u8 uint8 1 255 0
# > point cloud True
# > empty (0, 3)

# What does an observation look like?
import numpy as np

obs = get_observation()
cam = obs["agentview"]
wrist = obs["robot0_eye_in_hand"]
rgb, depth = cam["images"]["rgb"], cam["images"]["depth"]
print("rgb", rgb.dtype, rgb.ndim, rgb.shape[2])
print("depth", depth.dtype, depth.ndim, depth.shape == rgb.shape[:2])
print("K", cam["intrinsics"].shape, cam["intrinsics"].dtype, "T", cam["pose_mat"].shape)
print("wrist", wrist["images"]["rgb"].ndim, wrist["images"]["depth"].ndim, wrist["pose_mat"].shape)
print("joints", obs["robot_joint_pos"].shape, "cartesian", obs["robot_cartesian_pos"].shape)
print("open", round(float(obs["robot_joint_pos"][-1]), 1), round(float(obs["robot_cartesian_pos"][-1]), 1))
print("unit quaternion", bool(abs(np.linalg.norm(obs["robot_cartesian_pos"][3:7]) - 1) < 1e-6))
print("rotation", bool(np.allclose(cam["pose_mat"][:3, :3] @ cam["pose_mat"][:3, :3].T, np.eye(3), atol=1e-6)))
m = segment_sam3_text_prompt(rgb, "black bowl")
print("mask", m[0]["mask"].dtype, m[0]["mask"].shape == rgb.shape[:2], len(m[0]["box"]), type(m[0]["box"]).__name__)
u8 = m[0]["mask"].astype(np.uint8)
print("u8", u8.dtype, u8.max(), (u8 * 255).max(), (u8 * 255 + u8).max())
print("point cloud", depth_to_point_cloud(depth, cam["intrinsics"]).shape == rgb.shape)
print("empty", mask_to_world_points(np.zeros_like(u8), depth, cam["intrinsics"], cam["pose_mat"]).shape)
