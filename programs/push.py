"""Push the object that the task names a little way along the floor and look how far it went."""

import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])


def target_of(sentence):
    """Name of the object in 'Pick the X and place it in the Y'."""
    picked = sentence.lower().split(" and place it in the ")[0]
    return picked.replace("pick up the ", "").replace("pick the ", "").strip()


def shove(name, stroke):
    """Closed fingers behind the object, then forwards; whether the hand got where it wanted to be."""
    position, _, extent = get_object_pose(name, return_bbox_extent=True)
    behind = position - np.array([max(extent) / 2 + 0.06, 0.0, 0.0])
    behind[2] = max(position[2], 0.02)
    close_gripper()
    if not goto_pose(behind, DOWN, z_approach=0.12):
        return False
    moved = push(np.array([1.0, 0.0, 0.0]), 0.06 + stroke)
    goto_pose(behind + np.array([0.0, 0.0, 0.15]), DOWN)
    return bool(moved)


def main():
    """Push once and compare two looks."""
    name = target_of(task_language())
    before, _ = get_object_pose(name)
    arrived = shove(name, tunable("stroke", 0.05, low=0.02, high=0.10))
    goto_home_joint_position()
    try:
        after, _ = get_object_pose(name)
        print(f"{name} moved {np.linalg.norm(after - before):.3f} m, arrived: {arrived}")
    except PerceptionError as error:
        print(f"{name} is out of sight: {error}")


main()
