"""Carry along interpolated waypoints with a raised arc, stopping at the first blocked segment."""
import numpy as np

QUAT = np.array([0.0, 0.7071, 0.7071, 0.0])


def smoothstep(t):
    return t * t * (3.0 - 2.0 * t)


def arc(start, end, height=0.12, n=6):
    """Waypoints from start to end: straight in x and y, a sine arc in z."""
    start, end = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    path = []
    for t in np.linspace(0.0, 1.0, n):
        s = smoothstep(t)
        point = (1.0 - s) * start + s * end
        point[2] += height * np.sin(np.pi * t)
        path.append(point)
    return np.stack(path)


def length(path):
    """Total length of a polyline, shape (n, 3)."""
    return float(np.sum(np.linalg.norm(np.diff(path, axis=0), axis=1)))


source = get_object_pose("tomato sauce")
target = get_object_pose("basket")
if source and target:
    open_gripper()
    goto_pose(source.position, QUAT, z_approach=0.1)
    if close_gripper():
        path = arc(source.position, target.position + np.array([0.0, 0.0, 0.1]))
        print("length", round(length(path), 3), "top", round(path[:, 2].max(), 3), "shape", path.shape)
        reached = -1
        for i, waypoint in enumerate(path):
            step = goto_pose(waypoint, QUAT)
            if step:
                reached = i
            elif step.status == "BLOCKED":
                print(f"blocked at {i}: force {step.peak_force:.2f} N")
                detour = waypoint + [0.0, 0.0, 0.05]
                if not goto_pose(detour, QUAT):
                    break
            else:
                print(f"segment {i}: {step.status}")
        print("reached", reached, "of", len(path) - 1)
        if reached >= len(path) // 2:
            open_gripper()
    else:
        print("nothing in hand")
else:
    missing = [n for n, r in (("tomato sauce", source), ("basket", target)) if not r]
    print("missing:", " and ".join(missing))
