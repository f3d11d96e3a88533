"""Robust localisation: several detections, median, MAD outlier rejection, then one grasp."""
import numpy as np


def collect(name: str, count: int = 6, budget: int = 10) -> np.ndarray:
    """Up to ``count`` detected positions, shape (n, 3)."""
    points = []
    for attempt in range(budget):
        if len(points) == count:
            break
        result = get_object_pose(name)
        if not result:
            print(f"  look {attempt}: {result.status}")
            continue
        points.append(result.position)
    return np.array(points)


def robust_centre(points: np.ndarray, k: float = 2.5):
    """Median of the points within k median absolute deviations of the median, and the mask."""
    median = np.median(points, axis=0)
    deviation = np.abs(points - median)
    mad = np.median(deviation, axis=0) + 1e-6
    mask = np.all(deviation <= k * mad, axis=1)
    if not np.any(mask):
        mask = np.ones(len(points)) > 0
    return np.mean(points[mask], axis=0), mask


def run():
    points = collect("orange juice")
    if len(points) < 2:
        print("too few detections:", len(points))
        return
    centre, mask = robust_centre(points)
    kept = int(np.sum(mask))
    rejected = [i for i, ok in enumerate(mask) if not ok]
    print(f"kept {kept}/{len(points)}; rejected {rejected}")
    order = np.argsort(np.linalg.norm(points - centre, axis=1))
    print("closest first:", order.tolist())
    spread = points[mask].std(axis=0)
    if np.max(spread) > 0.08:
        print("spread too large:", np.round(spread, 3))
    near = points[order[0]]
    target = 0.5 * (near + centre)
    goto_pose(target, np.array([0.0, 1.0, 0.0, 0.0]), z_approach=0.08)
    close_gripper()
