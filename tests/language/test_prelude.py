"""Built-in functions that call functions of the program."""

from __future__ import annotations

import ast

import pytest

from aspire_mjx.language.function_texts import function_texts
from aspire_mjx.language.policy import findings
from aspire_mjx.language.standard_library import RESUMING, prelude_needed_by
from aspire_mjx.primitives.robot_api import ROBOT_API
from tests.support.table_robot import assert_agrees

TEXTS = function_texts("language/stdlib", "prelude")


def test_it_passes_the_policy_check_but_for_the_instructions_it_is_made_of():
    found = findings("\n".join(TEXTS.values()), ROBOT_API)
    assert {message.split("'")[1] for _, _, message in found} == {"_arranged", "_first"}
    assert {rule for _, rule, _ in found} == {"name"} and set(RESUMING) <= set(TEXTS)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("x = 1", []),
        ("sorted([2, 1])", ["sorted"]),
        ("[2, 1].sort()", ["sort"]),
        ("any(map(f, x))", ["any", "map"]),
    ],
)
def test_a_program_needs_the_functions_that_it_names(text, needed):
    assert [function.name for function in prelude_needed_by(ast.parse(text))] == needed


def test_it_means_what_python_means():
    assert_agrees(
        """
words = ["milk", "soup", "ketchup", "tea"]
print(sorted(words, key=len), sorted(words, key=lambda w: w[-1], reverse=True))
print(min(words, key=len), max(words, key=len), min([3, 1, 2]), max((3, 1, 2)))
words.sort(key=lambda w: -len(w))
print(words, any(w == "tea" for w in words), all(len(w) > 3 for w in words), any([]), all([]))
print(list(map(lambda a, b: a + b, [1, 2], [3, 4, 5])), list(filter(lambda w: "e" in w, words)))
""",
        [0, 1],
    )
