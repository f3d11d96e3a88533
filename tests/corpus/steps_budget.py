"""Work through a queue of objects while control steps are left; cheap looks first, expensive motions later."""
import numpy as np

COST = {"look": 1, "move": 40, "grip": 10}
RESERVE = 60
queue = ["alphabet soup", "milk", "butter", "tomato sauce", "ketchup"]
done, dropped = [], []


def affordable(*actions: str) -> bool:
    """Whether the steps that are left pay for the actions and the way home."""
    return steps_left() - sum(COST[a] for a in actions) > RESERVE


def handle(name):
    grasp = sample_grasp_pose(name)
    if not grasp:
        return "unseen"
    if not affordable("move", "grip", "move"):
        return "too expensive"
    open_gripper()
    position, quat = grasp
    if not goto_pose(position, quat, z_approach=0.08):
        return "unreachable"
    if not close_gripper():
        return "slipped"
    goto_pose(position + np.array([0.0, 0.0, 0.15]), quat)
    return "held"


budget = 12
while queue and budget > 0 and affordable("look"):
    budget -= 1
    name = queue.pop(0)
    outcome = handle(name)
    print(f"{name}: {outcome} (left {steps_left():.0f})")
    if outcome == "held":
        done.append(name)
        open_gripper()
    elif outcome in ("unseen", "slipped") and dropped.count(name) < 1:
        dropped.append(name)
        queue.append(name)
    elif outcome == "too expensive":
        break
else:
    print("queue empty" if not queue else "out of budget")
print(len(done), done, sorted(set(dropped)))
if affordable("move"):
    goto_home_joint_position()
