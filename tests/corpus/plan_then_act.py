# First plan every joint target, check them, then move; replan from the failing waypoint.
import numpy as np

DOWN = [0.0, 1.0, 0.0, 0.0]
LIMIT = 0.28


def plan(waypoints):
    """Joint targets of all waypoints, or the index of the first infeasible one."""
    targets = []
    for i, waypoint in enumerate(waypoints):
        solution = solve_ik(waypoint, DOWN)
        if not solution:
            return None, i
        targets.append(np.array(solution))
    return targets, None


def largest_step(targets):
    if len(targets) < 2:
        return 0.0
    steps = [np.abs(b - a).max() for a, b in zip(targets, targets[1:])]
    return max(steps)


def lowered(waypoints, index):
    copy = [list(w) for w in waypoints]
    copy[index][0] *= 0.8
    copy[index][2] += 0.02
    return copy


waypoints = [[0.4, 0.1 * k - 0.1, 0.25] for k in range(3)]
targets, bad = plan(waypoints)
replans = 0
while targets is None and replans < 3:
    replans += 1
    print(f"waypoint {bad} infeasible, replan {replans}")
    waypoints = lowered(waypoints, bad)
    targets, bad = plan(waypoints)
if targets is None:
    print("no plan;", "last waypoints:", [[round(v, 3) for v in w] for w in waypoints])
else:
    jump = largest_step(targets)
    print(f"plan of {len(targets)} with largest step {jump:.3f}", "(too large)" if jump > LIMIT else "")
    if jump > LIMIT:
        middle = [(a + b) / 2 for a, b in zip(targets[:-1], targets[1:])]
        merged = [t for pair in zip(targets, middle) for t in pair] + targets[-1:]
        targets = merged
    for i, target in enumerate(targets):
        moved = move_to_joints(target)
        if not moved:
            print(i, moved.status, f"{moved.rotation_error:.3f}")
            move_to_joints(targets[max(i - 1, 0)])
            break
    matrix = np.vstack(targets)
    print(matrix.shape, np.round(matrix[:, 3].mean(), 3), np.round(np.ptp(matrix, axis=0).max(), 3))
