# Guarded descent: go down in small steps until the contact force jumps, then back off and close.
import numpy as np

STEP = tunable("descent_step", 0.01, low=0.005, high=0.03)
THRESHOLD = tunable("force_threshold", 0.22, low=0.05, high=0.5)
MAX_STEPS = 12

result = sample_grasp_pose("cream cheese")
if not result:
    raise PerceptionError(f"cannot see the cream cheese: {result.status}")
position, quat = result
height = position[2] + 0.1
baseline, readings, contact = [], [], None
for k in range(MAX_STEPS):
    height -= STEP
    target = position.copy()
    target[2] = height
    moved = goto_pose(target, quat)
    readings.append(moved.peak_force)
    if moved.status == "BLOCKED":
        contact = k
        print(f"blocked at step {k}, height {height:.3f}")
        break
    if k < 3:
        baseline.append(moved.peak_force)
        continue
    rise = moved.peak_force - float(np.mean(baseline))
    if rise > THRESHOLD - 0.1:
        contact = k
        print(f"contact at step {k}: rise {rise:.3f}")
        break
    if height < 0.01:
        print("at the table")
        break
if contact is None:
    print("no contact in", len(readings), "steps", f"(max {max(readings):.3f})")
else:
    goto_pose([position[0], position[1], height + STEP / 2], quat)
    held = close_gripper()
    print("held" if held else "empty", f"{held.width:.3f}", f"{held.peak_force:.2f}")
trend = np.mean(np.diff(readings)) if len(readings) > 1 else 0.0
print(f"trend {trend:+.4f}", [f"{r:.1f}" for r in readings[-3:]])
