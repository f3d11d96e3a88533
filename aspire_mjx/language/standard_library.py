"""The robot API's geometry helpers, written in the language of programs itself.

They take no part in the robot: the same text runs compiled and in plain Python. A program that defines a name of theirs
has its own, and they go on to call each other's. Names and meanings are those of CaP-X (capgym/cap-x).
"""

from __future__ import annotations

import ast
import copy
from functools import cache

from aspire_mjx.language.prelude import functions_in

HIDDEN = "."  #: before the names of the functions where they call each other, so that no program can write them

SOURCE = '''
def get_observation():
    """What the cameras see and where the joints are: {camera: {"images": {"rgb", "depth"}, "intrinsics", "pose_mat"}}.

    ``robot_joint_pos`` (7,) rad and ``robot_cartesian_pos`` (7,) m and wxyz are beside the cameras' names.
    """
    import numpy as np
    seen = camera_images()
    return {
        "agentview": {
            "images": {"rgb": seen.agentview_rgb, "depth": seen.agentview_depth},
            "intrinsics": seen.agentview_intrinsics,
            "pose_mat": seen.agentview_pose_mat,
        },
        "wrist": {
            "images": {"rgb": seen.wrist_rgb, "depth": seen.wrist_depth},
            "intrinsics": seen.wrist_intrinsics,
            "pose_mat": seen.wrist_pose_mat,
        },
        "robot_joint_pos": seen.joints,
        "robot_cartesian_pos": np.concatenate([seen.position, seen.quaternion_wxyz]),
    }

def listed_detections(found, label):
    """Detections as a list of {"mask", "box", "score", "label"}, the best first."""
    masks, boxes, scores = found.masks, found.boxes, found.scores
    return [
        {"mask": masks[i], "box": boxes[i].tolist(), "score": float(scores[i]), "label": label}
        for i in range(int(found.count))
    ]

def segment_text_prompt(rgb, text_prompt):
    """Everything in an image that fits the words: a list of {"mask" (H, W) bool, "box", "score", "label"}."""
    return listed_detections(detect_in_image(rgb, text_prompt), text_prompt)

def segment_sam3_text_prompt(rgb, text_prompt):
    """The same as segment_text_prompt."""
    return listed_detections(detect_in_image(rgb, text_prompt), text_prompt)

def segment_point_prompt(rgb, point_coords):
    """The thing at pixel (u, v) of an image: a list as of segment_text_prompt, empty where nothing is."""
    return listed_detections(detect_at_pixel(rgb, point_coords), "")

def segment_sam3_point_prompt(rgb, point_coords):
    """The same as segment_point_prompt."""
    return listed_detections(detect_at_pixel(rgb, point_coords), "")

def pointed_pixel(found, label):
    """{label: (u, v)} of the best detection, (None, None) where there is none."""
    if found.count < 1:
        return {label: (None, None)}
    u, v = found.pixel
    return {label: (int(u), int(v))}

def point_prompt(image, text_prompt):
    """A pixel of what fits the words best: {text_prompt: (u, v)}, (None, None) where nothing does."""
    return pointed_pixel(detect_in_image(image, text_prompt), text_prompt)

def point_prompt_molmo(image, text_prompt):
    """The same as point_prompt."""
    return pointed_pixel(detect_in_image(image, text_prompt), text_prompt)

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

def plan_grasp(depth, intrinsics, segmentation):
    """Grasps of the masked thing: hands (K, 4, 4) in the camera frame, and scores (K,), the best first.

    A hand's place is its fingertip point. Up is the normal of the surface around the thing; hands point down, z out of
    the hand, closing along y. One family closes across the whole thing, two on the walls of what is hollow. A score is
    0 where the thing is too wide or the hand would touch something else that is seen; narrow things score more, and so
    do hands that close across the line of sight: the far side is hidden. Whether the arm reaches them is
    select_top_down_grasp's to ask. None (K = 0) for a mask with too few points.
    """
    import numpy as np
    K, chosen = np.asarray(intrinsics, dtype=float), np.asarray(segmentation) > 0
    thing = mask_to_world_points(chosen, depth, K, np.eye(4))
    if len(thing) < 12:
        return np.zeros((0, 4, 4)), np.zeros(0)
    middle = thing.mean(axis=0)
    u = np.arange(chosen.shape[1]) - K[0, 2] - K[0, 0] * middle[0] / middle[2]
    v = np.arange(chosen.shape[0]) - K[1, 2] - K[1, 1] * middle[1] / middle[2]
    around = (np.abs(u) < 0.35 * K[0, 0] / middle[2]) & (np.abs(v).reshape(len(v), 1) < 0.35 * K[1, 1] / middle[2])
    around[::2, ::2] = False
    around[1::2, 1::2] = False
    rest = mask_to_world_points(around & ~chosen, depth, K, np.eye(4))
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
        up = up * -np.sign(up @ level)
        off = np.abs(spread @ up)
        ground = ground[off <= np.quantile(off, 0.8)]
    right = np.array([1.0, 0.0, 0.0]) - up[0] * up
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
            if solve_ik(position, quaternion):
                return world, scores[i]
    return None, -np.inf
'''


def parsed(chosen: list[ast.FunctionDef]) -> ast.Module:
    """Some of the functions as a module of its own, a fresh tree with the lines of the source."""
    names = {function.name for function in chosen}
    body = [node for node in ast.parse(SOURCE).body if isinstance(node, ast.FunctionDef) and node.name in names]
    return ast.Module(list(body), [])


@cache
def helper_functions() -> dict[str, ast.FunctionDef]:
    """The functions by name."""
    return functions_in(SOURCE)


def helpers_named_by(tree: ast.Module) -> list[str]:
    """The functions that a program names and does not define, in the order of the source."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    own = {name.id for name in names if not isinstance(name.ctx, ast.Load)}
    own |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    own |= {node.asname or node.name for node in ast.walk(tree) if isinstance(node, ast.alias)}
    wanted = {name.id for name in names} - own
    return [name for name in helper_functions() if name in wanted]


def helpers_needed_by(tree: ast.Module) -> list[ast.FunctionDef]:
    """The functions that a program names, and those that these need, in the order of the source."""
    wanted = set(helpers_named_by(tree))
    for _ in helper_functions():  # what they need in their turn
        called = [helper_functions()[name] for name in wanted & helper_functions().keys()]
        wanted |= {node.id for function in called for node in ast.walk(function) if isinstance(node, ast.Name)}
    return [function for name, function in helper_functions().items() if name in wanted]


class _Hidden(ast.NodeTransformer):
    """Gives the functions of the library, and what they call of it, names that no program can write."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.name = HIDDEN + node.name
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = HIDDEN + node.id if node.id in helper_functions() else node.id
        return node


def hidden(tree: ast.Module) -> ast.Module:
    """What a program needs, as a module of its own: nothing that the program defines changes what these do."""
    return _Hidden().visit(ast.Module([*copy.deepcopy(helpers_needed_by(tree))], []))


def given(tree: ast.Module) -> list[ast.stmt]:
    """Statements that give a program the functions of :func:`hidden` by the names that it uses."""
    source = "\n".join(f"{name} = {name}" for name in helpers_named_by(tree))
    statements = ast.parse(source).body
    for node in (each for statement in statements for each in ast.walk(statement)):
        if isinstance(node, (ast.stmt, ast.expr)):
            node.lineno = 0
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            node.id = HIDDEN + node.id
    return statements
