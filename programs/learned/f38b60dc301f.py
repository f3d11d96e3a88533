"""Pick the object that the task names and place it in the container that it names: a plain first draft."""

import numpy as np


def look_again_for_grasp(name):
    """Look; when nothing is found, get out of the way and look again."""
    look = sample_grasp_pose(name)
    for attempt in range(3):
        if look:
            return look
        if attempt == 0:
            goto_home_joint_position()
        wait(0.1)
        look = sample_grasp_pose(name)
    return look


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

    position, quaternion = look_again_for_grasp(name)
    depth = tunable("grasp_depth", 0.015, low=-0.02, high=0.04)
    return position - np.array([0.0, 0.0, depth]), quaternion


def redo_until_inside(task, *arguments):
    """Do the task, look, and do it again while the object is seen outside the container."""
    import numpy as np

    picked, inside, container = task_language().lower().strip(" .").partition(" and place it in the ")
    name = picked.replace("pick up the ", "").replace("pick the ", "")
    outcome = None
    for _ in range(3):
        try:
            outcome = task(*arguments)
            if not inside:
                return outcome
            goto_home_joint_position()
            seen = get_object_pose(name)
            if not seen:
                return outcome
            around = get_object_pose(container)
            offset = np.abs(seen.position - around.position)
            if offset[0] < 0.5 * around.extent[0] and offset[1] < 0.5 * around.extent[1]:
                return outcome
        except PerceptionError:
            goto_home_joint_position()
    return outcome


TAKE = ("pick", "lift", "take", "grab")
PUT = ("place", "put", "set", "stack", "push", "move")
ONTO = ("in", "into", "inside", "on", "onto", "to", "under")
WHERE = ("at", "beside", "between", "from", "in", "next", "on")


def cut(words, stops):
    """The words before the first of some stop words, and those after it."""
    for i, word in enumerate(words):
        if word in stops:
            return words[:i], words[i + 1 :]
    return words, []


def read_task(sentence):
    """Names of the object and of its place in 'Pick the X near the Z and place it in the Y', 'Put the X on the Y'."""
    words = [word for word in sentence.lower().strip(" .").split() if word not in ("the", "up", "both")]
    before, after = cut(words, PUT)
    _, picked = cut(before, TAKE)
    named, placed = cut(after, ONTO)
    target, _ = cut(picked[:-1] if picked else named, WHERE)  # the last word picked is "and"
    container, _ = cut(placed, ("and",))
    if not target or not container:
        raise ValueError(f"no object and its place in {sentence!r}")
    return " ".join(target), " ".join(container)


def pick(name):
    """Grasp the named object from above and lift it."""
    position, quaternion = deeper_grasp(name)
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
    quaternion = retry_until_held(pick, target)
    place(container, quaternion)
    goto_home_joint_position()


redo_until_inside(main)
