"""From depth images to points, and from points to boxes."""


def depth_to_point_cloud(depth_img, intrinsics):
    """Points (H, W, 3) in the camera frame (x right, y down, z forward) of a depth image (H, W), m."""
    import numpy as np

    z, K = np.asarray(depth_img, dtype=float), np.asarray(intrinsics, dtype=float)
    height, width = z.shape
    x = (np.arange(width) - K[0, 2]) * z / K[0, 0]
    y = (np.arange(height).reshape(height, 1) - K[1, 2]) * z / K[1, 1]
    return np.stack([x, y, z], axis=-1)


def mask_to_world_points(mask, depth, intrinsics, extrinsics):
    """Points (K, 3) in the robot's base frame under a mask (H, W); pixels without depth are left out."""
    import numpy as np

    depth, K = np.asarray(depth), np.asarray(intrinsics, dtype=float)
    rows, columns = np.where((np.asarray(mask) > 0) & (depth > 0))
    z = np.asarray(depth[rows, columns], dtype=float)
    x, y = (columns - K[0, 2]) * z / K[0, 0], (rows - K[1, 2]) * z / K[1, 1]
    pose = np.asarray(extrinsics, dtype=float)
    return np.stack([x, y, z], axis=-1) @ pose[:3, :3].T + pose[:3, 3]


def pixel_to_world_point(u, v, z, intrinsics, extrinsics):
    """The point (3,) in the robot's base frame that pixel (column u, row v) shows at depth z."""
    import numpy as np

    K, pose = np.asarray(intrinsics, dtype=float), np.asarray(extrinsics, dtype=float)
    point = np.array([(u - K[0, 2]) * z / K[0, 0], (v - K[1, 2]) * z / K[1, 1], z])
    return pose[:3, :3] @ point + pose[:3, 3]


def get_oriented_bounding_box_from_3d_points(points):
    """The smallest upright box around points (K, 3): {"center", "extent", "R"}.

    The columns of R are its axes, the longer horizontal side first, up last; the extents are along them.
    """
    import numpy as np

    points = np.asarray(points, dtype=float)
    if len(points) == 0:
        raise ValueError("get_oriented_bounding_box_from_3d_points: there are no points")
    angles = np.arange(90) * (np.pi / 180)
    cosine, sine = np.cos(angles), np.sin(angles)
    x, y, z = points[:, :1], points[:, 1:2], points[:, 2]
    along, aside = x * cosine + y * sine, y * cosine - x * sine
    first, second = along.max(axis=0) - along.min(axis=0), aside.max(axis=0) - aside.min(axis=0)
    best = np.argmin(first * second)
    c, s = cosine[best], sine[best]
    middle = (along.max(axis=0) + along.min(axis=0))[best] / 2, (aside.max(axis=0) + aside.min(axis=0))[best] / 2
    center = np.array([c * middle[0] - s * middle[1], s * middle[0] + c * middle[1], (z.max() + z.min()) / 2])
    height = z.max() - z.min()
    if first[best] < second[best]:
        extent = np.array([second[best], first[best], height])
        R = np.array([[-s, -c, 0.0], [c, -s, 0.0], [0.0, 0.0, 1.0]])
    else:
        extent = np.array([first[best], second[best], height])
        R = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    return {"center": center, "extent": extent, "R": R}
