"""The geometry helpers against numpy and scipy, and how programs come to have them."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language import standard_library as library
from aspire_mjx.language.function_texts import function_texts
from aspire_mjx.language.policy import findings
from aspire_mjx.language.program import Program
from aspire_mjx.plain.runner import run_plain
from aspire_mjx.primitives.robot_api import ROBOT_API
from tests.support.table_robot import TableRobot, assert_agrees


def _said(text: str) -> tuple[str, str, int]:
    end = run_plain(Program(text, "said.py"), TableRobot(0))
    return end.prints, end.message, end.line


def _functions() -> dict[str, Any]:
    """The library's functions as ordinary Python."""
    names: dict[str, Any] = {}
    exec("\n".join(function_texts("language/stdlib", *library.FILES).values()), names)
    return names


def test_the_documents_order_is_that_of_the_files():
    names = list(library.helper_functions())
    assert names[:3] == ["get_observation", "_seven_numbers", "listed_detections"] and len(names) == 25
    assert names[-3:] == ["plan_grasp", "_grasps_among", "select_top_down_grasp"]
    assert list(library.public_functions()) == [name for name in names if not name.startswith("_")]


@pytest.mark.parametrize("file", library.FILES)
def test_the_library_passes_the_policy_check_as_a_program_would(file: str):
    texts = function_texts("language/stdlib", file)
    assert texts and findings("\n".join(texts.values()).replace("native.", ""), ROBOT_API) == ()


def test_a_program_gets_what_it_names_and_what_that_needs_and_no_more():
    def names(text: str) -> list[str]:
        functions = library.hidden_helpers(ast.parse(text)).body
        return [library.shown_name(node.name) for node in functions if isinstance(node, ast.FunctionDef)]

    assert names("x = decompose_transform(T)") == ["rotation_matrix_to_quaternion", "decompose_transform"]
    assert names("x = 1") == []
    assert names("def normalize_vector(v):\n    return v\nnormalize_vector(1)") == []
    assert names("from numpy import sin as transform_points\ntransform_points(1)") == []


def test_a_programs_own_function_of_that_name_is_its_own():
    assert _said("def normalize_vector(v):\n    return 'mine'\nprint(normalize_vector(3))\n")[0].strip() == "mine"


_SHADOWED = """
import numpy as np
def listed_detections(found, label):
    return "mine"
def rotation_matrix_to_quaternion(R):
    return "mine"
def solve_ik(position, quaternion):
    return "mine"
max, len, float = "mine", "mine", "mine"
rgb = get_observation()["agentview"]["images"]["rgb"]
found = segment_text_prompt(rgb, "milk")
print(found if isinstance(found, str) else [sorted(d) for d in found][:1])
print(decompose_transform(np.eye(4))[1].tolist(), interpolate_segment([0, 0, 0], [0, 0, 1], 0.5)[1].tolist())
print(listed_detections(1, 2), rotation_matrix_to_quaternion(3), solve_ik(4, 5), max, len, float)
"""


def test_what_a_program_defines_changes_nothing_in_the_library():
    assert_agrees(_SHADOWED, [0, 1, 2], failure_rate=0.0)
    prints, message, _ = _said(_SHADOWED)
    first, second, third = prints.splitlines()
    assert not message and first in ("[['box', 'label', 'mask', 'score']]", "[]")
    assert second == "[1.0, 0.0, 0.0, 0.0] [0.0, 0.0, 0.5]" and third == "mine mine mine mine mine mine"


def test_a_helper_that_a_program_does_not_name_does_not_exist_for_it():
    text = """
def f():
    print(pointed_pixel)
if steps_left() < 0:
    pointed_pixel = 1
point_prompt
f()
"""
    assert_agrees(text, [0, 1])
    assert _said(text)[1].startswith("NameError")


def test_helpers_agree_with_scipy():
    names = _functions()
    turns = Rotation.random(50, rng=np.random.default_rng(0))
    for turn in turns:
        x, y, z, w = turn.as_quat()
        found = names["rotation_matrix_to_quaternion"](turn.as_matrix())
        assert abs(abs(found @ [w, x, y, z]) - 1.0) < 1e-12
        back, position = np.eye(4), np.array([0.1, -0.2, 0.3])
        back[:3, :3], back[:3, 3] = turn.as_matrix(), position
        parts = names["decompose_transform"](back)
        np.testing.assert_array_equal(parts[0], position)
        np.testing.assert_array_equal(parts[1], found)
    frame = np.eye(4)
    frame[:3, :3], frame[:3, 3] = turns[0].as_matrix(), [1.0, 2.0, 3.0]
    points = np.random.default_rng(1).normal(size=(4, 5, 3))
    moved = names["transform_points"](points, frame)
    np.testing.assert_allclose(moved.reshape(-1, 3), turns[0].apply(points.reshape(-1, 3)) + [1.0, 2.0, 3.0])
    line = names["interpolate_segment"]([0, 0, 0], [0, 0, 1], step=0.3)
    assert len(line) == 5 and np.diff(np.array(line)[:, 2]).max() <= 0.3 and line[-1][2] == 1.0


def _signed(quaternion: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """A quaternion (wxyz) or its negative: what decides has to be positive there."""
    place = 0 if np.trace(matrix) > 0 else 1 + max(range(3), key=lambda i: (matrix[i, i], i))
    return quaternion if quaternion[place] > 0 else -quaternion


#: half turns, about axes and between them, where the signs of the branches show
HALF_TURNS = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, -1], [0, -1, 1], [-1, -1, -1], [3, -1, 2], [-1, 3, 2]]


def test_a_quaternion_has_the_sign_that_upstreams_has():
    to_quaternion = _functions()["rotation_matrix_to_quaternion"]
    turns = [*Rotation.random(400, rng=np.random.default_rng(2))]
    turns += [Rotation.from_rotvec(np.pi * np.array(axis) / np.linalg.norm(axis)) for axis in HALF_TURNS]
    seen = set()
    for turn in turns:
        matrix = turn.as_matrix()
        x, y, z, w = turn.as_quat()
        found = to_quaternion(matrix)
        np.testing.assert_allclose(found, _signed(np.array([w, x, y, z]), matrix), atol=1e-7)
        seen.add(0 if np.trace(matrix) > 0 else 1 + int(np.argmax(np.diag(matrix))))
    assert seen == {0, 1, 2, 3}
    np.testing.assert_array_equal(to_quaternion(np.diag([-1, -1, 1])), [0, 0, 0, 1])
    np.testing.assert_allclose(to_quaternion([[0, 1, 0], [1, 0, 0], [0, 0, -1]]), [0, 0.5**0.5, 0.5**0.5, 0])


def test_a_left_handed_matrix_is_taken_as_it_is():
    to_quaternion = _functions()["rotation_matrix_to_quaternion"]
    np.testing.assert_allclose(to_quaternion(np.diag([1, 1, -1])), [0.5**0.5, 0, 0, 0])
    np.testing.assert_allclose(to_quaternion(np.diag([1, -1, 1])), [0.5**0.5, 0, 0, 0])
    np.testing.assert_allclose(to_quaternion(-np.eye(3)), [0, 0, 0, 0.5**0.5])


_TURNS = """
import numpy as np
for _ in range(4):
    w, x, y, z = get_eef_pose()[1]
    M = np.array([[1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                  [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                  [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)]])
    print(rotation_matrix_to_quaternion(M).tolist())
print(interpolate_segment([0, 0, 0], [0, 0, 1e-7]), get_observation()["wrist"]["pose"].tolist())
"""


def test_lanes_turn_matrices_of_their_own_in_step():
    run = assert_agrees(_TURNS, list(range(10)))
    assert run.requests == run.waves - 1 == 5  # no branch of a matrix splits them


def test_an_error_in_a_helper_is_in_the_line_that_called_it():
    text = "x = 1\ny = 2\ninterpolate_segment([0, 0, 0], [1, 0, 0], 0.0)\n"
    _, message, line = _said(text)
    assert message.startswith("ValueError: interpolate_segment: step must be above 0") and line == 3


def test_a_slip_in_a_helpers_name_is_pointed_out():
    with pytest.raises(Exception, match="Did you mean 'normalize_vector'"):
        compile_program(Program("normalise_vector([1, 2, 3])", "slip.py"))


def test_a_box_is_found_again_from_its_points():
    names = _functions()
    rng = np.random.default_rng(3)
    for yaw in (0.0, 0.3, 1.2, -0.7, 2.5):
        turn = Rotation.from_euler("z", yaw).as_matrix()
        half = np.array([0.05, 0.03, 0.02])
        points = rng.uniform(-half, half, (3000, 3)) @ turn.T + [0.4, -0.1, 0.2]
        box = names["get_oriented_bounding_box_from_3d_points"](np.concatenate([points, points[:30] + [0.2, 0.3, 0.0]]))
        np.testing.assert_allclose(box["center"], [0.4, -0.1, 0.2], atol=1e-3)
        np.testing.assert_allclose(box["extent"], 2 * half, atol=3e-3)
        assert abs(abs(box["R"][:, 0] @ turn[:, 0]) - 1) < 2e-3
        np.testing.assert_allclose(box["R"].T @ box["R"], np.eye(3), atol=1e-12)
        assert np.linalg.det(box["R"]) > 0


def test_points_come_out_of_depth_images_where_they_are():
    names = _functions()
    K, pose = np.array([[150.0, 0, 9.5], [0, 150.0, 4.5], [0, 0, 1]]), np.eye(4)
    pose[:3, :3], pose[:3, 3] = Rotation.from_euler("xyz", [0.3, -0.5, 1.0]).as_matrix(), [0.2, 0.1, 0.5]
    depth = np.random.default_rng(0).uniform(0.5, 1.5, (10, 20)).astype(np.float32)
    depth[3, 4] = 0.0
    cloud = names["depth_to_point_cloud"](depth, K)
    row, column = np.mgrid[0:10, 0:20]
    seen = depth > 0
    projected = cloud[seen] @ K.T
    np.testing.assert_allclose(projected[:, 0] / projected[:, 2], column[seen], atol=1e-9)
    np.testing.assert_allclose(projected[:, 1] / projected[:, 2], row[seen], atol=1e-9)
    mask = np.zeros((10, 20), bool)
    mask[3, 2:6] = True
    points = names["mask_to_world_points"](mask, depth, K, pose)
    assert points.shape == (3, 3)
    one = names["pixel_to_world_point"](5, 3, float(depth[3, 5]), K, pose)
    np.testing.assert_allclose(points[-1], one, atol=1e-12)
    np.testing.assert_allclose(points[-1], pose[:3, :3] @ cloud[3, 5] + pose[:3, 3], atol=1e-9)
    assert names["mask_to_world_points"](mask & False, depth, K, pose).shape == (0, 3)
