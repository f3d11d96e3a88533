"""Pick and place with separate functions, each returning (ok, reason); the caller decides on fallbacks."""

from typing import Optional, Tuple

import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])
SIDEWAYS = np.array([0.0, 0.7071068, 0.7071068, 0.0])


def detect(name: str, alternatives=()) -> Optional[np.ndarray]:
    """Position of the first name that is found."""
    for candidate in (name, *alternatives):
        result = get_object_pose(candidate)
        if result:
            return result.position
    return None


def pick(position: np.ndarray, quat: np.ndarray) -> Tuple[bool, str]:
    open_gripper()
    if not (moved := goto_pose(position, quat, z_approach=0.12)):
        return False, f"move {moved.status}"
    if not (closed := close_gripper()):
        return False, f"grip {closed.status}"
    lifted = goto_pose(position + np.array([0.0, 0.0, 0.18]), quat)
    return (True, "") if lifted else (False, f"lift {lifted.status}")


def place(position: np.ndarray, quat: np.ndarray, drop: float = 0.1) -> Tuple[bool, str]:
    for extra in np.arange(0.0, 0.09, 0.04):
        moved = goto_pose(position + np.array([0.0, 0.0, drop + extra]), quat)
        if moved:
            opened = open_gripper()
            return bool(opened), "" if opened else "did not open"
    return False, "no free height"


sentence = task_language().lower()
target = sentence.split("the ")[1].split(" and")[0]
position = detect(target, alternatives=("object", "thing on the table"))
ok, reason = False, "not found"
if position is not None:
    for label, quat in {"down": DOWN, "sideways": SIDEWAYS}.items():
        ok, reason = pick(position, quat)
        print(f"pick {target!r} {label}: {'ok' if ok else reason}")
        if ok or reason.startswith("lift"):
            break
if ok:
    goal = detect("basket")
    ok, reason = place(goal, quat) if goal is not None else (False, "no basket")
print("success" if ok else f"failure ({reason})")
if not ok and "grip" not in reason:
    open_gripper()
goto_home_joint_position()
