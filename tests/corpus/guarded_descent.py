# Find how high the table is by touching it, then check what the hand holds.
import numpy as np


def touch_down(label, force=6.0):
    felt = move_until_contact([0, 0, -1], 0.25, force=force)
    position, quaternion = get_eef_pose()
    if felt:
        print(f"{label}: touched after {felt.distance:.3f} m at {felt.peak_force:.1f} N, height {position[2]:.3f}")
        return position[2]
    print(f"{label}: {felt.status}, {felt.message}")
    return None


home_pose()
start = get_joint_positions()
heights = []
for i, offset in enumerate([np.array([0.0, 0.0, 0.0]), np.array([0.05, 0.0, 0.0]), np.array([0.0, 0.05, 0.0])]):
    position, quaternion = get_eef_pose()
    goto_pose(position + offset + np.array([0.0, 0.0, 0.05]), quaternion)
    height = touch_down(f"try {i}")
    if height is not None:
        heights.append(height)
close_gripper()
print("holding" if is_holding() else "empty", len(heights))
if heights:
    print(round(float(np.median(heights)), 3))
moved = np.abs(get_joint_positions() - start).max()
print("moved" if moved > 0.01 else "still")
slide = push([0, 1, 0], 0.05)
print(slide.status)
for result in [pull([0, -1, 0], 0.05), pull_arc([0.5, 0.2, 0.1], [0, 0, 1], 0.3)]:
    print(result.status if not result else "pulled")
