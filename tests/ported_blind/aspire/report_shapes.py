# profile: aspire
# task: libero_object/0
# kinds: 5
# outcome: prints
# > agentview 3 3 uint8 2 True
# > agentview True (3, 3) (4, 4) float64
# > orthonormal True det 1.0
# > robot0_eye_in_hand 3 3 uint8 2 True
# > robot0_eye_in_hand True (3, 3) (4, 4) float64
# > orthonormal True det 1.0
# > (8,) (8,) float64
# > unit quaternion True
# > open True
# > closed True
import numpy as np

obs = get_observation()
for key in ("agentview", "robot0_eye_in_hand"):
    cam = obs[key]
    rgb, depth = cam["images"]["rgb"], cam["images"]["depth"]
    print(key, rgb.ndim, rgb.shape[2], rgb.dtype, depth.ndim, depth.dtype == np.float32)
    print(key, rgb.shape[:2] == depth.shape, cam["intrinsics"].shape, cam["pose_mat"].shape, cam["intrinsics"].dtype)
    R = cam["pose_mat"][:3, :3]
    print("orthonormal", bool(np.allclose(R @ R.T, np.eye(3), atol=1e-6)), "det", round(float(np.linalg.det(R)), 3))
print(obs["robot_joint_pos"].shape, obs["robot_cartesian_pos"].shape, obs["robot_cartesian_pos"].dtype)
q = obs["robot_cartesian_pos"][3:7]
print("unit quaternion", abs(float(np.linalg.norm(q)) - 1) < 1e-6)
open_gripper()
print("open", get_observation()["robot_cartesian_pos"][-1] > 0.9)
close_gripper()
print("closed", get_observation()["robot_joint_pos"][-1] < 0.1)
