"""Logging and counting with closures; nonlocal state instead of classes."""
import numpy as np


def make_logger(prefix, width=12):
    """A log function and one that tells how often it was called."""
    count = 0
    lines = []

    def log(message, *details, level="INFO"):
        nonlocal count
        count += 1
        text = f"[{level:<5}] {prefix:>{width}} #{count:02d}: {message}"
        if details:
            text += " " + ", ".join(f"{d:.3f}" if isinstance(d, float) else str(d) for d in details)
        lines.append(text)
        print(text)

    def summary():
        return {"count": count, "warnings": sum("WARN" in line for line in lines)}

    return log, summary


def make_limiter(limit):
    """True for the first ``limit`` calls."""
    left = limit

    def allowed():
        nonlocal left
        left -= 1
        return left >= 0

    return allowed


log, summary = make_logger("pick")
log_place, summary_place = make_logger("place", width=6)
may_retry = make_limiter(3)
adders = [lambda value, k=k: value + 0.01 * k for k in range(3)]

held = False
while not held:
    if not may_retry():
        log("no retries left", level="WARN")
        break
    grasp = sample_grasp_pose("milk")
    if not grasp:
        log("no grasp", grasp.status, level="WARN")
        continue
    height = grasp.position[2]
    for add in adders:
        raised = add(height)
        target = np.array([grasp.position[0], grasp.position[1], raised])
        if goto_pose(target, grasp.quaternion_wxyz):
            log("reached", float(raised), grasp.score)
            break
        log("missed", float(raised))
    held = bool(close_gripper())
if held:
    basket = get_object_pose("basket")
    log_place("basket", basket.status, level="INFO" if basket else "WARN")
    if basket:
        goto_pose(basket.position + np.array([0, 0, 0.15]), np.array([0, 1, 0, 0]))
    open_gripper()
print(summary(), summary_place())
