# profile: aspire
# task: libero_goal/8
# kinds: 6
# outcome: prints
# > [0.0, 1.0, 0.0, 0.0]
# > [0.1, 0.2, 0.3] [1.0, 0.0, 0.0, 0.0]
# > (2, 3, 3) (4, 3)
# > 5 [0.0, 0.0, 0.1]
# > (4, 5, 3) 0.5
import numpy as np

down = rotation_matrix_to_quaternion(np.diag([1.0, -1.0, -1.0]))
print(np.abs(down).round(3).tolist())
T = np.eye(4)
T[:3, 3] = [0.1, 0.2, 0.3]
position, quaternion = decompose_transform(T)
print(position.tolist(), quaternion.tolist())
print(transform_points(np.zeros((2, 3, 3)), T).shape, transform_points(np.ones((4, 3)), T).shape)
way = interpolate_segment(np.zeros(3), np.array([0.0, 0.0, 0.1]), step=0.025)
print(len(way), way[-1].round(6).tolist())
K = np.array([[10.0, 0.0, 2.0], [0.0, 10.0, 1.5], [0.0, 0.0, 1.0]])
cloud = depth_to_point_cloud(np.full((4, 5, 1), 0.5), K)
print(cloud.shape, float(cloud[0, 0, 2]))
