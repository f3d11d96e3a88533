"""Tunables: how they are declared, and what values they take."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from aspire_mjx.errors import AspireError, UnknownNameError
from aspire_mjx.language.program import Program
from aspire_mjx.language.tunables import Tunable, read_tunable, tunable_columns, tunable_values, tunables_of

HEIGHT = Tunable("height", 0.1, 0.0, 0.2, 1)


def _call(text: str) -> ast.Call:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    return call


def test_a_declaration_is_read():
    assert read_tunable(_call('tunable("height", 0.1, low=0, high=0.2)')) == HEIGHT


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('tunable("height", 0.1)', "write tunable"),
        ('tunable("height", x, low=0, high=1)', "constant arguments"),
        ('tunable("a b", 0.1, low=0, high=1)', "plain word"),
        ('tunable("height", True, low=0, high=1)', "finite numbers"),
        ('tunable("height", 2, low=0, high=1)', "low <= default <= high"),
        ('tunable("height", 1, low=1, high=1)', "low < high"),
    ],
)
def test_a_wrong_declaration_is_refused_with_the_form(text, says):
    with pytest.raises(ValueError, match=says):
        read_tunable(_call(text))


def test_tunables_come_in_the_order_of_lines_and_wrong_ones_are_left_out():
    text = 'wait(tunable("b", 1, low=0, high=2))\ntunable("c", x, low=0, high=1)\ntunable("a", 0.5, low=0, high=1)\n'
    assert [(t.name, t.line) for t in tunables_of(Program(text))] == [("b", 1), ("a", 3)]


def test_values_are_the_given_ones_or_defaults_within_bounds():
    assert tunable_values([HEIGHT], {}, program="p.py") == {"height": 0.1}
    assert tunable_values([HEIGHT], {"height": 0.2}, program="p.py") == {"height": 0.2}
    with pytest.raises(AspireError, match="outside"):
        tunable_values([HEIGHT], {"height": 0.3}, program="p.py")
    with pytest.raises(UnknownNameError, match="height"):
        tunable_values([HEIGHT], {"hight": 0.1}, program="p.py")


def test_columns_have_a_value_for_each_lane():
    columns = tunable_columns([HEIGHT], [{}, {"height": 0.15}, {}], program="p.py")
    np.testing.assert_array_equal(columns["height"], [0.1, 0.15, 0.1])
