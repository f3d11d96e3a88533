"""Python's own modules as programs have them: every lane prints what Python prints, compiled and plain."""

from __future__ import annotations

import contextlib
import io

import pytest

from aspire_mjx.language.policy import findings
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.worlds.episode import HORIZON, TICK
from tests.support.table_robot import assert_agrees

PROGRAMS = {
    "itertools": """
import itertools
from itertools import product, combinations as comb, chain, count
print(list(product([1, 2], "ab")), list(itertools.product([0, 1], repeat=2)), list(comb("abc", 2)))
print(list(itertools.permutations([1, 2, 3], 2)), list(itertools.permutations("ab")), list(chain([1], (2, 3), "x")))
print(list(chain.from_iterable([[1, 2], [3]])), list(itertools.chain.from_iterable(["ab", "c"])))
print(list(itertools.zip_longest([1, 2, 3], [4], fillvalue=0)), list(itertools.islice(count(), 3)))
print(list(itertools.islice([1, 2, 3, 4, 5], 1, None, 2)), list(itertools.islice("abcdef", 4)))
print(list(itertools.accumulate([1, 2, 3])), list(itertools.accumulate([3, 1, 2], max)))
print(list(itertools.accumulate([1, 2], initial=10)), list(itertools.accumulate([2, 3, 4], lambda a, b: a * b)))
print([(k, list(g)) for k, g in itertools.groupby([1, 1, 2, 3, 3, 1])])
print([(k, len(list(g))) for k, g in itertools.groupby(["aa", "b", "cc"], key=len)])
print(list(zip(itertools.cycle("ab"), range(5))), dict(zip("abc", itertools.cycle([1, 2]))))
print(list(itertools.repeat(3, 2)), list(itertools.starmap(pow, [(2, 3), (3, 2)])))
print(list(itertools.takewhile(lambda x: x < 3, [1, 2, 3, 1])), list(itertools.dropwhile(lambda x: x < 3, [1, 3, 1])))
print(list(itertools.compress("abc", [1, 0, 1])), list(itertools.pairwise([1, 2, 3])))
print(list(itertools.filterfalse(lambda x: x % 2, range(5))), list(itertools.combinations_with_replacement("ab", 2)))
print([list(t) for t in itertools.tee([1, 2])], next(itertools.count(5, 2)), next(chain([7], [8])))
print(list(zip(range(3), (print(i) or i for i in range(10)))), sorted(zip([3, 1], map(abs, [-1, 2, 3]))))
""",
    "functools": """
import functools as ft
def f(a, b=2, *, c=3):
    return (a, b, c)
g = ft.partial(f, 1, c=5)
print(g(), g(7), g(c=9), ft.reduce(lambda a, b: a + b, [1, 2, 3]), ft.reduce(max, [3, 9, 2], 5))
try:
    ft.reduce(max, [])
except TypeError as e:
    print(e)
""",
    "json": r"""
import json
import numpy as np
d = {"a": [1, 2.5, None, True], "b": {"c": "x\u00e9\n"}, "t": (1, 2), 3: "k"}
print(json.dumps(d), json.dumps(d, indent=2), json.dumps([1, 2], separators=(",", ":")))
print(json.dumps({"b": 1, "a": 2}, sort_keys=True), json.dumps("\u00e9", ensure_ascii=False))
print(json.dumps(float("nan")), json.dumps(np.float64(0.5)))
for v in (np.int64(3), np.zeros(2), {1, 2}):
    try:
        print(json.dumps(v))
    except TypeError as e:
        print(e)
print(json.dumps({"p": np.array([1.0, 2.0]), "n": np.int64(3)}, default=lambda o: o.tolist()))
print(json.dumps([np.int64(2)], default=str), json.loads('{"a": [1, 2.5, null, true], "b": "x"}'), json.loads('"q"'))
for bad in ("{", "[1,]", "", "nope"):
    try:
        json.loads(bad)
    except json.JSONDecodeError as e:
        print("bad:", len(str(e)) > 20)
try:
    json.dumps({(1, 2): 3})
except TypeError as e:
    print(e)
""",
    "copy": """
import copy
from copy import deepcopy
import numpy as np
x = [[1, 2], {"k": [3]}]
y, z = copy.copy(x), deepcopy(x)
x[0].append(9)
x[1]["k"].append(8)
x.append(7)
print(x, y, z)
a = np.arange(3)
b, c = copy.copy(a), copy.deepcopy({"m": (a, {1})})
a[0] = 9
print(b, c, copy.copy((1, 2)), copy.copy({1: 2}), copy.deepcopy("s"))
""",
    "collections": """
from collections import defaultdict, Counter, OrderedDict
import collections as C
import numpy as np
o = OrderedDict()
o["x"] = 1
print(list(o.items()), o["x"], isinstance(o, dict))
d = defaultdict(list)
for i in range(6):
    d[i % 3].append(i)
print(dict(d), d[9], sorted(d), 7 in d, len(d), d.get(8))
n: dict = defaultdict(int)
for w in "hello":
    n[w] += 1
print(dict(n), n["zz"], sorted(n.items()))
deep = defaultdict(lambda: defaultdict(int))
deep["a"]["b"] += 2
deep["a"]["c"] += 1
deep["x"]["b"]
print({k: dict(v) for k, v in deep.items()})
pts = C.defaultdict(lambda: np.zeros(2), {1: np.ones(2)})
pts[1] += 1
pts[2][0] = 5
print({k: v.tolist() for k, v in pts.items()})
def fill():
    m = defaultdict(lambda: [0, 0])
    m["q"][1] += 3
    def add():
        m["r"][0] += 1
    add()
    d["from function"].append(1)
    return m
print(dict(fill()), d["from function"])
plain = defaultdict(None)
try:
    plain[3]
except KeyError as e:
    print("KeyError", e)
c = Counter("abracadabra")
print(c.most_common(2), c["a"], c["missing"], len(c), sum(c.values()), "missing" in c)
c["new"] += 1
c.update(["a", "a"])
c.update({"b": 10})
print(sorted(c.items()), c.most_common()[0], Counter([1, 1, 2]).most_common(1)[0][0], Counter(["x"])["y"])
c2 = C.Counter()
c2["k"] += 2
print(dict(c2), max(c2, key=c2.get), list(C.Counter(a=3, b=1).items()))
cc = defaultdict(Counter)
cc["s"]["t"] += 1
print({k: dict(v) for k, v in cc.items()}, cc["s"]["u"])
if n["hh"] == 0:
    print("zero", "hh" in n)
n["a"], n["b"] = 1, 2
del n["a"]
print([n[k] for k in "ab"], (lambda k: n[k])("lam"))
""",
    "global": """
count = 0
def up(k=1):
    global count, fresh
    count += k
    fresh = count * 2
    def inner():
        global count
        count += 100
    inner()
    return [count for _ in range(1)]
print(up(), up(3), count, fresh)
def reader():
    return count
print(reader())
def shadow():
    count = "own"
    def module():
        global count
        count = "module"
    module()
    return count
print(shadow(), count)
def wipe():
    global fresh
    del fresh
wipe()
try:
    fresh
except NameError as e:
    print(e)
""",
}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_they_do_what_pythons_do(text: str) -> None:
    own = io.StringIO()
    with contextlib.redirect_stdout(own):
        exec(text, {"__name__": "__main__"})
    end = assert_agrees(text, [1, 2]).ends[0]
    assert (end.message, end.prints) == ("", own.getvalue())


VARYING = """
import copy, itertools, json
from collections import Counter, defaultdict
from functools import partial, reduce
w = get_gripper_width()
p = get_object_pose("milk")
near = "near" if w < 0.15 else "far"
print(json.dumps({"w": float(w), "near": near, "ok": bool(p)}), json.loads(json.dumps([float(w)])))
by = defaultdict(list)
by[near].append(w)
by["both"].append(near)
count = Counter([near, "far"])
count[near] += 1
print(dict(by), count.most_common(1), count["near"], count["none"])
x = copy.deepcopy([w, [w]])
x[1][0] = 0
print(x, list(itertools.accumulate([w, w, 1.0])), reduce(max, [w, 0.1]), partial(round, ndigits=2)(float(w)))
print([(a, b) for a, b in itertools.product([w, 1], [near])], sorted(itertools.chain([w], [0.1])))
for key, members in itertools.groupby([w < 0.1, w < 0.2, True]):
    print(key, list(members))
seen = 0
def look(far):
    global seen
    seen += far
for _ in range(2):
    look(w > 0.1)
print(seen)
"""


def test_lanes_keep_values_of_their_own() -> None:
    assert_agrees(VARYING, [1, 2, 3, 4, 5], shuffle=1)


ENDS = {
    "import sys\ndef f():\n    try:\n        sys.exit('bye')\n    finally:\n        print('fin')\nf()": "fin\nbye\n",
    "try:\n    raise SystemExit(3)\nexcept Exception:\n    print('no')": "",
    "try:\n    exit()\nexcept:\n    print('caught')\nprint('on')": "caught\non\n",
    "try:\n    quit('a')\nexcept SystemExit as e:\n    print(type(e), e.args, e)": "<class 'SystemExit'> ('a',) a\n",
    "from sys import exit as stop\ndef main():\n    stop(-1)\n    print('never')": "",
    "import sys\n[sys.exit('x') for _ in range(3)]\nprint('never')": "x\n",
    "raise SystemExit": "",
    "raise SystemExit('a', 1)": "('a', 1)\n",
    "def exit(x):\n    return x\nprint(exit(3))": "3\n",
}


@pytest.mark.parametrize(("text", "printed"), ENDS.items(), ids=range(len(ENDS)))
def test_a_program_ends_itself_as_a_normal_end(text: str, printed: str) -> None:
    end = assert_agrees(text, [1, 2]).ends[0]
    assert (end.outcome.name, end.message, end.line, end.prints) == ("DONE", "", 0, printed)


def test_each_lane_ends_itself_with_words_of_its_own() -> None:
    text = "import sys\ns = steps_left()\nif s > 380:\n    sys.exit(f'left {s}')\nraise SystemExit(int(s))"
    run = assert_agrees(text, [1, 2, 30])
    assert [run.ends[i].prints for i in range(3)] == ["left 399.0\n", "left 398.0\n", ""]


def test_the_clock_is_that_of_the_episode() -> None:
    text = "import time\nfrom time import perf_counter as pc\nprint(time.time(), pc() - time.monotonic())\n"
    first, later = assert_agrees(text, [1, 2]).ends[0].prints.split()
    assert float(first) == (HORIZON - 399) * TICK  # the table's robot has 400 steps, less its seed, 12 less each call
    assert float(later) == pytest.approx(-12 * TICK)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("from collections import defaultdict\nx = {1: defaultdict(list)}", 2, "d = defaultdict(list)"),
        ("from collections import defaultdict\ndef f():\n    return defaultdict(list)", 3, "variable of its own"),
        ("from collections import defaultdict\nk = 3\nd = defaultdict(lambda: k)", 3, "variable of its own"),
        ("from collections import defaultdict\nd = defaultdict(list)\nd = {}", 2, "variable of its own"),
        ("import collections\nP = collections.namedtuple('P', 'x')", 2, "dicts, lists and tuples"),
        ("import itertools\nitertools.batched([1], 2)", 2, "zip_longest"),
        ("import functools\n\nfunctools.cache(len)", 3, "partial, reduce"),
        ("x = deepcopy([1])", 1, "from copy import deepcopy"),
        ("class A:\n    pass", 1, "a dict, made by a function"),
        ("def f():\n    yield 1", 2, "append to a list"),
    ],
)
def test_what_is_not_there_is_refused_with_a_way_out(text: str, line: int, says: str) -> None:
    found = findings(text, ROBOT_API)
    assert [each[0] for each in found] == [line] and says in found[0][2], found
