"""Repairs go into program text once, in order of their layers, and leave the rest of the text alone."""

from __future__ import annotations

import ast

import pytest

from aspire_mjx.agents.repair import Pattern, Repair
from aspire_mjx.agents.repertoire import REPERTOIRE
from aspire_mjx.agents.rewrite import apply, apply_all, enclosing_function, outermost_function
from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.program import Program
from aspire_mjx.skills.skill import ENCLOSING_FUNCTION


def repair(helper: str, replaces: str, body: str, **options) -> Repair:
    name = helper.replace("_", "-")
    return Repair(name, "It helps.", "Always.", (Pattern(),), replaces, f"def {helper}{body}", **options)


LOOK = repair("look_twice", "get_object_pose", "(name):\n    get_object_pose(name)\n    return get_object_pose(name)\n")
MEDIAN = repair("steady_look", "get_object_pose", "(name):\n    return get_object_pose(name)\n", layer=10)
RETRY = repair("retry", ENCLOSING_FUNCTION, "(attempt, *arguments):\n    return attempt(*arguments)\n", layer=5)
AGAIN = repair("again", ENCLOSING_FUNCTION, "(attempt, *arguments):\n    return attempt(*arguments)\n", layer=6)

TEXT = '''"""Docstring."""

import numpy as np

# ä comment with ü
place_of = {"ä": get_object_pose("bäsket")}  # a call after letters of two bytes


def pick(name):
    return get_object_pose(name)


def main():
    pick("milk")
    (pick
        ("soup"))
    done = [pick(n) for n in ("a", "b")]


main()
'''


def test_a_primitive_is_replaced_everywhere_but_in_the_helper():
    text = apply(TEXT, LOOK)
    assert text is not None
    assert text.count("get_object_pose(") == 2 and text.count("look_twice(") == 3
    assert '{"ä": look_twice("bäsket")}' in text
    assert text.startswith('"""Docstring."""\n\nimport numpy as np\n\n\ndef look_twice(name):')


def test_the_rest_of_the_text_keeps_its_lines():
    text = apply(TEXT, LOOK)
    assert text is not None
    before = [line for line in TEXT.splitlines() if "get_object_pose" not in line]
    kept = iter(text.splitlines())
    assert all(line in kept for line in before)


def test_a_function_is_handed_to_the_helper():
    text = apply(TEXT, RETRY, function="pick")
    assert text is not None
    assert 'retry(pick, "milk")' in text and '(retry\n        (pick, "soup"))' in text
    assert "[retry(pick, n) for n" in text and "def pick(name):" in text


def test_a_function_without_arguments_is_handed_over_alone():
    text = apply(TEXT, RETRY, function="main")
    assert text is not None and text.endswith("\nretry(main)\n")


def test_helpers_of_one_function_nest():
    text, applied = apply_all(TEXT, [(AGAIN, "pick"), (RETRY, "pick")])
    assert [r.name for r in applied] == ["retry", "again"]
    assert 'retry(again, pick, "milk")' in text


def test_a_wrapped_first_argument_in_brackets_stays_whole():
    text = apply("def f(x):\n    return x\n\n\nf((1, 2))\n", RETRY, function="f")
    assert text is not None and text.endswith("retry(f, (1, 2))\n")


def test_low_layers_wrap_high_ones_whatever_the_order_given():
    one, _ = apply_all(TEXT, [(LOOK, ""), (MEDIAN, "")])
    other, applied = apply_all(TEXT, [(MEDIAN, ""), (LOOK, "")])
    assert one == other and [r.name for r in applied] == ["steady-look", "look-twice"]
    assert "def steady_look(name):\n    return look_twice(name)" in one and 'steady_look("bäsket")' in one


def test_applying_twice_changes_nothing():
    text = apply(TEXT, LOOK)
    assert text is not None and apply(text, LOOK) is None
    assert apply_all(TEXT, [(LOOK, ""), (LOOK, "")])[0] == text


@pytest.mark.parametrize(
    ("text", "chosen", "function"),
    [
        ("wait(1.0)\n", LOOK, ""),
        ("def get_object_pose(name):\n    return 1\n\n\nget_object_pose('a')\n", LOOK, ""),
        (TEXT, RETRY, ""),
        (TEXT, RETRY, "absent"),
    ],
    ids=["not called", "defined by the program", "no function", "unknown function"],
)
def test_what_does_not_apply(text, chosen, function):
    assert apply(text, chosen, function=function) is None


def test_outermost_and_enclosing_function():
    assert outermost_function(TEXT) == "main"
    assert outermost_function("wait(1.0)\n") == ""
    assert enclosing_function(TEXT, "main:50>pick:31") == "pick"
    assert enclosing_function(TEXT, "main:50>retry:3>pick:31>look_twice:5") == "pick"
    assert enclosing_function(TEXT, "main:50") == ""
    assert enclosing_function(TEXT, "") == ""


@pytest.mark.parametrize("chosen", REPERTOIRE, ids=lambda r: r.name)
def test_every_repair_of_the_repertoire_compiles_in_the_first_program(chosen, first_program):
    function = "main" if chosen.outermost else "pick"
    text = apply(first_program, chosen, function=function)
    assert text is not None
    compile_program(Program(text))
    ast.parse(text)


def test_all_repairs_together_compile(first_program):
    wanted = [(r, "main" if r.outermost else "pick") for r in REPERTOIRE]
    text, applied = apply_all(first_program, wanted)
    assert len(applied) == len(REPERTOIRE)
    compile_program(Program(text))
