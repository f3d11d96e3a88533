"""What the robot observes, in the form of CaP-X."""


def get_observation():
    """What the cameras see and where the joints are: {camera: {"images": {"rgb", "depth"}, "intrinsics", "pose_mat"}}.

    ``robot_joint_pos`` (7,) rad and ``robot_cartesian_pos`` (7,) m and wxyz are beside the cameras' names.
    """
    import numpy as np

    seen = camera_images()
    return {
        "agentview": {
            "images": {"rgb": seen.agentview_rgb, "depth": seen.agentview_depth},
            "intrinsics": seen.agentview_intrinsics,
            "pose_mat": seen.agentview_pose_mat,
        },
        "wrist": {
            "images": {"rgb": seen.wrist_rgb, "depth": seen.wrist_depth},
            "intrinsics": seen.wrist_intrinsics,
            "pose_mat": seen.wrist_pose_mat,
        },
        "robot_joint_pos": seen.joints,
        "robot_cartesian_pos": np.concatenate([seen.position, seen.quaternion_wxyz]),
    }
