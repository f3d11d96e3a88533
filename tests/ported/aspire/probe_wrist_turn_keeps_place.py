# profile: aspire
# task: libero_spatial/2
# kinds: 4, 5
# outcome: prints
# > True
# > 1.57
# Another quarter turn of the last joint: the fingertips stay, the hand turns.
import numpy as np


def mj(position, quaternion):
    j = solve_ik(position, quaternion)
    if j is not None:
        j[6] += np.pi / 2 if j[6] < 1.0 else -np.pi / 2
    return j


place, quat = np.array([0.4, -0.1, 0.3]), np.array([0.0, 1.0, 0.0, 0.0])
move_to_joints(solve_ik(place, quat))
first = get_observation()
move_to_joints(mj(place, quat))
second = get_observation()
print(bool(np.linalg.norm(first["robot_cartesian_pos"][:3] - second["robot_cartesian_pos"][:3]) < 0.02))
print(round(abs(float(second["robot_joint_pos"][6] - first["robot_joint_pos"][6])), 2))
