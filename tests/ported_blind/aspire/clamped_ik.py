# profile: aspire
# task: libero_object/0
# kinds: 5, 6
# outcome: prints
# > ndarray (7,) True
# > stayed inside: True
# > copy is its own: True
# > no points: (0, 3)
# > None True
# > [0. 0. 0.] 5
import numpy as np

Q = np.array([0.0, 1.0, 0.0, 0.0])
far = solve_ik([1.6, 0.9, 0.3], Q)
print(type(far).__name__, far.shape, far is not None)
move_to_joints(far)
p = get_observation()["robot_cartesian_pos"][:3]
print("stayed inside:", bool(p[0] < 0.8 and abs(p[1]) < 0.55))
again = far.copy()
again[6] += 0.5
print("copy is its own:", bool(abs(again[6] - far[6] - 0.5) < 1e-9))
empty = mask_to_world_points(np.zeros(get_observation()["agentview"]["images"]["depth"].shape, dtype=np.uint8),
                             get_observation()["agentview"]["images"]["depth"],
                             get_observation()["agentview"]["intrinsics"], get_observation()["agentview"]["pose_mat"])
print("no points:", empty.shape)
best, score = select_top_down_grasp(np.zeros((0, 4, 4)), np.zeros(0), np.eye(4))
print(best, score == -np.inf)
print(normalize_vector(np.zeros(3)), len(interpolate_segment(np.zeros(3), np.array([0.1, 0, 0]))))
