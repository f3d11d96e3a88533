import numpy as np


def to_matrix(q):
    w, x, y, z = q
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


result = get_object_pose("cream cheese", return_bbox_extent=True)
if result:
    pos, quat, extent = result
    R = to_matrix(quat)
    T = np.eye(4)
    T[:3, :3] = R
    T[:3, 3] = pos
    print(np.allclose(R @ R.T, np.eye(3)), np.round(np.linalg.det(R), 6))
    corner = T @ np.append(extent / 2, 1.0)
    print(np.round(corner, 4))
    inverse = np.linalg.inv(T)
    print(np.round(inverse[:3, 3], 3).tolist())
    normal = np.cross(R[:, 0], R[:, 1])
    print(f"{np.dot(normal, R[:, 2]):.3f}", R.shape, T.mean() > 0)
    approach = pos - 0.1 * R[:, 2]
    approach[2] = max(approach[2], 0.05)
    clipped = np.clip(approach, [-0.5, -0.5, 0.0], [0.8, 0.5, 0.6])
    q = np.where(quat < 0, -quat, quat)
    goto_pose(clipped, quat)
    print(np.argmax(np.abs(extent)), np.linalg.norm(pos[:2] - clipped[:2]) < 0.2, q.min() >= 0)
else:
    print("nothing", result.status in ("NOT_FOUND", "AMBIGUOUS"), result.status == "OK")
