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
    count = int(np.ceil(np.linalg.norm(p2 - p1) / step))
    if count == 0:
        return [p1]
    return [p1 + (p2 - p1) * (i / count) for i in range(count + 1)]


def transform_points(points, transform_matrix):
    """Points (..., 3) moved by a homogeneous matrix (4, 4)."""
    import numpy as np

    transform_matrix = np.asarray(transform_matrix, dtype=float)
    return np.asarray(points, dtype=float) @ transform_matrix[:3, :3].T + transform_matrix[:3, 3]


def rotation_matrix_to_quaternion(R):
    """Unit quaternion (w, x, y, z) of a rotation matrix (3, 3)."""
    import numpy as np
    from scipy.spatial.transform import Rotation

    x, y, z, w = Rotation.from_matrix(np.asarray(R, dtype=float)).as_quat()
    return np.array([w, x, y, z])


def decompose_transform(T):
    """Position (3,) and unit quaternion (w, x, y, z) of a homogeneous matrix (4, 4)."""
    import numpy as np

    T = np.asarray(T, dtype=float)
    return T[:3, 3], rotation_matrix_to_quaternion(T[:3, :3])
