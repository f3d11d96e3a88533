"""Going through things: enumerate with a start, zip of unequal lengths, reversed, slices with steps, dict views."""
import numpy as np

waypoints = np.array([[0.4, 0.1 * k, 0.2 + 0.02 * k] for k in range(-2, 3)])
labels = ("a", "b", "c", "d")
reached = {}
for number, (label, waypoint) in enumerate(zip(labels, waypoints[::-1]), start=10):
    moved = goto_pose(waypoint, (0.0, 1.0, 0.0, 0.0))
    reached[label] = (number, bool(moved), moved.width)
print([f"{k}{v[0]}{'+' if v[1] else '-'}" for k, v in reached.items()])
good = [k for k in reversed(labels) if reached[k][1]]
print(good, labels[::2], labels[-2:], list(reversed(list(reached.values())))[0][0])
view = reached.items()
reached["e"] = (14, False, 0.0)
print(len(view), len(reached.keys()), max(v[2] for v in reached.values()) < 0.3)
for index in range(len(waypoints) - 1, 0, -2):
    waypoints[index] += waypoints[index - 1] * 0.1
print(np.round(waypoints[1:4:2, 1:], 3).tolist(), waypoints[-1, -1].round(3))
(x0, y0, z0), *middle, last = waypoints
print(round(float(x0 + y0 + z0), 3), len(middle), np.round(last, 2))
best, (second, *others) = good[:1], (good[1:] or ["none"])
print(best, second, others)
total = 0
for digit in str(int(get_gripper_width() * 1e6)):
    if digit == "0":
        break
    total += int(digit)
else:
    print("no zero")
print(total, sum(divmod(total, 7)), *sorted({total % k for k in range(1, 5)}), sep=",", end=";\n")
pending = dict.fromkeys(labels, 0)
for label in list(pending):
    pending[label] += reached[label][0]
    if not reached[label][1]:
        del pending[label]
print(pending, sum(pending.values()))
try:
    for label in pending:
        pending.pop(label)
except RuntimeError as error:
    print("RuntimeError:", error)
print(len(pending))
