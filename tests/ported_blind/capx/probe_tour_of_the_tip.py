# profile: capx
# task: libero_goal/8
# kinds: 5
# outcome: prints
# > visited 6 all within 2.5 cm True
# > moved home True elbow -2.4
# > closed True
# > opened True

# Calibration tour: does goto_pose put the fingertip where it was told?  Prints the residuals.
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
TIP = np.array([0.0, 0.0, 0.1])       # goto_pose's point is 0.1 m along the hand's z


def tip():
    c = get_observation()["robot_cartesian_pos"]
    w, x, y, z = c[3:7]
    R = np.array([
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ])
    return c[:3] + R @ TIP, R[:, 2]


errors = []
for x in (0.4, 0.55):
    for y in (-0.2, 0.0, 0.2):
        goal = np.array([x, y, 0.3])
        goto_pose(goal, DOWN)
        t, axis = tip()
        errors.append(np.linalg.norm(t - goal))
        assert axis[2] < -0.99, axis
errors = np.array(errors)
print("visited", errors.size, "all within 2.5 cm", bool((errors < 0.025).all()))
before = get_observation()["robot_joint_pos"][:7].copy()
goto_home_joint_position()
after = get_observation()["robot_joint_pos"][:7]
print("moved home", bool(np.abs(after - before).max() > 0.1), "elbow", round(float(after[3]), 1))
close_gripper()
print("closed", bool(get_observation()["robot_joint_pos"][-1] < 0.1))
open_gripper()
print("opened", bool(get_observation()["robot_joint_pos"][-1] > 0.9))
