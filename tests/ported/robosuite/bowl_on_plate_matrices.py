# profile: capx_robosuite
# task: libero_90/9
# kinds: 4, 5
# outcome: passes
# The rigid transform between the hand and the bowl, applied again at the plate.
import numpy as np
from scipy.spatial.transform import Rotation as R


def to_matrix(pos, quat_wxyz):
    T = np.eye(4)
    T[:3, :3] = R.from_quat(np.roll(quat_wxyz, -1)).as_matrix()
    T[:3, 3] = pos
    return T


def from_matrix(T):
    return T[:3, 3].copy(), np.roll(R.from_matrix(T[:3, :3]).as_quat(), 1)


bowl_pos, _, _ = get_object_pose("black bowl")
plate_pos, _, _ = get_object_pose("plate")
grasp_pos, grasp_quat = sample_grasp_pose("black bowl")
bowl = to_matrix(bowl_pos, np.array([1.0, 0.0, 0.0, 0.0]))
hand = to_matrix(grasp_pos, grasp_quat)
hand_in_bowl = np.linalg.inv(bowl) @ hand

open_gripper()
goto_pose(grasp_pos, grasp_quat, z_approach=0.1)
close_gripper()
target = bowl.copy()
target[:2, 3] = plate_pos[:2]
target[2, 3] = bowl_pos[2] + 0.02
end_pos, end_quat = from_matrix(target @ hand_in_bowl)
goto_pose(grasp_pos + np.array([0.0, 0.0, 0.17]), grasp_quat)
goto_pose(end_pos + np.array([0.0, 0.0, 0.15]), end_quat)
goto_pose(end_pos, end_quat)
open_gripper()
home_pose()
