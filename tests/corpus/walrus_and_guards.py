# Compact style: walrus in conditions, chained comparisons, conditional expressions, any/all/next.
import numpy as np

BOUNDS = {"x": (0.02, 0.28), "y": (-0.3, 0.28), "z": (0.0, 0.25)}


def inside(p) -> bool:
    return all(lo <= v <= hi for v, (lo, hi) in zip(p, BOUNDS.values()))


tries = 0
while (tries := tries + 1) <= 4 and not (result := sample_grasp_pose("tomato sauce")):
    print(f"try {tries}: {result.status.lower()}")

if not result:
    print("never seen")
elif not inside(position := result.position):
    bad = [axis for axis, v in zip("xyz", position) if not BOUNDS[axis][0] <= v <= BOUNDS[axis][1]]
    print("outside in", "/".join(bad))
    clipped = np.array([np.clip(v, *BOUNDS[a]) for a, v in zip("xyz", position)])
    if (gap := float(np.linalg.norm(clipped - position))) < 0.03:
        print(f"moving {gap:.3f} to the border")
        goto_pose(clipped, result.quaternion_wxyz)
else:
    quat = result.quaternion_wxyz if result.quaternion_wxyz[0] >= 0 else -result.quaternion_wxyz
    goto_pose(position, quat)

if (width := get_gripper_width()) > 0.2 or 0.05 < width <= 0.1:
    label = "wide" if width > 0.2 else "narrow"
    print(label, f"{width:.2f}")
numbers = [n for k in range(6) if (n := int(width * 10) + k) % 2]
print(numbers, n, next((x for x in numbers if x > 3), None), any(x > 5 for x in numbers))
first = next((i for i, x in enumerate(numbers) if x == 99), -1)
print(first, (lambda *xs: len(xs))(*numbers), not numbers or numbers[0] < numbers[-1])
