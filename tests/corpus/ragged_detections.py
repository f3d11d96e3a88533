# Lists of different length in each lane: detections per name, point groups, and statistics over them.
import numpy as np

names = ["milk", "ketchup", "butter", "cream cheese", "orange juice"]
seen = {}
for name in names:
    hits = []
    for look in range(3):
        result = get_object_pose(name)
        if result and result.score > 0.08:
            hits.append({"position": result.position, "score": result.score, "look": look})
    if hits:
        seen[name] = hits

print({name: len(hits) for name, hits in seen.items()}, "total", sum(len(h) for h in seen.values()))
points = np.array([hit["position"] for hits in seen.values() for hit in hits])
if len(points) == 0:
    print("nothing seen")
else:
    centroid = points.mean(axis=0)
    print(points.shape, np.round(centroid, 3))
    low = points[points[:, 2] < centroid[2]]
    print(len(low), "below the centroid")
    if len(low) > 1:
        box = np.stack([low.min(axis=0), low.max(axis=0)])
        print(np.round(box[1] - box[0], 3).tolist())
    best = {name: max(hits, key=lambda hit: hit["score"]) for name, hits in seen.items()}
    first_name = min(best, key=lambda name: np.linalg.norm(best[name]["position"] - centroid))
    print("closest to the centroid:", first_name, best[first_name]["look"])
    weights = np.array([hit["score"] for hits in seen.values() for hit in hits])
    weighted = (points * weights[:, None]).sum(axis=0) / weights.sum()
    goto_pose(weighted, [0.0, 1.0, 0.0, 0.0])
    far = [i for i, p in enumerate(points) if np.linalg.norm(p - weighted) > 0.15]
    keep = np.array([p for i, p in enumerate(points) if i not in far])
    print(f"{len(far)} far, {len(keep)} near")
    groups = {}
    for p in keep:
        groups.setdefault("left" if p[1] > 0.15 else "right", []).append(p)
    for side in sorted(groups):
        print(side, len(groups[side]), np.round(np.mean(groups[side], axis=0), 2))
