"""Wrong calls of everything that a program can name: both runners say the same, in words of the program."""

from __future__ import annotations

import re

import pytest

from aspire_mjx.language.modules import MATH, NUMPY, Facade
from aspire_mjx.language.vocabulary import ARRAY_METHODS, BUILTIN_FUNCTIONS, EXCEPTIONS, METHODS, TYPES
from aspire_mjx.primitives.robot_api import ROBOT_API
from tests.support.table_robot import assert_agrees

HEADER = "# api: native\nimport math\nimport numpy as np\nfrom scipy.spatial.transform import Rotation\n"
#: arguments that nothing takes
WRONG = ("", "*[()] * 9", "*None", "**None", "zzz=1", "(), **{'zzz': 1}")
INTERNAL = re.compile(r"aspire_mjx|guard|Stream|<function|<locals>|<lambda>|(?<![\w'])_\w")


def _functions(prefix: str, facade: Facade) -> list[str]:
    members = {name: getattr(facade, name) for name in facade}
    nested = [
        f for name, value in members.items() if isinstance(value, Facade) for f in _functions(f"{prefix}.{name}", value)
    ]
    return [f"{prefix}.{name}" for name, value in members.items() if callable(value)] + nested


def _methods(value: str, names: frozenset[str]) -> list[str]:
    return [f"{value}.{name}" for name in sorted(names)]


CALLABLES = {
    "numpy": _functions("np", NUMPY),
    "math": _functions("math", MATH),
    "builtins": [*BUILTIN_FUNCTIONS, *TYPES],
    "exceptions": list(EXCEPTIONS),
    "primitives": [f"[{primitive.name}][0]" for primitive in ROBOT_API],  # called directly, they are refused
    "print": ["print"],
    **{kind.__name__: _methods(f"{kind.__name__}()", names) for kind, names in METHODS.items()},
    "arrays": _methods("np.zeros(2)", ARRAY_METHODS),
    "generators": _methods("np.random.default_rng(1)", frozenset({"random", "uniform", "choice", "shuffle"})),
}


def _program(function: str) -> str:
    calls = [f"try:\n    {function}({wrong})\nexcept Exception as e:\n    print(e)\n" for wrong in WRONG]
    return HEADER + "".join(calls)


@pytest.mark.parametrize("group", CALLABLES)
def test_wrong_calls_say_the_same_in_words_of_the_program(group: str) -> None:
    for function in CALLABLES[group]:
        prints = assert_agrees(_program(function), [1]).ends[0].prints
        assert not INTERNAL.search(prints), function


VARYING = "import numpy as np\nw = get_gripper_width()\n"


@pytest.mark.parametrize(
    "text",
    [
        "print(max([], default=3), max([w], default=3), max(1, w, default=3))",
        "print(min(1, w, key=lambda a: -a, default=3))",
        "raise ValueError(a=w)",
        "raise AttributeError('x', name='a')",
        "print(np.float64(), np.bool_(), np.int8(), np.float32(w), np.float64(w, w))",
        "np.linalg.multi_dot(1)",
        "np.random.default_rng(1, seed=2)",
        "np.random.seed(low=1)",
        "s = {1, 2, 3}\ns.difference_update([1], [2])\ns.symmetric_difference_update({4})\nprint(s)",
        "s = {1, 2, 3}\ns.intersection_update([1, 2], [1])\nprint(s)",
        "a = np.array([w, 0.1, w])\na.sort(kind='stable')\na.sort(-1, None)\nprint(a)\na.sort(zzz=1)",
        "np.array([w]).fill(w, w)",
        "dict().update([], [])",
        "print(1, sep=w)",
        "try:\n    raise ValueError(w)\nexcept ValueError as e:\n    x = [e]\nprint(x, [{1: 2}.items(), len])",
        "from scipy.spatial.transform import Rotation\nprint([Rotation], [PerceptionError, float])\nRotation(*None)",
        "f = np.zeros if w > 0.15 else np.ones\nf(*None)",
        *(
            "enumerate()",
            "enumerate(1, 2, 3)",
            "zip(3)",
            "map(abs)",
            "filter(1)",
            "reversed(1)",
            "reversed(w)",
            "reversed({1})",
            "reversed(None)",
            "''.join(1)",
            "''.join(w)",
            "''.join([1])",
            "''.join(None)",
            "[(lambda a: a)(*b) for b in [()]]",
            "reversed(lambda: 0)",
            "[*map(lambda: 1, [2])]",
            "sum(((lambda: 1)(i) for i in [1]))",
            "{(lambda: 1)(i) for i in [1]}",
            "{1: (lambda: 1)(i) for i in [1]}",
        ),
    ],
)
def test_calls_that_used_to_differ_agree(text: str) -> None:
    assert_agrees(VARYING + text, [1, 2, 3])
