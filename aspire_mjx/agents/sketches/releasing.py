"""Releases that wait, and a task done again when its object is not where it should be."""


def settle_then_release():
    """Let the arm come to rest, open, and let what was held come to rest."""
    wait(tunable("release_wait", 0.3, low=0.0, high=1.0))
    opened = open_gripper()
    wait(0.2)
    return opened


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
