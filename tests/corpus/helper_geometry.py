# The API's geometry helpers: way-points over an obstacle, frames taken apart, grasps chosen.
import numpy as np
from scipy.spatial.transform import Rotation as R

start = np.array([0.40, -0.20, 0.20])
position, quaternion = sample_grasp_pose("milk")
waypoints = interpolate_segment(start, position + np.array([0.0, 0.0, 0.15]), step=0.08)
print(len(waypoints), waypoints[-1])

camera = np.eye(4)
camera[:3, :3] = R.from_euler("x", 180, degrees=True).as_matrix()
camera[:3, 3] = [0.5, 0.0, 0.8]
moved = transform_points(np.array(waypoints), camera)
print(moved.shape, np.round(moved[0], 3))
where, turned = decompose_transform(camera)
print(where, np.round(rotation_matrix_to_quaternion(camera[:3, :3]), 3), np.round(turned, 3))

grasps, scores = [], []
for i, tilt in enumerate([0.0, 25.0, 60.0]):
    grasp = np.eye(4)
    grasp[:3, :3] = R.from_euler("y", tilt, degrees=True).as_matrix()
    grasp[:3, 3] = [0.0, 0.01 * i, 0.6]
    grasps.append(grasp)
    scores.append(0.5 + 0.1 * i)
best, score = select_top_down_grasp(np.array(grasps), scores, camera)
print(score, np.round(best[:3, 3], 3))
print(select_top_down_grasp([], [], camera))

away = normalize_vector(position - where)
print(np.round(normalize_vector([0.0, 3.0, 4.0]), 3), np.linalg.norm(normalize_vector(np.zeros(3))))
for point in waypoints[1:]:
    if not goto_pose(point, [0.0, 1.0, 0.0, 0.0]):
        print("stopped")
        break
try:
    interpolate_segment(start, position, step=0.0)
except ValueError as error:
    print(error)
interpolate_segment(start, position, -1.0)
