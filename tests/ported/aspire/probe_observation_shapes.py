# profile: aspire
# task: libero_goal/1
# kinds: 5
# outcome: prints
# > (8,) (8,) float64
# > (4, 4) True True
# > True True True
# > 2 2 float32 uint8
# > True
import numpy as np

obs = get_observation()
print(obs["robot_cartesian_pos"].shape, obs["robot_joint_pos"].shape, obs["robot_cartesian_pos"].dtype)
pose = obs["agentview"]["pose_mat"]
turn = pose[:3, :3]
print(pose.shape, np.allclose(turn.T @ turn, np.eye(3), atol=1e-3), np.isclose(np.linalg.det(turn), 1.0, atol=1e-3))
K = obs["robot0_eye_in_hand"]["intrinsics"]
rgb, depth = obs["agentview"]["images"]["rgb"], obs["agentview"]["images"]["depth"]
print(K.shape == (3, 3), K[0, 0] == K[1, 1], rgb.shape[:2] == depth.shape)
wrist = obs["robot0_eye_in_hand"]["images"]
print(wrist["depth"].ndim, depth.ndim, depth.dtype, wrist["rgb"].dtype)
print(abs(np.linalg.norm(obs["robot_cartesian_pos"][3:7]) - 1.0) < 1e-3)
