import numpy as np
import math


def yaw_quat(yaw):
    return np.array([0.0, math.cos(yaw / 2), math.sin(yaw / 2), 0.0])


pos, quat = [0.5, 0.0, 0.1], [0, 1, 0, 0]
try:
    pos, quat = get_object_pose("milk")
except PerceptionError:
    print("using default")
solution = None
for angle in np.linspace(0, np.pi, 5):
    ik = solve_ik(pos, yaw_quat(angle))
    if not ik:
        print(f"angle {math.degrees(angle):.0f} infeasible: {ik.status}")
        continue
    solution = ik
    break
else:
    print("no angle works")
if solution is not None:
    joints = np.array(solution)
    print(len(joints), round(float(joints[0]), 4), joints.shape)
    move_to_joints(solution)
    move_to_joints(joints + 0.01)
    move_to_joints(solution * 0.5)
