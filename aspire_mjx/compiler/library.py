"""The robot API's geometry helpers, written in the language of programs itself.

They take no part in the robot: the same text runs compiled and in plain Python. A program that defines a name of theirs
has its own. Names and meanings are those of CaP-X (capgym/cap-x).
"""

from __future__ import annotations

import ast
from functools import cache

from aspire_mjx.compiler.prelude import functions_in

SOURCE = '''
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

def select_top_down_grasp(grasps, scores, cam_to_world, vertical_threshold=0.8):
    """Of grasps (K, 4, 4) in the camera frame, the best whose hand points down in the world, and its score.

    (None, -inf) where none points down by more than the threshold, 1 being straight down.
    """
    import numpy as np
    best, best_score = None, -np.inf
    for i in range(len(grasps)):
        world = np.asarray(cam_to_world, dtype=float) @ np.asarray(grasps[i], dtype=float)
        if -world[2, 2] > vertical_threshold and scores[i] > best_score:
            best, best_score = world, scores[i]
    return best, best_score
'''


def parsed(chosen: list[ast.FunctionDef]) -> ast.Module:
    """Some of the functions as a module of its own, a fresh tree with the lines of the source."""
    names = {function.name for function in chosen}
    body = [node for node in ast.parse(SOURCE).body if isinstance(node, ast.FunctionDef) and node.name in names]
    return ast.Module(list(body), [])


@cache
def functions() -> dict[str, ast.FunctionDef]:
    """The functions by name."""
    return functions_in(SOURCE)


def needed_by(tree: ast.Module) -> list[ast.FunctionDef]:
    """The functions that a program names and does not define, and those that these need, in the order of the source."""
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    own = {name.id for name in names if not isinstance(name.ctx, ast.Load)}
    own |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    own |= {node.asname or node.name for node in ast.walk(tree) if isinstance(node, ast.alias)}
    wanted = {name.id for name in names} - own
    for _ in functions():  # what they need in their turn
        called = [functions()[name] for name in wanted & functions().keys()]
        wanted |= {node.id for function in called for node in ast.walk(function) if isinstance(node, ast.Name)}
    return [function for name, function in functions().items() if name in wanted]
