"""The geometry helpers against numpy and scipy, and how programs come to have them."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from aspire_mjx.compiler import library
from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.compiler.plain import run_plain
from aspire_mjx.compiler.program import Program
from tests.compiler.worlds import TableRobot


def _said(text: str) -> tuple[str, str, int]:
    end = run_plain(Program(text, "said.py"), TableRobot(0))
    return end.prints, end.message, end.line


def test_a_program_gets_what_it_names_and_what_that_needs_and_no_more():
    def names(text: str) -> list[str]:
        return [function.name for function in library.needed_by(ast.parse(text))]

    assert names("x = decompose_transform(T)") == ["rotation_matrix_to_quaternion", "decompose_transform"]
    assert names("x = 1") == []
    assert names("def normalize_vector(v):\n    return v\nnormalize_vector(1)") == []
    assert names("from numpy import sin as transform_points\ntransform_points(1)") == []


def test_a_programs_own_function_of_that_name_is_its_own():
    assert _said("def normalize_vector(v):\n    return 'mine'\nprint(normalize_vector(3))\n")[0].strip() == "mine"


def test_helpers_agree_with_scipy():
    names: dict = {}
    exec(library.SOURCE, names)
    turns = Rotation.random(50, rng=np.random.default_rng(0))
    for turn in turns:
        x, y, z, w = turn.as_quat()
        found = names["rotation_matrix_to_quaternion"](turn.as_matrix())
        assert abs(abs(found @ [w, x, y, z]) - 1.0) < 1e-12
    frame = np.eye(4)
    frame[:3, :3], frame[:3, 3] = turns[0].as_matrix(), [1.0, 2.0, 3.0]
    points = np.random.default_rng(1).normal(size=(4, 5, 3))
    moved = names["transform_points"](points, frame)
    np.testing.assert_allclose(moved.reshape(-1, 3), turns[0].apply(points.reshape(-1, 3)) + [1.0, 2.0, 3.0])
    line = names["interpolate_segment"]([0, 0, 0], [0, 0, 1], step=0.3)
    assert len(line) == 5 and np.diff(np.array(line)[:, 2]).max() <= 0.3 and line[-1][2] == 1.0


def test_an_error_in_a_helper_is_in_the_line_that_called_it():
    text = "x = 1\ny = 2\ninterpolate_segment([0, 0, 0], [1, 0, 0], 0.0)\n"
    _, message, line = _said(text)
    assert message.startswith("ValueError: interpolate_segment: step must be above 0") and line == 3


def test_a_slip_in_a_helpers_name_is_pointed_out():
    with pytest.raises(Exception, match="Did you mean 'normalize_vector'"):
        compile_program(Program("normalise_vector([1, 2, 3])", "slip.py"))
