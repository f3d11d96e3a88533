"""From depth images to points, and from points to boxes."""


def _flat_image(image):
    """An image (H, W) or (H, W, 1) as (H, W)."""
    import numpy as np

    image = np.asarray(image)
    return image[:, :, 0] if image.ndim == 3 else image


def depth_to_point_cloud(depth_img, intrinsics):
    """Points (H, W, 3) in the camera frame (x right, y down, z forward) of a depth image (H, W) or (H, W, 1), m."""
    import numpy as np

    z, K = np.asarray(_flat_image(depth_img), dtype=float), np.asarray(intrinsics, dtype=float)
    height, width = z.shape
    x = (np.arange(width) - K[0, 2]) * z / K[0, 0]
    y = (np.arange(height).reshape(height, 1) - K[1, 2]) * z / K[1, 1]
    return np.stack([x, y, z], axis=-1)


def mask_to_world_points(mask, depth, intrinsics, extrinsics):
    """Points (K, 3) in the robot's base frame under a mask (H, W); pixels without depth are left out.

    Mask and depth may be (H, W, 1) too; a mask holds what is above 0, whatever its type.
    """
    import numpy as np

    depth, K = _flat_image(depth), np.asarray(intrinsics, dtype=float)
    rows, columns = np.where((_flat_image(mask) > 0) & (depth > 0))
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
    """The smallest upright box around points (K, 3) without their statistical outliers: {"center", "extent", "R"}.

    Outliers are points whose mean distance to their 20 nearest is more than 2 standard deviations above the mean. The
    columns of R are the box's axes, the longer horizontal side first, up last; the extents are along them.
    RuntimeError where fewer than four points are left.
    """
    import numpy as np

    from aspire_mjx.language.clouds import upright_box, without_outliers

    points = np.asarray(points, dtype=float)
    center, extent, R = upright_box(points[without_outliers(points)])
    return {"center": center, "extent": extent, "R": R}


def filter_noise(points, colors=None):
    """Points (K, 3) and colours (K, 3), or None, without the lonely ones: clusters of DBSCAN, 10 points within 5 mm.

    Where points lie wider apart, as those of small images do, the radius grows with their distance, up to 3 cm.
    """
    from aspire_mjx.language.clouds import crowded

    kept = crowded(points)
    return points[kept], None if colors is None else colors[kept]


def subsample_point_cloud(pc, max_points=10000):
    """Points (K, 3) as they are, or ``max_points`` of them drawn by np.random where there are more."""
    import numpy as np

    if len(pc) <= max_points:
        return pc
    return pc[np.random.choice(len(pc), max_points, replace=False)]
