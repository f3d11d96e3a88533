# Closing on an object with feedback: squeeze, check the width, shift, and try again until the budget is spent.
import numpy as np

EMPTY, FULL = 0.03, 0.27
MAX_CYCLES = 6
TIME_LIMIT = 2.0

elapsed = 0.0
offset = np.zeros(2)
widths = []
state = "searching"
base = None
while elapsed < TIME_LIMIT and len(widths) < MAX_CYCLES:
    if base is None:
        base = sample_grasp_pose("chocolate pudding")
        elapsed += 0.3
        if not base:
            base = None
            continue
    target = base.position.copy()
    target[:2] += offset
    moved = goto_pose(target, base.quaternion_wxyz)
    elapsed += 0.4
    if moved.status == "TIMEOUT":
        elapsed += 0.4
        continue
    grip = close_gripper()
    widths.append(round(grip.width, 3))
    if EMPTY < grip.width < FULL and grip:
        state = "holding"
        break
    state = "slipping" if grip.width <= EMPTY else "blocked" if grip.width >= FULL else "empty"
    direction = -1 if len(widths) % 2 else 1
    offset += direction * np.array([0.005, 0.01]) * len(widths)
    open_gripper()
    wait(0.1)
    elapsed += 0.1
else:
    state = state + ", out of budget"
print(state, widths, f"{elapsed:.1f} s", np.round(offset, 3))
if state == "holding":
    squeeze = [w for w in widths if w > EMPTY]
    print("usable", len(squeeze), "of", len(widths), f"last {widths[-1]:.3f}")
    lifted = goto_pose(target + np.array([0.0, 0.0, 0.1]), base.quaternion_wxyz)
    after = get_gripper_width()
    print("lost it" if after < EMPTY else "still there", lifted.status)
elif not widths:
    raise TimeoutError(f"no grasp attempted within {TIME_LIMIT} s")
