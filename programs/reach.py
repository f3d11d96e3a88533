"""Show which object the task is about: hold the open hand above it, then go home."""

import numpy as np


def target_of(sentence):
    """Name of the object in 'Pick the X and place it in the Y'."""
    picked = sentence.lower().split(" and place it in the ")[0]
    return picked.replace("pick up the ", "").replace("pick the ", "").strip()


def main():
    """Point once."""
    height = tunable("hover_height", 0.15, low=0.08, high=0.25)
    name = target_of(task_language())
    position, quaternion = sample_grasp_pose(name)
    reached = goto_pose(position + np.array([0.0, 0.0, height]), quaternion)
    if not reached:
        print(f"cannot point at {name}: {reached.status}")
    goto_home_joint_position()


main()
