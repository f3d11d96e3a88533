"""The repertoire: every sketch is a function in a file, and every such function is the sketch of one repair."""

from __future__ import annotations

import ast

import pytest

from aspire_mjx.agents.repertoire import REPERTOIRE
from aspire_mjx.language.function_texts import function_texts
from aspire_mjx.language.policy import findings
from aspire_mjx.primitives.robot_api import ROBOT_API

FILES = ("looking", "grasping", "moving", "releasing")
SKETCHES = function_texts("agents/sketches", *FILES)


@pytest.mark.parametrize("file", FILES)
def test_sketches_pass_the_policy_check_as_a_program_would(file):
    texts = function_texts("agents/sketches", file)
    assert texts and findings("\n\n".join(texts.values()), ROBOT_API) == ()


def test_every_sketch_belongs_to_one_repair():
    assert sorted(repair.helper for repair in REPERTOIRE) == sorted(SKETCHES)
    assert all(repair.sketch == SKETCHES[repair.helper] for repair in REPERTOIRE)


def test_a_sketch_for_a_primitive_takes_what_the_primitive_takes():
    for repair in REPERTOIRE:
        (function,) = ast.parse(repair.sketch).body
        assert isinstance(function, ast.FunctionDef)
        taken = [argument.arg for argument in function.args.args]
        if repair.wraps_function:
            assert len(taken) == 1 and function.args.vararg is not None
        else:
            names = [parameter.name for parameter in ROBOT_API[repair.replaces].parameters]
            assert taken == names[: len(taken)], repair.name
            assert len(taken) == len(names) or function.args.kwarg is not None, repair.name
