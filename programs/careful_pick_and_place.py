"""Pick and place with checks: look twice, try again when the grasp is empty, verify from the home position."""

import numpy as np

UP = np.array([0.0, 0.0, 1.0])


def read_task(sentence):
    """Names of the object and of the container in 'Pick the X and place it in the Y'."""
    picked, placed = sentence.lower().strip(". ").split(" and place it in the ")
    return picked.replace("pick up the ", "").replace("pick the ", "").strip(), placed.strip()


def look(name, tries=2):
    """A grasp of the named object as a position and an orientation, or None."""
    for _ in range(tries):
        grasp = sample_grasp_pose(name)
        if grasp:
            return grasp.position, grasp.quaternion_wxyz
        wait(0.2)
    return None


def pick(name):
    """Grasp from above, lift a little and check the width between the fingers, then lift on."""
    found = look(name)
    if found is None:
        return None
    position, quaternion = found
    open_gripper()
    goto_pose(position + 0.12 * UP, quaternion)
    found = look(name)  # nearer, and the first look may have been a bad one
    if found is not None and np.linalg.norm(found[0] - position) < 0.03:
        position = 0.5 * (position + found[0])
    depth = tunable("grasp_depth", 0.0, low=-0.01, high=0.02)
    goto_pose(position - depth * UP, quaternion)
    grip = close_gripper()
    goto_pose(position + 0.05 * UP, quaternion)
    if not grip or get_gripper_width() < 0.004:
        return None
    goto_pose(position + tunable("lift_height", 0.22, low=0.12, high=0.35) * UP, quaternion)
    return quaternion


def place(name, quaternion):
    """Carry over the container by way of the home position, lower and let go."""
    position, _ = get_object_pose(name)
    goto_pose(position + 0.28 * UP, quaternion)
    goto_pose(position + tunable("release_height", 0.12, low=0.05, high=0.25) * UP, quaternion)
    open_gripper()
    wait(0.3)
    goto_pose(position + 0.28 * UP, quaternion)
    goto_home_joint_position()


def main():
    """At most two attempts."""
    target, container = read_task(task_language())
    for attempt in range(2):
        quaternion = pick(target)
        if quaternion is None:
            print(f"attempt {attempt + 1}: nothing in the hand")
            open_gripper()
            goto_home_joint_position()
            continue
        place(container, quaternion)
        thing, basket = look(target), get_object_pose(container)
        if thing is None or not basket or np.linalg.norm((thing[0] - basket.position)[:2]) < 0.12:
            print(f"attempt {attempt + 1}: placed")
            return
        print(f"attempt {attempt + 1}: {target} is still beside the {container}")


main()
