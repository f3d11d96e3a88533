# Look for the object; while it is hidden, move the arm along a growing spiral and look again from there.
import math

import numpy as np

CENTER = (0.45, 0.0, 0.35)
DOWN = [0.0, 1.0, 0.0, 0.0]


def spiral(center, turns=2, points_per_turn=4, step=0.04):
    """Waypoints of an Archimedean spiral in the plane z = center[2]."""
    waypoints = []
    for k in range(turns * points_per_turn):
        angle = 2 * math.pi * k / points_per_turn
        radius = step * angle / (2 * math.pi) * points_per_turn
        x = center[0] + radius * math.cos(angle)
        y = center[1] + radius * math.sin(angle)
        waypoints.append((round(x, 4), round(y, 4), center[2]))
    return waypoints


def visible(name):
    """The object's position or None."""
    try:
        position, _ = get_object_pose(name)
        return position
    except PerceptionError as error:
        print("not visible:", error)
        return None


found = visible("ketchup")
skipped = 0
for number, waypoint in enumerate(spiral(CENTER)):
    if found is not None:
        break
    moved = goto_pose(np.array(waypoint), DOWN)
    if moved.status in ("BLOCKED", "IK_INFEASIBLE", "TIMEOUT"):
        skipped += 1
        print(f"waypoint {number} {waypoint}: {moved.status}")
        if skipped >= 3:
            print("giving up the spiral")
            break
        continue
    found = visible("ketchup")
else:
    print("spiral exhausted")

if found is not None:
    radius = math.hypot(found[0] - CENTER[0], found[1] - CENTER[1])
    print(f"found at {found.round(3).tolist()}, {radius:.2f} m from the centre after {skipped} skips")
    goto_pose(found, DOWN, z_approach=0.1)
    close_gripper()
