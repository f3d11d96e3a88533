"""Recovery chosen by `match` on the status of each call."""
import numpy as np

DOWN = np.array([0.0, 1.0, 0.0, 0.0])


def recovery(stage: str, status: str) -> str:
    """What to do after a failed stage."""
    match (stage, str(status)):
        case (_, "OK"):
            return "continue"
        case ("look", "NOT_FOUND"):
            return "home"
        case ("look", _):
            return "retry"
        case ("move", "BLOCKED" | "TIMEOUT"):
            return "raise"
        case ("move", "IK_INFEASIBLE"):
            return "skip"
        case (stage, other) if stage == "grip":
            return "regrasp" if other == "EMPTY_GRASP" else "retry"
    return "abort"


def describe(value) -> str:
    match value:
        case None:
            return "nothing"
        case [] | ():
            return "empty"
        case [one]:
            return f"one: {one}"
        case [first, *rest]:
            return f"{first} and {len(rest)} more"
        case _:
            return str(value)


history = []
height = 0.2
for attempt in range(4):
    pose = get_object_pose("salad dressing")
    action = recovery("look", pose.status)
    if action != "continue":
        history.append(("look", action))
        if action == "home":
            goto_home_joint_position()
        continue
    target = pose.position + np.array([0.0, 0.0, height - 0.2])
    moved = goto_pose(target, DOWN)
    match recovery("move", moved.status):
        case "raise":
            height += 0.05
            history.append(("move", "raise"))
            continue
        case "skip":
            history.append(("move", "skip"))
            break
    gripped = close_gripper()
    action = recovery("grip", gripped.status)
    history.append(("grip", action))
    if action == "continue":
        break
    open_gripper()
print(describe([a for _, a in history]), f"{height:.2f}")
for stage, action in history:
    print(f"{stage:>5} -> {action}")
print(describe(None), describe([]), describe((1,)), describe(3))
