# Generators as values: held in names, taken one by one, handed on, and empty when they have been read.
import numpy as np

NAMES = ["milk", "ketchup", "alphabet soup"]


def seen(names):
    found = ((name, get_object_pose(name)) for name in names)
    return (pair for pair in found if pair[1])


def first_of(candidates, default=None):
    for candidate in candidates:
        return candidate
    return default


width = get_gripper_width()
heights = (0.1 + 0.02 * k for k in range(4) if k * 0.1 < width + 0.1)
things = seen(NAMES)
name, pose = next(things, ("nothing", None))
print(name, pose is not None)
if pose is not None:
    top = next(heights)
    goto_pose(pose.position + [0, 0, top], [0, 1, 0, 0])
    for other, where in things:  # those that are left
        print(other, f"{where.position[0]:.3f}")
        if where.position[0] > 0.2:
            break
print("left", [other for other, _ in things], [round(h, 2) for h in heights], list(heights))

x, y, z = (float(v) for v in [width, 1, 2])
pairs = ((k, k * k) for k in range(3))
total = 0.0
for k, square in pairs:
    total += k * x + square
print(x + y + z, total, next(pairs, "none"))

grid = ((a, b) for a in np.linspace(0.3, 0.5, 3) for b in (-0.1, 0.1) if a + b > 0.4 + width / 10)
corner = first_of(grid, "no corner")
print(corner, sum(1 for _ in grid), 0.3 in (v for v in [width, 0.3]), type(grid).__name__)

readings = (get_gripper_width() for _ in range(5))
for i, reading in enumerate(readings):
    print(i, f"{reading:.3f}")
    if reading > 0.2:
        break
best = max((get_gripper_width() for _ in range(2)), default=0.0)
print(f"{best:.3f}", len(list(readings)))
