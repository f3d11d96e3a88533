"""Vectors, segments and homogeneous matrices."""


def normalize_vector(v):
    """The vector scaled to length one; one shorter than 1e-6 stays as it is."""
    import numpy as np

    v = np.asarray(v, dtype=float)
    length = np.linalg.norm(v)
    return v if length < 1e-6 else v / length


def interpolate_segment(p1, p2, step=0.03):
    """Points from p1 to p2, both included, at most ``step`` m apart."""
    import numpy as np

    p1, p2 = np.asarray(p1, dtype=float), np.asarray(p2, dtype=float)
    if step <= 0:
        raise ValueError(f"interpolate_segment: step must be above 0, got {step}")
    distance = np.linalg.norm(p2 - p1)
    if distance < 1e-6:
        return [p1]
    count = int(np.ceil(distance / step))
    return [p1 + (p2 - p1) * (i / count) for i in range(count + 1)]


def transform_points(points, transform_matrix):
    """Points (..., 3) moved by a homogeneous matrix (4, 4)."""
    import numpy as np

    transform_matrix = np.asarray(transform_matrix, dtype=float)
    return np.asarray(points, dtype=float) @ transform_matrix[:3, :3].T + transform_matrix[:3, 3]


def rotation_matrix_to_quaternion(R):
    """Unit quaternion (w, x, y, z) of a rotation matrix (3, 3).

    w is positive where the trace is, otherwise what belongs to the largest number of the diagonal, the last of equal
    ones. Nothing is checked or made orthogonal: a left-handed matrix gives numbers that are no unit quaternion.
    """
    import numpy as np

    R = np.asarray(R, dtype=float)
    a, b, c = R[0, 0], R[1, 1], R[2, 2]
    wx, wy, wz = R[2, 1] - R[1, 2], R[0, 2] - R[2, 0], R[1, 0] - R[0, 1]
    xy, xz, yz = R[0, 1] + R[1, 0], R[0, 2] + R[2, 0], R[1, 2] + R[2, 1]
    diagonal = np.array([1 + a + b + c, 1 + a - b - c, 1 - a + b - c, 1 - a - b + c])
    rows = np.array(  # 4 q q^T: each row is the quaternion times four of its numbers
        [[diagonal[0], wx, wy, wz], [wx, diagonal[1], xy, xz], [wy, xy, diagonal[2], yz], [wz, xz, yz, diagonal[3]]]
    )
    sure = np.where(a + b + c > 0, 0, 3 - np.argmax(np.array([c, b, a])))
    return rows[sure] / (2 * np.sqrt(diagonal[sure]))


def decompose_transform(T):
    """Position (3,) and unit quaternion (w, x, y, z) of a homogeneous matrix (4, 4)."""
    import numpy as np

    T = np.asarray(T, dtype=float)
    return T[:3, 3], rotation_matrix_to_quaternion(T[:3, :3])
