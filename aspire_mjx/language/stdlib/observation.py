"""What the robot observes, in the form of CaP-X."""


def get_observation():
    """What the cameras see and where the joints are: {camera: {"images", "intrinsics", "pose_mat", "pose"}}.

    "images" are "rgb" and "depth"; "pose" (7,) is the position and the wxyz quaternion of "pose_mat".
    Cameras: ``agentview`` beside the workspace, also called ``robot0_robotview``, and ``robot0_eye_in_hand``, also
    called ``wrist``. Beside them: ``robot_cartesian_pos`` (8,), the hand's own frame, 0.107 m behind the fingertips: m,
    wxyz, and how far the fingers are open, 0 to 1; ``robot_joint_pos`` (8,) rad and the same.
    """
    import numpy as np

    seen = camera_images()
    fixed = {
        "images": {"rgb": seen.agentview_rgb, "depth": seen.agentview_depth},
        "intrinsics": seen.agentview_intrinsics,
        "pose_mat": seen.agentview_pose_mat,
        "pose": _seven_numbers(seen.agentview_pose_mat),
    }
    moving = {
        "images": {"rgb": seen.wrist_rgb, "depth": seen.wrist_depth},
        "intrinsics": seen.wrist_intrinsics,
        "pose_mat": seen.wrist_pose_mat,
        "pose": _seven_numbers(seen.wrist_pose_mat),
    }
    w, x, y, z = seen.quaternion_wxyz
    axis = np.array([2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)])
    opening = np.clip([seen.width / 0.08], 0.0, 1.0)
    return {
        "agentview": fixed,
        "robot0_robotview": fixed,
        "robot0_eye_in_hand": moving,
        "wrist": moving,
        "robot_joint_pos": np.concatenate([seen.joints, opening]),
        "robot_cartesian_pos": np.concatenate([seen.position - 0.107 * axis, seen.quaternion_wxyz, opening]),
    }


def _seven_numbers(pose):
    """Position (3,) and quaternion (w, x, y, z) of a homogeneous matrix (4, 4), one behind the other."""
    import numpy as np

    return np.concatenate([pose[:3, 3], rotation_matrix_to_quaternion(pose[:3, :3])])
