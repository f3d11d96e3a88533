"""Arguments of calls: bound as Python binds them, and refused with Python's own words, compiled and plain."""

from __future__ import annotations

import ast
from itertools import product
from random import Random
from typing import Any

import pytest

from aspire_mjx.compiler.code import Code
from aspire_mjx.language.program import Program
from aspire_mjx.machine.instructions.arguments import bind_parameters
from aspire_mjx.machine.values import FunctionValue
from aspire_mjx.plain.runner import run_plain
from tests.support.table_robot import TableRobot, assert_agrees

SIGNATURES, CALLS_EACH = 60, 12


def random_code(rng: Random) -> Code:
    """A function with any parameters that a program can declare; the default of a parameter is its own name."""
    count = rng.randrange(4)
    keyword_only = "xyz"[: rng.randrange(4)]
    defaults = rng.randint(0, count)
    parts = [f"{name}={name!r}" if i >= count - defaults else name for i, name in enumerate("abc"[:count])]
    keywords = [f"{name}={name!r}" if rng.random() < 0.5 else name for name in keyword_only]
    rest, more = rng.choice([None, "rest"]), rng.choice([None, None, "more"])
    positional_only = rng.choice([0, rng.randint(0, count)])
    if positional_only:
        parts.insert(positional_only, "/")
    if rest or keywords:
        parts.append(f"*{rest or ''}")
    text = ", ".join([*parts, *keywords, *([f"**{more}"] if more else [])])
    function = ast.parse(f"lambda {text}: 0", mode="eval").body
    assert isinstance(function, ast.Lambda)
    return Code("f", 0, parameters=function.args, title="outer.<locals>.f")


def declared(code: Code) -> str:
    """The same parameters as Python text."""
    return ast.unparse(code.parameters)


def outcome(call: Any, args: tuple[Any, ...], kwargs: dict[Any, int]) -> Any:
    """What a call gives: the variables, or the text of its TypeError."""
    try:
        return call(*args, **kwargs)
    except TypeError as error:
        return str(error)


@pytest.mark.parametrize("seed", range(SIGNATURES))
def test_binding_is_that_of_a_real_function(seed: int) -> None:
    rng = Random(seed)
    code = random_code(rng)
    names: dict[str, Any] = {}
    exec(f"def outer():\n    def f({declared(code)}):\n        return locals()\n    return f\n", names)
    real = names["outer"]()
    defaults = tuple(map(ast.literal_eval, code.parameters.defaults))
    function = FunctionValue(code, defaults, code.keyword_defaults, ())
    for _ in range(CALLS_EACH):
        args = tuple(range(rng.randrange(5)))
        kwargs: dict[Any, int] = {name: 9 for name in "abcxyzq" if rng.random() < 0.25}
        if rng.random() < 0.05:
            kwargs[1] = 2
        got = outcome(lambda a, k: bind_parameters(function, a, k), (args, kwargs), {})
        assert got == outcome(real, args, kwargs), (declared(code), args, kwargs)


HEAD = """
import math
import numpy as np
from scipy.spatial.transform import Rotation as R
def f(*a, **k):
    return len(a)
def g(x, y=2):
    return x
def outer():
    def inner(a, /, b, *, c=1):
        return a
    return inner
inner = outer()
h = lambda x: x
w = get_gripper_width()
t = task_language()
r = get_object_pose("milk")
d, xs, s = {"x": 1}, [1, 2], {1, 2}
arr = np.array([w, 1.0])
rng = np.random.default_rng(3)
"""
CALLEES = (
    *("f", "g", "inner", "h", "wait", "goto_pose", "get_gripper_width"),
    *("len", "print", "int", "float", "list", "set", "dict", "str", "tuple", "bool", "sorted", "max", "min", "sum"),
    *("range", "abs", "round", "isinstance", "zip", "map", "enumerate", "filter", "iter", "next", "repr", "format"),
    *("pow", "divmod", "any", "all", "reversed", "ord", "callable", "ValueError"),
    *("np.sum", "np.array", "np.float64", "np.ndarray", "math.sqrt", "R.from_euler", "R.from_euler('z', 1).apply"),
    *("np.random.normal", "np.random.seed", "rng.normal", "arr.sum", "arr.copy", "xs.append", "xs.sort", "list.append"),
    *("d.get", "d.update", "dict.update", "dict.fromkeys", "s.add", "s.union", "t.upper", "str.upper", "'a'.join"),
    *("r.status.upper", "(1.5).is_integer", "None", "w", "t", "r", "xs", "5"),
)
#: arguments that cannot be collected, whatever is called
WRONG = (
    *("*None", "*5", "*w", "*f", "*rng", "*np.float64(1)", "*np.array(1.0)", "1, *None", "*None, 1", "*None, **3"),
    *("**3", "**None", "**w", "**xs", "*xs, **xs"),
    *("x=1, **{'x': 2}", "**d, **{'x': 3}", "**d, x=5, y=6", "**d, y=1, x=2"),
)
INTERNAL = ("aspire_mjx", "functools", "<locals>.call", "<locals>.show", "object at 0x", "Varying", "FunctionValue")


@pytest.mark.parametrize("arguments", WRONG)
def test_arguments_after_stars_are_refused_with_the_same_words(arguments: str) -> None:
    tried = "".join(
        f"try:\n    {callee}({arguments})\nexcept TypeError as error:\n    print(error)\n" for callee in CALLEES
    )
    run = assert_agrees(HEAD + tried, [1, 2, 3])
    said = run.ends[0].prints
    assert len(said.splitlines()) == len(CALLEES)
    assert not [name for name in INTERNAL if name in said]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("wait(*None)", "wait() argument after * must be an iterable, not NoneType"),
        ("f(*None)", "__main__.f() argument after * must be an iterable, not NoneType"),
        ("inner(*w)", "__main__.outer.<locals>.inner() argument after * must be an iterable, not float"),
        ("wait(**3)", "wait() argument after ** must be a mapping, not int"),
        ("len(*5)", "len() argument after * must be an iterable, not int"),
        ("f(1, *None)", "Value after * must be an iterable, not NoneType"),
        ("f(**{1: 2})", "keywords must be strings"),
        ("wait(**{1: 2})", "keywords must be strings"),
        ("f(x=1, **{'x': 2})", "__main__.f() got multiple values for keyword argument 'x'"),
        ("print(**{'file': 1})", "print() got an unexpected keyword argument 'file'"),
        ("[*None]", "Value after * must be an iterable, not NoneType"),
        ("(1, *w)", "Value after * must be an iterable, not float"),
        ("{*None}", "'NoneType' object is not iterable"),
        ("{**None}", "'NoneType' object is not a mapping"),
        ("w(*None)", None),
    ],
)
def test_the_words(call: str, message: str | None) -> None:
    run = assert_agrees(HEAD + call, [1, 2, 3])
    if message is not None:
        assert {end.message for end in run.ends.values()} == {f"TypeError: {message}"}


@pytest.mark.parametrize(
    "call",
    [
        "f(*None, k=note(1))",
        "f(*map(note, xs), k=note(3))",
        "f(**d, x=note(1), y=note(2))",
        "f(note(1), *map(note, xs), k=note(3), **{'j': note(4)})",
        "f(**3, k=note(1))",
        "f(*xs, **{'a': note(1)}, b=note(2), c=note(3))",
    ],
)
def test_arguments_are_evaluated_in_the_same_order(call: str) -> None:
    assert_agrees(HEAD + f"def note(v):\n    wait(v)\n    return v\nprint({call})\n", [1, 2, 3])


@pytest.mark.parametrize(("callee", "argument"), list(product(("f", "wait", "len", "t.upper"), ("*None", "**3"))))
def test_the_plain_runner_names_nothing_of_its_own(callee: str, argument: str) -> None:
    end = run_plain(Program(HEAD + f"{callee}({argument})"), TableRobot(1))
    assert end.message.startswith("TypeError: ") and not [name for name in INTERNAL if name in end.message]
