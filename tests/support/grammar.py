"""Random programs for the compiler's tests, from a grammar of templates.

``<kind>`` in a template is a hole that is filled with a random template of that kind. Programs always end: every loop
and every function burns fuel first, and what is stored in a variable is cut to a small size. Names have one kind each
(``a b c`` are numbers, ``s t`` texts, ``xs ys`` lists, ``d e`` dicts, ``u v`` arrays, ``r`` a result), but some values
are of a wrong kind on purpose.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, replace
from random import Random

_START = """\
import math
import numpy as np
from scipy.spatial.transform import Rotation as R

fuel = [40]

def tick():
    fuel[0] -= 1
    if fuel[0] < 0:
        raise RuntimeError("out of fuel")

def small(x):
    return x if -50 < x < 50 else 0.5

def f(a, s="milk", xs=(1, 2)):
    return a

def g(a, *rest, k=2):
    return a + len(rest) * k

def h(a, key=lambda x: -x):
    return key(a)

DOWN = [0.0, 1.0, 0.0, 0.0]
a = get_gripper_width()
b, c = int(a * 10), 2
s, t = task_language().split()[1], "milk"
xs, ys = [a, b, 0.25], [3, 1, 2]
rows = [[1, a], [b, 2.0]]
d, e = {"milk": a, "soup": 1}, {}
u, v = np.array([a, 0.1, b]), np.array([0.4, 0.0, 0.2])
r = sample_grasp_pose("milk")
x = 1.5
points = np.array([[a, 0.1, 0.2], [0.15, a, b], [0.3, 0.0, a], [0.1, 0.2, 0.3]])
near = points[points[:, 0] > 0.12]
it = iter([a, 2, b])
"""
_END = 'print("end", a, b, c, s, t, xs, ys, rows, d, e, u, v, r, near, points, fuel)\n'

#: what a hole of each kind is filled with when nesting has to stop
LEAVES: dict[str, list[str]] = {
    "num": [
        "1",
        "a",
        "b",
        "c",
        "a",
        "b",
        "0",
        "0.5",
        "-2",
        "7",
        "x",
        "xs[0]",
        "u[1]",
        "True",
        "u[0]",
        "v[2]",
        "ys[-1]",
    ],
    "cond": ["a > 0.15", "b", "r", "a < 0.1", "xs[0] > 0.2", "s == 'milk'", "True", "xs", "x is None"],
    "text": ["'milk'", "s", "t", "'no such thing'", "r.status"],
    "list": ["[1, 2]", "xs", "ys", "[]", "rows", "rows[0]", "(1, a)"],
    "dict": ["{}", "d", "e", "{'k': a}"],
    "arr": ["u", "v", "np.zeros(3)", "np.array([1, b, c])"],
    "int": ["0", "1", "-1", "b", "c", "2", "3"],
    "odd": ["None", "{}", "None", "[]", "np.zeros(2)", "np.ones((2, 3))"],
    "number": ["a", "b", "c"],
    "string": ["s", "t"],
    "sequence": ["xs", "ys"],
    "mapping": ["d", "e"],
    "vector": ["u", "v"],
    "cloud": ["near", "points"],
    "shown": ["a", "b", "s", "u", "xs", "rows", "d", "r", "a / b", "u[0]", "len(ys)", "a > 0.1", "xs[1:]", "c"],
    "step": [],
    "error": ["ValueError", "KeyError", "IndexError", "ZeroDivisionError", "RuntimeError", "PerceptionError"],
    "caught": ["Exception", "ValueError", "(TypeError, LookupError)", "ArithmeticError", "PerceptionError"],
}

EXPRESSIONS: dict[str, list[str]] = {
    "num": [
        *("<num> + <num>", "<num> - <num>", "<num> * <num>", "<num> / <num>", "<num> // <num>", "<num> % <num>"),
        *("-<num>", "abs(<num>)", "round(<num>, <int>)", "int(<num>)", "float(<num>)", "min(<num>, <num>)"),
        *("max(<list>)", "len(<list>)", "len(<text>)", "sum(<list>)", "<num> ** 2", "divmod(<num>, <num>)[0]"),
        *("<list>[<int>]", "<arr>[<int>]", "<dict>['milk']", "<dict>.get(<text>, <num>)", "<odd>"),
        *("rows[<int>][<int>]", "(<num> if <cond> else <num>)", "f(<num>)", "f(<num>, xs=<list>)"),
        *("g(<num>, <num>, k=<num>)", "h(<num>)", "h(<num>, lambda x: x + <num>)", "g(*<list>)", "f(**<dict>)"),
        *("(lambda x, y=<num>: x - y)(<num>)", "np.linalg.norm(<arr>)", "float(np.sum(<arr>))", "np.max(<arr>)"),
        *("np.dot(<arr>, <arr>)", "<arr>.mean()", "math.sqrt(<num>)", "math.atan2(<num>, <num>)", "np.sin(<num>)"),
        *("np.clip(<num>, 0, 1)", "math.floor(<num>)", "r.score", "r.position[<int>]", "get_gripper_width()"),
        *("<list>.index(<num>)", "max(<list>, key=lambda x: -x)", "next((x for x in <list> if x > <num>), <num>)"),
        *("<list>.count(<num>)", "(<num> and <num>)", "(<cond> or <num>)", "(<num> & 3)", "<text>.find(<text>)"),
        *("np.float64(<num>)", "next(it, <num>)", "np.random.normal(<num>, 0.1)", "np.random.rand()", "len(<cloud>)"),
        *("<cloud>[:, 2].sum()", "<cloud>.shape[0]", "np.max(<cloud>)", "<cloud>[<int>, 0]", "<cloud>.mean()"),
        *("sum(it)", "sum(x for x in it)", "np.float32(<num>)", "np.uint8(<int>) + <num>", "getattr(<arr>, 'size')"),
    ],
    "cond": [
        *("<num> < <num>", "<num> <= <num> < <num>", "<num> == <num>", "not <cond>", "<cond> and <cond>"),
        *("<cond> or <cond>", "<text> in <list>", "<num> in <list>", "<text> in <dict>", "<text> == <text>"),
        *("isinstance(<num>, float)", "<list> == <list>", "<text>.startswith(<text>)"),
        *("any(x > <num> for x in <list>)", "all(x for x in <list>)", "np.any(<arr> > <num>)"),
        *("np.allclose(<arr>, <arr>)", "bool(<list>)", "<odd>", "r.status == 'OK'", "goto_home_joint_position()"),
        *("<num> is None", "<list> < <list>", "math.isnan(<num>)", "r < <num>", "<num> in it", "<num> not in it"),
        *("type(<num>) is float", "type(<odd>) in (list, int)", "hasattr(<odd>, '__len__')", "hasattr(<arr>, 'size')"),
    ],
    "text": [
        *("<text> + <text>", "str(<num>)", "f'{<shown>}-{<shown>}'", "f'{<shown>:.2f}'", "<text>.upper()"),
        *("<text>[<int>:]", "f'{<shown>!r:>{len(s)}}'", "', '.join(<text>.split())", "<text>[<int>]", "repr(<list>)"),
        *("'%s %.1f' % (s, <num>)", "(<text> if <cond> else <text>)", "str(<arr>)", "<text>.replace('i', <text>)"),
        *("f'{<shown>} {<shown>}'", "<odd>", "'{} {:>5}'.format(<num>, <text>)", "task_language()", "r.message"),
        *("str(<odd>)", "f'{<shown>}'", "type(<odd>).__name__", "str(<arr>.dtype)", "f'{type(<num>)}'"),
    ],
    "list": [
        *("<cloud>[:, 0].tolist()", "list(it)", "[p[0] for p in <cloud>]", "list(zip(<list>, <text>))"),
        *("[<num>, <num>]", "<list> + <list>", "<list>[<int>:<int>]", "<list>[::-1]", "[<num> for x in <list>]"),
        *("[x for x in <list> if <cond>]", "[x + y for x in <list> for y in (1, <num>)]", "sorted(<list>)"),
        *("sorted(<list>, key=lambda x: <num>, reverse=<cond>)", "list(range(<int>))", "list(<dict>.values())"),
        *("[*<list>, <num>]", "list(map(f, <list>))", "[k for k, _ in enumerate(<list>)]", "[<num>] * <int>"),
        *("[x * y for x, y in zip(<list>, <list>)]", "list(<arr>)", "<arr>.tolist()", "list(reversed(<list>))"),
        *("list(filter(None, <list>))", "<list>[:]", "(<num>, <num>)", "[float(x) for x in <arr>]", "<odd>"),
        *(
            "[y for row in rows for y in row]",
            "list(solve_ik(<arr>, DOWN))",
            "[(x, k) for k, x in enumerate(<list>)][0]",
            "tuple(<list>)",
        ),
    ],
    "dict": [
        *("{'milk': <num>}", "{**<dict>, 'soup': <num>}", "{k: x for k, x in <dict>.items() if <cond>}"),
        *("{str(k): k for k in <list>}", "dict(<dict>, k=<num>)", "<dict>.copy()", "dict(zip('ab', <list>))"),
        *("{<text>: <num>}", "{<num>: <num>}", "{x: y for x, y in zip('abc', <list>)}"),
    ],
    "arr": [
        *("<cloud>[<int>]", "<cloud>.mean(axis=0)", "<cloud>[:, 0]", "np.median(<cloud>, axis=0)", "<cloud>[-1] - u"),
        *("<arr> + <arr>", "<arr> * <num>", "<arr> - <list>", "np.array([<num>, <num>, <num>])", "-<arr>"),
        *("<num> / <arr>", "np.cross(<arr>, <arr>)", "np.clip(<arr>, 0, <num>)"),
        *("np.where(<arr> > <num>, <arr>, <num>)", "<arr>.copy()", "np.array(<list>)", "<arr>[:2]", "<arr>[::-1]"),
        *("np.sort(<arr>)", "np.abs(<arr>)", "np.mean([<arr>, <arr>], axis=0)", "r.position", "np.eye(3) @ <arr>"),
        *("np.concatenate([<arr>, <arr>])[1:4]", "np.round(<arr>, 2)", "<arr> ** 2"),
        *("R.from_euler('z', <num>).apply(<arr>)", "np.linspace(<num>, <num>, 3)", "<arr>[<arr> > <num>]", "<odd>"),
        *(
            "np.maximum(<arr>, <num>)",
            "<arr>.astype(np.float32)",
            "<arr>.astype('int16')",
            "np.array(<list>, dtype=np.float32)",
            "np.asarray(<arr>, dtype=np.float16)",
            "(<arr> > <num>).astype(np.uint8)",
            "np.asarray(<arr>)",
            "np.zeros(3) + <num>",
            "np.hypot(<arr>, <num>)",
            "solve_ik(<arr>, DOWN)[:3] * <num>",
        ),
    ],
    "cloud": [
        *("points[points[:, 1] > <num>]", "<cloud>[:<int>]", "<cloud> + <num>", "<cloud> - <cloud>.mean(axis=0)"),
        *("<cloud>[np.linalg.norm(<cloud>, axis=1) < 0.3]", "np.vstack([<cloud>, <arr>])[:6]", "<cloud>.copy()"),
        *("np.array([p for p in <cloud> if p[0] > <num>])", "<cloud>[<cloud>[:, 0].argsort()]", "<cloud>[::-1]"),
    ],
    "int": ["int(<num>)", "len(<list>)", "(<int> + 1)", "int(abs(<num>)) % 4"],
    "caught": ["<error>", "(<error>, <error>)"],
    "step": [
        "<block>",
        *4 * ["try:\n    <block>\nexcept Exception as error:\n    print('caught', error)"],
    ],
}

SIMPLE: list[str] = [
    *("near = <cloud>", "points = <cloud>", "near += <num>", "points[<int>] = <arr>", "near[:, 1] = <num>"),
    *("near[near > <num>] = <num>", "it = iter(<list>)", "it = zip(<list>, <text>)", "np.random.seed(<int>)"),
    *("near *= <arr>", "print(near, next(it, None))", "first, *near = <cloud>", "it = (f(x) for x in it)"),
    *("it = (small(<num>) for x in <list> if <cond>)", "it = (x + y for x in <list> for y in (1, <num>))"),
    *("<number>, <number> = it", "print(type(it).__name__, list(it)[:3])"),
    *("<number> = small(<num>)", "<number> = small(<num>)", "<string> = (<text>)[:9]"),
    *("<sequence> = list(<list>)[:6]", "<mapping> = <dict>", "<vector> = <arr>", "<sequence> = <sequence>"),
    *("<vector> = <vector>[:]", "u = v = <arr>", "<number> += <int>", "<number> -= a"),
    *("<number>, <number> = <int>, small(<num>)", "<sequence>[<int>] = small(<num>)", "<sequence> += [small(<num>)]"),
    *("<vector>[<int>] = small(<num>)", "<vector>[:2] = <num>", "<vector> += <arr>", "<vector> *= <num>"),
    *("<vector> -= <num>", "<mapping>[<text>] = small(<num>)", "<mapping>['milk'] += <num>"),
    *("rows[<int>][<int>] = small(<num>)", "<sequence>.append(small(<num>))"),
    *("<sequence>.insert(<int>, small(<num>))", "<number> = <sequence>.pop()", "<sequence>.sort(key=str)"),
    *("<sequence>.extend(<list>[:2])", "<sequence>.reverse()", "del <sequence>[<int>]", "<mapping>.pop(<text>, None)"),
    *("<sequence>.remove(<num>)", "<mapping>.update(<dict>)", "<number>, *<sequence> = <list>[:4]", "rows[0] = xs"),
    "rows = rows[:3] + [[small(<num>)]]",
    *("<number>, <number> = <list>", "<number> = <mapping>.setdefault(<text>, 1)", "print(<num>, <text>)"),
    *("print(<list>, <dict>, sep=<text>)", "print(<arr>, <cond>)", "print(f'{<shown>:.3f} {<shown>}')"),
    *("assert <cond>, <text>", "raise <error>(<text>)", "<num>", "x = <num>", "<string> += <text>[:3]", "print(r, x)"),
]
CALLS: list[str] = [
    *("r = get_object_pose(<text>)", "goto_pose(<arr>, DOWN)", "wait(small(<num>))"),
    *("goto_pose([<num>, 0.1, 0.2], DOWN, z_approach=<num>)", "r = get_object_pose(s)"),
    *("r = get_object_pose(<text>, return_bbox_extent=<cond>)", "r = sample_grasp_pose(<text>)", "wait(<num>)"),
    *("open_gripper()", "r = close_gripper()", "r = solve_ik(<arr>, DOWN)", "move_to_joints(np.zeros(7) + <num>)"),
    *("u, q = r", "move_to_joints(solve_ik(<vector>, DOWN))", "goto_pose(u, <list>)", "wait(*<list>)", "u, *q = r"),
]
COMPOUND: list[str] = [
    "if <cond>:\n    <block>",
    "if <cond>:\n    <block>\nelif <cond>:\n    <block>\nelse:\n    <block>",
    "for x in <list>:\n    tick()\n    <loop>",
    "for <number> in <arr>:\n    tick()\n    <loop>\nelse:\n    <block>",
    "for x in range(<int>):\n    tick()\n    <loop>\nelse:\n    <block>",
    "for k, x in <dict>.items():\n    tick()\n    <loop>",
    "for x, k in zip(<list>, <text>):\n    tick()\n    <loop>",
    "for x in <sequence>:\n    tick()\n    <loop>",
    "while <cond>:\n    tick()\n    <loop>",
    "for x in <cloud>:\n    tick()\n    <loop>",
    "for x in it:\n    tick()\n    <loop>",
    "match <num>:\n    case 1 | 2:\n        <block>\n    case x if x > 2:\n        <block>\n    case _:\n        pass",
    "match <list>:\n    case [x]:\n        <block>\n    case [1, *xs]:\n        <block>",
    "match r.status:\n    case 'OK':\n        <block>\n    case x:\n        print(x)",
    "if (w := <num>) > 1 or (w := <num>) < 0:\n    print(w)\n    <block>",
    "while <cond>:\n    tick()\n    <loop>\nelse:\n    <block>",
    "try:\n    <block>\nexcept <caught>:\n    <block>",
    "try:\n    <block>\nexcept <caught> as error:\n    print(error)\n    <block>\nelse:\n    <block>",
    "try:\n    <block>\nfinally:\n    <block>",
    "try:\n    <block>\nexcept <caught> as error:\n    <block>\n    raise\nfinally:\n    <block>",
    "try:\n    <block>\nexcept <error>:\n    <block>\nexcept Exception as err:\n    print(err)\nfinally:\n    <block>",
    "def f(a, s='soup', xs=(3, 4)):\n    d, u, x = {'k': a}, v * a, 0\n    tick()\n    <body>\n    return <num>",
    "def g(a, *rest, k=<num>):\n    d, u, x = {'k': a}, v * a, 0\n    tick()\n    <body>\n    return k",
    "def h(a, key=lambda x: x * a):\n    tick()\n    def step(x=<num>):\n        nonlocal a\n        tick()\n"
    "        a = small(a + x)\n        <body>\n        return a\n    <body>\n    return step() + step(1)",
]
_STATEMENTS = SIMPLE + 3 * CALLS + 4 * COMPOUND
_IN_LOOP = ["break", "continue", "if <cond>:\n    break", "if <cond>:\n    continue"]
_IN_FUNCTION = ["return <num>", "if <cond>:\n    return <num>", "return f(<num> - 1)", "return"]
_BLOCKS = ("block", "loop", "body")
_TARGETS = ("number", "string", "sequence", "mapping", "vector")
_HOLE = re.compile(r"<([a-z]+)>")


@dataclass(frozen=True)
class _Place:
    """Where a hole stands: levels of nesting left, and what its statements may leave."""

    depth: int
    loop: bool = False
    function: bool = False


def _inside(place: _Place, kind: str) -> _Place:
    """The place of the statements of a block."""
    if kind == "loop":
        return replace(place, loop=True)
    return replace(place, loop=False, function=True) if kind == "body" else place


def _templates(kind: str, place: _Place) -> list[str]:
    """The templates that may fill a hole."""
    if kind == "statement":
        more = _IN_LOOP * 2 * place.loop + _IN_FUNCTION * 2 * place.function
        return more + (_STATEMENTS if place.depth > 0 else CALLS + SIMPLE)
    if kind in _TARGETS:
        return LEAVES[kind][:1] if place.function else LEAVES[kind]
    return LEAVES[kind] + (EXPRESSIONS.get(kind, []) if place.depth > 0 else [])


def _fill(rng: Random, kind: str, place: _Place) -> str:
    """Random text of one kind."""
    if kind in _BLOCKS:
        inner = _inside(place, kind)
        return "\n".join(_fill(rng, "statement", inner) for _ in range(rng.randint(1, 3)))
    template = rng.choice(_templates(kind, place))
    parts = _HOLE.split(template)
    below = replace(place, depth=place.depth - 1)
    text = parts[0]
    for hole, following in zip(parts[1::2], parts[2::2], strict=True):
        filled = _fill(rng, hole, below)
        if hole in _BLOCKS:
            text += textwrap.indent(filled, " " * (len(text) - text.rfind("\n") - 1)).lstrip()
        else:
            text += filled if hole in _TARGETS or filled.isidentifier() else f"({filled})" * bool(filled)
        text += following
    return text


def program(seed: int) -> str:
    """The text of a random program: the program of a number, whatever else is loaded or was drawn before."""
    rng = Random(seed)
    statements = [_fill(rng, "step", _Place(depth=3)) for _ in range(rng.randint(3, 7))]
    return _START + "\n".join(statements) + "\n" + _END
