"""Pick with the grasp turned from an assumed wrist-camera frame into the base frame.

Plan: find the object, express its centre in the camera, offset it along the optical axis, and go back to the base.
"""

import numpy as np
from scipy.spatial.transform import Rotation as R

TARGET = "cream cheese"
CAMERA_IN_HAND = [0.05, 0.0, -0.06]
DOWN = np.array([0.0, 1.0, 0.0, 0.0])


def wxyz_to_xyzw(q):
    """Reorder a quaternion for scipy."""
    return np.array([q[1], q[2], q[3], q[0]])


def xyzw_to_wxyz(q):
    """Reorder a quaternion for the robot."""
    return np.array([q[3], q[0], q[1], q[2]])


def pose_to_matrix(position, quat_wxyz):
    """Homogeneous 4x4 transform from a position and a wxyz quaternion."""
    T = np.eye(4)
    T[:3, :3] = R.from_quat(wxyz_to_xyzw(quat_wxyz)).as_matrix()
    T[:3, 3] = position
    return T


def invert(T):
    """Inverse of a rigid transform without a general matrix inverse."""
    inverse = np.eye(4)
    inverse[:3, :3] = T[:3, :3].T
    inverse[:3, 3] = -T[:3, :3].T @ T[:3, 3]
    return inverse


def main():
    open_gripper()
    pose = get_object_pose(TARGET)
    if not pose:
        print(f"[main] {TARGET} not visible: {pose.status}")
        goto_home_joint_position()
        pose = get_object_pose(TARGET)
    position, quat = pose
    world_from_object = pose_to_matrix(position, quat)
    hand_from_camera = pose_to_matrix(CAMERA_IN_HAND, np.array([1.0, 0.0, 0.0, 0.0]))
    world_from_hand = pose_to_matrix([0.4, 0.0, 0.5], DOWN)
    world_from_camera = world_from_hand @ hand_from_camera
    camera_from_object = invert(world_from_camera) @ world_from_object
    in_camera = camera_from_object[:3, 3]
    print("object in camera:", np.round(in_camera, 3).tolist())
    in_camera_h = np.append(in_camera + np.array([0.0, 0.0, -0.02]), 1.0)
    back = (world_from_camera @ in_camera_h)[:3]
    check = np.linalg.norm(back - position)
    print(f"round trip offset {check:.4f} m (expected 0.0200)")
    yaw = R.from_quat(wxyz_to_xyzw(quat)).as_euler("zyx")[0]
    turn = R.from_euler("z", yaw) * R.from_quat(wxyz_to_xyzw(DOWN))
    result = goto_pose(back, xyzw_to_wxyz(turn.as_quat()), z_approach=0.1)
    if result:
        close_gripper()
    else:
        print("approach failed:", result.status, f"{result.position_error:.3f}")
    goto_home_joint_position()


main()
