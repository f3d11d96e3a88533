"""An exponential filter over repeated detections, with a gate that drops jumps, kept in a dict of arrays."""
import numpy as np

ALPHA = 0.5
GATE = 0.2

track = {"mean": None, "var": np.zeros(3), "hits": 0, "misses": 0, "jumps": 0}


def update(track: dict, measurement) -> bool:
    """Fold a measurement into the track in place; whether it was accepted."""
    if track["mean"] is None:
        track["mean"] = np.array(measurement, dtype=float)
        track["hits"] = 1
        return True
    innovation = measurement - track["mean"]
    if np.linalg.norm(innovation) > GATE:
        track["jumps"] += 1
        return False
    track["mean"] += ALPHA * innovation
    track["var"] *= 1.0 - ALPHA
    track["var"] += ALPHA * innovation**2
    track["hits"] += 1
    return True


history = []
alias = track
for tick in range(8):
    result = get_object_pose("milk")
    if not result:
        track["misses"] += 1
        if track["misses"] >= 4:
            print("lost at", tick)
            break
        continue
    accepted = update(track, result.position)
    history.append(track["mean"].copy() if accepted else None)
    if not accepted and track["jumps"] > track["hits"]:
        print("resetting the track")
        track["mean"], track["hits"], track["jumps"] = None, 0, 0
        history.clear()
assert alias is track
accepted = [h for h in history if h is not None]
print(track["hits"], track["misses"], track["jumps"], len(history), len(accepted))
if track["mean"] is not None:
    sigma = np.sqrt(track["var"])
    print("mean", np.round(track["mean"], 3), "sigma", np.round(sigma, 3))
    if np.all(sigma < 0.08) and track["hits"] > 1:
        goto_pose(track["mean"], np.array([0.0, 1.0, 0.0, 0.0]), z_approach=float(0.05 + sigma[2]))
    else:
        print("uncertain:", (sigma >= 0.08).tolist())
moves = [float(np.linalg.norm(b - a)) for a, b in zip(accepted, accepted[1:])]
print([round(m, 3) for m in moves], round(sum(moves), 3))
