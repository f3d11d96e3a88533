# profile: capx
# task: libero_10/0
# kinds: 3, 4, 5
# outcome: passes
import numpy as np


def pick(name):
    for _ in range(3):
        try:
            pos, quat = sample_grasp_pose(name)
            break
        except ValueError as error:
            print("retrying:", error)
    open_gripper()
    goto_pose(pos, quat, z_approach=0.1)
    close_gripper()
    goto_pose(pos + np.array([0.0, 0.0, 0.25]), quat)
    return pos, quat


def place(quat, where, height):
    goto_pose(np.array([where[0], where[1], height]), quat)
    goto_pose(np.array([where[0], where[1], height - 0.08]), quat)
    open_gripper()
    goto_pose(np.array([where[0], where[1], height]), quat)


basket, _ = get_object_pose("basket")
jobs = {"alphabet_soup": np.array([0.0, 0.03]), "tomato_sauce": np.array([0.0, -0.03])}
for name, shift in jobs.items():
    for _ in range(2):
        pos, quat = pick(name)
        if get_observation()["robot_cartesian_pos"][-1] > 0.1:
            break
        goto_home_joint_position()
    place(quat, basket[:2] + shift, pos[2] + 0.25)
    goto_home_joint_position()
    for _ in range(4):
        get_observation()
print("both placed")
