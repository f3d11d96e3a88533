"""Grasps planned from a depth image, and the one that the arm reaches."""


def plan_grasp(depth, intrinsics, segmentation):
    """Grasps of the masked thing: hands (K, 4, 4) in the camera frame, and scores (K,), the best first.

    A hand's place is its fingertip point. Up is the normal of the surface around the thing; hands point down, z out of
    the hand, closing along y. One family closes across the whole thing, two on the walls of what is hollow. A score is
    0 where the thing is too wide or the hand would touch something else that is seen; narrow things score more, and so
    do hands that close across the line of sight: the far side is hidden. Whether the arm reaches them is
    select_top_down_grasp's to ask. The thing is what a segmentation numbers 1, or all above 0 where nothing is 1. None
    (K = 0) for a mask with too few points.
    """
    import numpy as np

    K, labels = np.asarray(intrinsics, dtype=float), np.asarray(segmentation)
    chosen = labels == 1 if (labels == 1).any() else labels > 0
    chosen = chosen[:, :, 0] if chosen.ndim == 3 else chosen
    thing = mask_to_world_points(chosen, depth, K, np.eye(4))
    if len(thing) < 12:
        return np.zeros((0, 4, 4)), np.zeros(0)
    middle = thing.mean(axis=0)
    u = np.arange(chosen.shape[1]) - K[0, 2] - K[0, 0] * middle[0] / middle[2]
    v = np.arange(chosen.shape[0]) - K[1, 2] - K[1, 1] * middle[1] / middle[2]
    around = (np.abs(u) < 0.35 * K[0, 0] / middle[2]) & (np.abs(v).reshape(len(v), 1) < 0.35 * K[1, 1] / middle[2])
    around[::2, ::2] = around[1::2, 1::2] = False
    rest = mask_to_world_points(around & ~chosen, depth, K, np.eye(4))
    return _grasps_among(thing, rest, np.zeros(3), np.array([1.0, 0.0, 0.0]))


def _grasps_among(thing, rest, eye, across):
    """Grasps as of plan_grasp in the frame of points (N, 3): those of a thing, and of what is around it.

    ``eye`` (3,) is somewhere above the surface that the thing stands on, ``across`` (3,) across the line of sight.
    """
    import numpy as np

    if len(thing) < 12:
        return np.zeros((0, 4, 4)), np.zeros(0)
    middle = thing.mean(axis=0)
    offset = rest - middle
    apart = (offset * offset).sum(axis=1)
    ground, rest = rest[apart < 0.09][::2], rest[apart < 0.04]
    if len(ground) < 12:
        return np.zeros((0, 4, 4)), np.zeros(0)
    up, level = np.zeros(3), np.zeros(3)
    for _ in range(5):
        level = ground.mean(axis=0)
        spread = ground - level
        up = np.linalg.svd(spread.T @ spread)[2][2]
        up = up * np.sign(up @ (eye - level))
        off = np.abs(spread @ up)
        ground = ground[off <= np.quantile(off, 0.8)]
    right = across - (across @ up) * up
    right = right / np.linalg.norm(right)
    ahead = np.cross(up, right)
    axes = np.stack([right, ahead, up], axis=1)
    thing, rest = (thing - level) @ axes, (rest - level) @ axes
    x, y, heights = thing[:, 0], thing[:, 1], thing[:, 2]
    standing = heights[heights > 0.006]
    if len(standing) < 12:
        return np.zeros((0, 4, 4)), np.zeros(0)
    top = np.quantile(standing, 0.95)
    upper = thing[heights > max(0.4 * top, 0.006)]
    offset = upper[:, :2] - np.median(upper[:, :2], axis=0)
    apart = np.sqrt((offset * offset).sum(axis=1))
    upper = upper[apart < 1.3 * np.quantile(apart, 0.8) + 0.03]
    clear = min(np.quantile(upper[:, 2], 0.99) - 0.034, top - 0.012)
    grip = max(top - min(max(0.5 * top, 0.012), 0.03), clear, 0.012)
    others = rest[rest[:, 2] > grip - 0.005]
    tall = np.abs(others[:, 2] - grip - 0.09) < 0.055
    poses, scores = [], []
    for turn in np.arange(-6, 6) * (np.pi / 12):
        c, s = np.cos(turn), np.sin(turn)
        across, aside = -c * upper[:, 0] - s * upper[:, 1], s * upper[:, 0] - c * upper[:, 1]
        low, high = np.quantile(across, 0.02), np.quantile(across, 0.98)
        middle = 0.5 * (np.quantile(aside, 0.02) + np.quantile(aside, 0.98))
        across, strip = -c * x - s * y, np.abs(s * x - c * y - middle) < 0.015
        inner = strip & (np.abs(across - 0.5 * (low + high)) < 0.25 * (high - low))
        hollow = (inner & (heights > 0.65 * top)).sum() < 0.3 * inner.sum()
        families = [(0.5 * (low + high), high - low, grip)]
        for edge, inwards in [(high, -0.006), (low, 0.006)]:
            rim = strip & (np.abs(across - edge) < 0.01)
            wall = hollow & (top > 0.025) & ((rim & (heights > 0.65 * top)).sum() > 0.3 * rim.sum())
            families.append((edge + inwards, 0.012 if wall else 1.0, top - 0.014))
        across, lengths = -c * others[:, 0] - s * others[:, 1], np.abs(s * others[:, 0] - c * others[:, 1] - middle)
        for place, width, reach in families:
            sides = np.abs(across - place)
            hit = (tall & (sides < 0.125) & (lengths < 0.04)) | ((sides > 0.038) & (sides < 0.056) & (lengths < 0.015))
            closing, along = -c * right - s * ahead, s * right - c * ahead
            pose = np.eye(4)
            pose[:3, 0], pose[:3, 1], pose[:3, 2] = along, closing, -up
            pose[:3, 3] = level + reach * up + place * closing + middle * along
            poses.append(pose)
            good = 1.0 - 5.0 * width - 0.1 * abs(s)
            scores.append(0.0 if width > 0.075 or hit.sum() > 2 else good)
    order = np.argsort(-np.array(scores), kind="stable")
    return np.array(poses)[order], np.array(scores)[order]


def select_top_down_grasp(grasps, scores, cam_to_world, vertical_threshold=0.8):
    """Of grasps (K, 4, 4) in the camera frame, the best that the arm reaches with its hand down, and its score.

    Asks solve_ik for one grasp after the other, the best first. (None, -inf) where it refuses all that point down by
    more than the threshold, 1 being straight down. The pose (4, 4) is in the robot's base frame.
    """
    import numpy as np

    for i in np.argsort(-np.asarray(scores, dtype=float), kind="stable"):
        world = np.asarray(cam_to_world, dtype=float) @ np.asarray(grasps[i], dtype=float)
        if -world[2, 2] > vertical_threshold:
            position, quaternion = decompose_transform(world)
            if native.solve_ik(position, quaternion):
                return world, scores[i]
    return None, -np.inf
