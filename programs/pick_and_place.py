"""Pick the object that the task names and place it in the container that it names: a plain first draft."""

import numpy as np


def read_task(sentence):
    """Names of the object and of the container in 'Pick the X and place it in the Y'."""
    words = sentence.lower().strip().strip(".")
    picked, placed = words.split(" and place it in the ")
    target = picked.replace("pick up the ", "").replace("pick the ", "")
    return target.strip(), placed.strip()


def pick(name):
    """Grasp the named object from above and lift it."""
    position, quaternion = sample_grasp_pose(name)
    approach = tunable("approach_height", 0.10, low=0.05, high=0.20)
    lift = tunable("lift_height", 0.20, low=0.10, high=0.40)
    open_gripper()
    goto_pose(position, quaternion, z_approach=approach)
    close_gripper()
    goto_pose(position + np.array([0.0, 0.0, lift]), quaternion)
    return quaternion


def place(name, quaternion):
    """Carry what is held over the named container and let go."""
    position, _ = get_object_pose(name)
    height = tunable("release_height", 0.10, low=0.05, high=0.25)
    goto_pose(position + np.array([0.0, 0.0, height]), quaternion)
    open_gripper()


def main():
    """Do the task once."""
    target, container = read_task(task_language())
    print(f"picking {target}, placing it in {container}")
    quaternion = pick(target)
    place(container, quaternion)
    goto_home_joint_position()


main()
