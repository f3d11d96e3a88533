import numpy as np

samples = []
for i in range(5):
    r = get_object_pose("chocolate pudding")
    if r:
        samples.append(r.position)
    if len(samples) >= 3:
        break
if not samples:
    raise PerceptionError("never seen")
points = np.array(samples)
mean = points.mean(axis=0)
spread = np.std(points, axis=0)
print(len(samples), points.shape, np.round(mean, 3), np.round(spread, 3))
distances = [float(np.linalg.norm(p - mean)) for p in points]
order = np.argsort(distances)
print(order.tolist(), [round(d, 3) for d in sorted(distances)])
inliers = [p for p, d in zip(points, distances) if d < 0.12]
final = np.mean(inliers, axis=0) if inliers else mean
near = points[points[:, 2] < 0.15]
print(len(inliers), near.shape[0], near.shape[0] and round(float(near[0, 0]), 3))
goto_pose(final, [0, 1, 0, 0], z_approach=0.1)
