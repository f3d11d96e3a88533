"""Linear algebra without scipy: look-at frames, Gram-Schmidt, eigenvectors of a point cloud, einsum batches."""
import numpy as np


def normalize(v):
    n = np.linalg.norm(v)
    return v / n if n > 1e-9 else v


def look_at(eye, target, up=(0.0, 0.0, 1.0)):
    """Rotation matrix whose third column points from eye to target."""
    z = normalize(np.asarray(target) - np.asarray(eye))
    x = np.cross(np.array(up), z)
    if np.linalg.norm(x) < 1e-6:
        x = np.array([1.0, 0.0, 0.0])
    x = normalize(x)
    y = np.cross(z, x)
    return np.column_stack([x, y, z])


def matrix_to_quat(m):
    """Rotation matrix to a wxyz quaternion by the largest of the four components."""
    t = np.trace(m)
    if t > 0:
        s = 2.0 * np.sqrt(1.0 + t)
        q = [0.25 * s, (m[2, 1] - m[1, 2]) / s, (m[0, 2] - m[2, 0]) / s, (m[1, 0] - m[0, 1]) / s]
    else:
        i = int(np.argmax(np.diag(m)))
        j, k = (i + 1) % 3, (i + 2) % 3
        s = 2.0 * np.sqrt(1.0 + m[i, i] - m[j, j] - m[k, k])
        q = [0.0, 0.0, 0.0, 0.0]
        q[0] = (m[k, j] - m[j, k]) / s
        q[i + 1] = 0.25 * s
        q[j + 1] = (m[j, i] + m[i, j]) / s
        q[k + 1] = (m[k, i] + m[i, k]) / s
    return np.array(q)


positions = []
for name in ("milk", "ketchup", "butter", "milk"):
    result = get_object_pose(name)
    if result:
        positions.append(result.position)
cloud = np.array(positions).reshape(-1, 3)
print("cloud", cloud.shape)
if len(cloud) >= 2:
    centred = cloud - cloud.mean(axis=0)
    covariance = np.einsum("ni,nj->ij", centred, centred) / len(cloud)
    values, vectors = np.linalg.eigh(covariance)
    print("eigenvalues", np.round(values, 4), "trace", np.isclose(values.sum(), np.trace(covariance)))
    axis = vectors[:, -1]
    axis = axis if axis[np.argmax(np.abs(axis))] > 0 else -axis
    print("axis", np.round(np.abs(axis), 2))
    frame = look_at([0.5, 0.0, 0.6], cloud[0])
    print(np.allclose(frame.T @ frame, np.eye(3)), round(float(np.linalg.det(frame)), 6))
    quat = matrix_to_quat(frame)
    rotated = np.einsum("ij,nj->ni", frame, centred)
    print(np.allclose(np.linalg.norm(rotated, axis=1), np.linalg.norm(centred, axis=1)), f"{np.linalg.norm(quat):.4f}")
    goto_pose(cloud[0] + [0.0, 0.0, 0.1], quat)
elif len(cloud) == 1:
    goto_pose(cloud[0], [0.0, 1.0, 0.0, 0.0], z_approach=0.1)
