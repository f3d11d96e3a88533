"""Several noisy grasps of several objects, ranked by a weighted score; the best reachable one is executed."""
import numpy as np
from scipy.spatial.transform import Rotation

NAMES = ("alphabet soup", "cream cheese", "salad dressing")
WEIGHTS = {"score": 1.0, "distance": -0.8, "height": 0.5}


def tilt(quat_wxyz) -> float:
    """Angle between the hand's axis and straight down, degrees."""
    w, x, y, z = quat_wxyz
    axis = Rotation.from_quat([x, y, z, w]).apply([0.0, 0.0, 1.0])
    return float(np.degrees(np.arccos(np.clip(-axis[2], -1.0, 1.0))))


def utility(candidate: dict) -> float:
    """Weighted sum of the candidate's features."""
    return sum(WEIGHTS[key] * candidate[key] for key in WEIGHTS)


candidates = []
for name in NAMES:
    for _ in range(2):
        result = sample_grasp_pose(name)
        if not result:
            continue
        position, quat = result
        candidates.append(
            {
                "name": name,
                "position": position,
                "quat": quat,
                "score": result.score,
                "distance": float(np.linalg.norm(position[:2])),
                "height": float(position[2]),
            }
        )
print(f"{len(candidates)} candidates from {len({c['name'] for c in candidates})} objects")
if candidates:
    ranked = sorted(candidates, key=utility, reverse=True)
    for rank, c in enumerate(ranked[:3], start=1):
        print(f"{rank}. {c['name']:<16} u={utility(c):+.3f} s={c['score']:.2f} d={c['distance']:.2f} t={tilt(c['quat']):.0f}")
    chosen = next((c for c in ranked if solve_ik(c["position"], c["quat"])), None)
    if chosen is None:
        print("none is reachable")
    else:
        by_name = {}
        for c in candidates:
            by_name.setdefault(c["name"], []).append(round(c["score"], 3))
        print(chosen["name"], {n: max(v) for n, v in by_name.items()})
        goto_pose(chosen["position"], chosen["quat"], z_approach=0.12)
        close_gripper()
else:
    goto_home_joint_position()
