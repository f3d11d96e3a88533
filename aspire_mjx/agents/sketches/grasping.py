"""Other grasps, and grasps tried again."""


def retry_until_held(attempt, *arguments):
    """The width between the fingertips tells whether anything is held."""
    outcome = attempt(*arguments)
    for _ in range(3):
        if get_gripper_width() > 0.004:
            return outcome
        open_gripper()
        goto_home_joint_position()
        outcome = attempt(*arguments)
    return outcome


def deeper_grasp(name):
    """The sampled grasp, further down."""
    import numpy as np

    position, quaternion = sample_grasp_pose(name)
    depth = tunable("grasp_depth", 0.015, low=-0.02, high=0.04)
    return position - np.array([0.0, 0.0, depth]), quaternion


def turned_grasp(name):
    """The sampled grasp with the hand turned about its own axis."""
    import numpy as np

    position, quaternion = sample_grasp_pose(name)
    half = tunable("grasp_turn", 1.5708, low=0.0, high=3.1416) / 2.0
    w, x, y, z = quaternion
    c, s = np.cos(half), np.sin(half)
    return position, np.array([w * c - z * s, x * c + y * s, y * c - x * s, z * c + w * s])


def close_and_settle():
    """Close, and give the grip time to settle."""
    closed = close_gripper()
    wait(tunable("grip_wait", 0.3, low=0.0, high=1.0))
    return closed
