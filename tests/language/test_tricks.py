"""Calls that ask for far too much, made by kind: every function of numpy and math with every kind of hostile argument.

Each is one program; none may take more than a moment or more memory than a lane has, and none may end the machine.
"""

from __future__ import annotations

import builtins
import resource
import time
from collections.abc import Iterator

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.calls import CALLS
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.language.program import Program
from aspire_mjx.language.vocabulary import ALLOWED
from aspire_mjx.machine.machine import Machine
from aspire_mjx.machine.output import Outcome
from tests.support.table_robot import TableRobot, run_compiled

NP = "import numpy as np\nimport math\n"
SIZES = (
    "10**9",
    "np.int64(10**9)",
    "np.float64(1e9)",
    "(10**5, 10**5)",
    "np.array([10**5, 10**5])",
    "[np.int64(10**5)] * 2",
)
PAIRS = (
    "np.ones((3000, 1)), np.ones((1, 3000))",
    "np.ones((60000, 1)), np.ones(60000)",
    "np.ones((60000, 0)), np.ones((0, 60000))",
    "np.ones(60000), np.ones(60000)",
    "np.ones((60000, 1)), np.ones((60000, 1)), axis=1",
    "[[0.0]] * 60000, [0.0] * 60000",
    "np.ones((2,) * 20), np.ones((2,) * 20)",
    "np.zeros((60000, 1), dtype=int), np.zeros((1, 60000), dtype=int)",
    "np.arange(300000), np.arange(300000)",
    "(np.ones((60000, 1)), np.ones((1, 60000)))",
)
KEYWORDS = (
    "signature='OO->O'",
    "dtype='O'",
    "out=np.zeros(3)",
    "where=True",
    "like=1",
    "kind='table'",
    "ndmin=60",
    "initial=2**999",
)
POWERS = (
    *("2, 10**9, signature='OO->O'", "2**1000, 10**9", "[2**1000], [10**9]", "[7], [10**9], dtype='O'"),
    *("'a' * 90000, 9", "range(10**9), 1"),
)
#: what methods of Python's own values get
GIVEN = (
    *("10**10", "np.int64(10**10)", "range(10**9)", "iter(range(10**9))"),
    *("'x' * 90000, np.int64(10**9)", "'', 'y' * 90000"),
)
TURN = "from scipy.spatial.transform import Rotation\nr = Rotation.from_euler('z', w)"
SAMPLE = 15  #: calls of a kind that are made at least
NORMAL = {"shape": "(3, 3)", "dtype": "float", "axis": "0", "n": "3", "N": "3", "subscripts": "'ij,jk->ik'", "q": "50"}

JSON = (
    *("dumps([1], indent=10**9)", "dumps([1], indent='x' * 90000)", "dumps([1] * 9, separators=('y' * 90000, ':'))"),
    *("dumps(['\\u0100' * 90000] * 9)", "dumps(range(10**9), default=list)", "dumps([0.1] * 90000)"),
    *("loads('[' * 90000)", "loads('9' * 90000)", "loads('[' + '{},' * 30000 + '1]')", "loads('1e' + '9' * 5000)"),
)
ITERATORS = (
    *("list(itertools.product(range(2000), repeat=4))", "list(itertools.product([1], repeat=10**9))"),
    *("list(itertools.permutations(range(200)))", "list(itertools.combinations(range(500), 250))"),
    *("list(itertools.count())", "sum(itertools.repeat(1))", "list(zip(itertools.cycle('ab'), itertools.count()))"),
    "list(itertools.islice([1], 10**12, 10**13))",
    *("list(itertools.accumulate([[0] * 1000] * 9000))", "itertools.tee(range(10**9), 10**9)"),
)
LISTED = (
    """
'x'.ljust(np.int64(3 * 10**9))
'x'.rjust(np.int64(3 * 10**9))
'x'.center(np.int64(3 * 10**9))
'x'.zfill(np.int64(3 * 10**9))
round(7, np.int64(-(10**9)))
math.factorial(np.int64(10**7))
math.perm(10**8)
math.perm(10**8, 10**8)
math.comb(np.int64(10**8), np.int64(5 * 10**7))
math.perm(np.int64(10**8), np.int64(10**7))
math.comb(2**1000, 170)
math.prod([10**9], start=[0])
math.prod([[0], 10**9])
math.prod(['a', 10**10])
'x' * np.int64(10**10)
[0] * np.int64(10**10)
'x' * np.uint8(200) * np.int64(10**8)
1 << np.uint64(10**10)
pow(3, np.int64(10**9))
2**1000 << np.int64(10**10)
np.power(2, 10**9, signature='OO->O')
np.power([7], [10**9], signature=('O', 'O', 'O'))
np.triu(np.zeros(40000))
np.tril(np.zeros(40000))
np.linspace(0, 1, np.float64(1e9))
np.geomspace(np.ones((20000, 1)), np.ones((1, 20000)), 50)
np.logspace(0, 1, 50, base=np.ones(9000000))
np.corrcoef(np.zeros((2, 20000)), rowvar=False)
np.cov(np.zeros((2, 20000)), rowvar=0)
np.cov(m=np.zeros((20000, 2)))
np.cov(np.zeros((0, 40000)), rowvar=False)
np.corrcoef(np.zeros((1, 40000)), rowvar=False)
np.polyval([np.zeros((40000, 1))], np.zeros(40000))
np.linalg.multi_dot([np.eye(2)] * 2000)
np.vstack(np.zeros((4000000, 1)))
np.stack([0.0] * 500000)
np.lexsort(np.zeros((4000000, 1)))
np.block([[0.0] * 500000])
np.atleast_3d(*[0.0] * 500000)
np.inner(np.zeros((20000, 1)), np.zeros((20000, 1)))
np.inner(np.zeros((20000, 0)), np.zeros((20000, 0)))
np.percentile(np.zeros((20000, 2)), np.zeros(20000), axis=1)
np.random.choice(20000, (20000, 20000))
np.linalg.qr(np.zeros((20000, 1)), mode='complete')
np.linalg.norm(np.zeros((2000, 2000)), 2)
np.ravel_multi_index((np.zeros((20000, 1), int), np.zeros((1, 20000), int)), (9, 9))
np.unique(np.zeros((2, 400000)), axis=0)
np.polyval(np.zeros(400000), np.zeros(400000))
np.nanpercentile(np.zeros((400000, 1)), 5, axis=1)
np.take_along_axis(np.zeros((5, 1, 20000)), np.zeros((7, 20000, 1), int), 0)
np.insert(np.zeros((1, 90000)), [0] * 90000, 1, 0)
np.histogram([0, 1e-9, 1e18], bins='fd')
np.array2string(np.zeros(400000), edgeitems=10**6)
np.zeros((2,) * 22).nonzero()
'%(a(b)c)1000000000d' % {'a(b)c': 1}
'%.*f' % (10**9, 1.0)
'%(a)s' * 1000 % {'a': 'x' * 90000}
'%%%ds' % 10**9 % 'a'
[0] * np.int64(10**12)
f'{1:{10**9}}'
f'{1.5:.{10**9}f}'
f'{"x":>{np.int64(10**9)}}'
format(1.0, '.1000000000f')
int('9' * 10**6)
int('9' * 90000)
float('9' * 90000)
str(10**10**8)
10**10**8
2**2**2**2**2**2
(10**300)**(10**300)
1 << 10**9
pow(7, 10**9)
(-2)**10**9
('a' * 90000).replace('a', 'b' * 90000)
('a' * 90000).replace('', 'b' * 90000)
('b' * 90000).join(['a'] * 90000)
'a'.join('b' * 90000 for i in range(10**9))
list(range(10**9))
tuple(range(10**9))
set(range(10**9))
dict.fromkeys(range(10**9))
dict(enumerate(range(10**9)))
sorted(range(10**9), key=lambda x: -x)
max(range(10**9), key=lambda x: -x)
sum([[0] * 9000] * 9000, [])
[*range(10**9)]
{*range(10**9)}
[[0] * 9000 for i in range(10**6)]
np.broadcast_to(np.zeros(1), (10**5, 10**5)).reshape(-1)
np.zeros((1, 10**6))[np.zeros(10**4, int)]
np.zeros((2000, 2000))[:, np.zeros((2000, 10), int)]
np.zeros(9)[np.zeros((10**4, 10**4), int)]
np.einsum('i,j,k->ijk', np.ones(2000), np.ones(2000), np.ones(2000))
np.einsum('...i,...j', np.ones((2000, 2000)), np.ones((2000, 2000)))
np.kron(np.ones((3000, 3)), np.ones((3000, 3)))
np.meshgrid(np.arange(9000), np.arange(9000))
np.meshgrid(*[np.arange(90)] * 9)
np.tile(np.ones(9000), (9000, 9))
np.repeat(np.ones(9000), np.int64(10**6))
np.repeat([1, 2], [10**9, 10**9])
np.pad(np.ones((9, 9)), np.int64(10**6))
np.histogram(np.ones(9), bins=np.int64(10**9))
np.histogram([0.0, 1.0], bins=10**9)
np.cumsum(np.ones((60000, 1)) * np.ones(60000))
np.diff(np.ones(3), prepend=np.ones(10**8))
np.ones((60000, 1)) ** np.ones(60000)
np.array([[1] * 90000] * 90000)
np.stack([np.ones((1000, 1000))] * 1000)
np.concatenate([np.ones(1000000)] * 1000)
np.full((10**5, 10**5), 1)
""".strip().splitlines()
    + [
        "x = y = ()\nfor i in range(40):\n    x, y = (x, x), (y, y)\nx is y\nx is not y",
        "x = ()\nfor i in range(60):\n    x = (x, x)\nsorted([x, x])",
        "x = ()\nfor i in range(60):\n    x = (x, x)\n{x: 1}",
        "x = []\nx.append(x)\nx == [x]",
        "import copy\nx = []\nx.append(x)\ncopy.deepcopy(x)",
        "import copy\nx = [1]\nfor i in range(60):\n    x = [x, x]\ncopy.deepcopy(x)",
        "import json\nx = [1]\nfor i in range(60):\n    x = [x, x]\njson.dumps(x)",
        "import json\nx = [1]\nfor i in range(90):\n    x = [x]\njson.dumps([x] * 5000, indent=20)",
        *(f"import json\njson.{call}" for call in JSON),
        *(f"import itertools\n{call}" for call in ITERATORS),
        "from functools import reduce\nreduce(lambda a, b: a + a, range(100), [1])",
        "from functools import partial\nf = len\nfor i in range(9000):\n    f = partial(f)\nf([])",
        "from collections import Counter\nCounter(range(10**9)).most_common()",
        "from collections import defaultdict\nd = defaultdict(lambda: [0] * 10**9)\nd[1]",
    ]
)
#: what never ends, or holds more and more; ended by what it counts as
ENDLESS = [
    before + "\nwhile True:\n    " + again
    for before, again in (
        ("import itertools", "list(itertools.islice(itertools.count(), 10**12, None))"),
        ("t = tuple(range(200000))", "{(i, t) for i in range(50)}"),
        ("t = tuple(range(200000))", "{t, *[t]}"),
        ("t = tuple(range(200000))", "{t, (t, 1)}"),
        ("t = tuple(range(200000))\nd = {t: 1}", "del d[t]\n    d[t] = 1"),
        ("t = tuple(range(200000))\ns = {(t, i) for i in range(9)}", "s | {1}"),
        ("t = tuple(range(200000))\ns = {(t, i) for i in range(9)}", "s.union([1])"),
        ("x = y = ()\nfor i in range(25):\n    x, y = (x, x), (y, y)", "x is not y"),
        ("x = list(range(400000))", "del x[0]\n    x += [1]"),
        ("w = get_gripper_width()\nt = tuple(range(200000))", "{(w, t): 1}"),
        ("w = get_gripper_width()\nx = [w] * 300000", "x.sort()"),
        ("w = get_gripper_width()\nx = [[w]] * 300000", "x == x"),
        ("w = get_gripper_width()\nx = [w] * 300000", "sum(x)"),
        ("w = get_gripper_width()\nx = [0] * 400000", "y = np.ones(3)\n    y[0] = w"),
        ("w = get_gripper_width()\na = [np.ones(10) for i in range(9000)]\ni = 0", "a[i % 9000][0] = w\n    i += 1"),
        ("x = np.ones(2000)", "np.convolve(x, x)"),
        ("import json\nx = [0.1] * 3000", "json.dumps(x)"),
        ("import json\nx = '[' + '1,' * 40000 + '1]'", "json.loads(x)"),
        ("import copy\nx = [[0]] * 3000", "copy.deepcopy(x)"),
        ("x = np.ones((400000, 3))", "x.tolist()"),
        ("x = np.ones(500000)", "sum(x)"),
        *(
            ("x = [[0] * 1000] * 1000\ny = [0] * 1000", again)
            for again in ("x.count(y)", "x.index(y + [1]) if [] in x else x.sort()")
        ),
        *(
            ("w = get_gripper_width()\nx = np.ones(20000) * w\ndef f(*each):\n    pass", again)
            for again in ("x.tolist()", "[*x]", "y, *z = x", "f(*x)", "[].extend(x)")
        ),
    )
]

#: what grows until its memory or its work ends it
GROWING = [
    before + "\nwhile True:\n    " + again
    for before, again in (
        ("s = 'ab'", "s = s + s"),
        ("s = 'ab'", "s += s"),
        ("l = [1]", "l.extend(l)"),
        ("l = [1]", "l += l"),
        ("l = [1]", "l = l * 2"),
        ("d = {}\ni = 0", "d[i] = [0] * 1000\n    i += 1"),
        ("l = []", "l.append([0] * 1000)"),
        ("l = []", "l.append('a' * 90000 + str(len(l)))"),
        ("l = []", "l = [l, l]"),
        ("x = np.ones(2)", "x = np.concatenate([x, x])"),
        ("x = np.ones((2, 2))", "x = np.kron(x, x)"),
        ("l = []", "l.append(np.ones(10000))"),
        ("l = []\nx = np.ones(10000)", "l.append(x[:1] + 0 * x[:9000])"),
        ("w = get_gripper_width()\nl = list(range(200000))", "l[0] = w if w > 0.1 else -w"),
    )
]

#: what never ends, on numbers, texts and arrays that may differ between lanes
VARYING = [
    before + "\nwhile True:\n    " + again
    for before, again in (
        ("s = int(w * 1e6)\nx = []", "x.append(s) if (s >> (len(x) % 9)) & 1 else x.append([s])"),  # also in lanes
        ("s = int(w * 1e6)\nx = []", "x.append({s + i for i in range(1000)})"),
        ("s = int(w * 1e6)", "x = [[s] * 100] * (100 + s % 3)"),
        ("x = np.ones(30000) * w\ns = set()", "s = s | set((x + len(s)).tolist())"),
        ("import json\nx = (np.ones(3000) * w).tolist()", "json.dumps(x)"),
        ("d = {}\ni = 0", "d[w * i] = np.ones(100) * w\n    i += 1"),
        ("x = np.ones(20000) * w", "' '.join([str(v) for v in x])"),
        ("x = [w] * 20000", "max(x, key=lambda v: -v)"),
        ("x = [[w, [w, w]] for i in range(3000)]", "y = [[a, *b] for a, b in x]"),
        ("x = [[w, [w * i, w]] for i in range(3000)]", "sorted(x)"),
        ("x = [(w * i, i) for i in range(3000)]", "max(x)"),
        ("x = [(w * i, i) for i in range(3000)]", "set(x)"),
        ("x = {i: w * i for i in range(5000)}", "y = {k: v for k, v in x.items()}"),
        ("x = {i: w * i for i in range(5000)}", "x == dict(x)"),
        ("x = {str(i): w * i for i in range(300)}", "f'{x}'"),
        ("x = {}\ni = 0", "x[(w, i)] = i\n    i += 1"),
        ("x = {}\ni = 0", "x[str(w + i)] = [w]\n    i += 1"),
        ("x = str(w) * 5000", "x.count('1')"),
        ("x = str(w) * 5000", "x.split('1')"),
        ("x = str(w) * 500", "x.upper()[::2]"),
        ("x = str(w)", "x = x[1:] + x[:1]"),
        ("import re\nx = str(w) * 9", "m = re.search('([0-9]+).([0-9]+)', x)\n    m.groups()"),
        (TURN, "r = r * r"),
        (TURN, "r.as_matrix() @ r.inv().as_matrix()"),
        (TURN, "l = [Rotation.from_euler('xyz', [w, w, w]) for i in range(9)]"),
        ("x = [w * i for i in range(3000)]", "x.sort(key=lambda v: (v * 7) % 1)"),
        ("x = [w * i for i in range(3000)]", "min(x, key=lambda v: (v, -v))"),
        ("x = np.arange(20000) * w", "y = x[x > 30]\n    y[y > 60] + y[:1]"),
        ("x = np.arange(2000) * w", "l = [x[x > i * w] for i in range(9)]"),
        ("x = np.arange(200) * w\ny = x[x > 3 * w]", "y = np.concatenate([y[1:], y[:1]])"),
        ("x = np.arange(200) * w\ny = x[x > 3 * w]", "y * 2 + y - y / 3"),
        ("x = np.arange(20000) * w", "sum(v * v for v in x)"),
        ("x = [w] * 3000", "any(v > 1 for v in x)"),
        ("x = [w] * 3000", "list(zip(x, x, x))"),
        ("import copy\nx = {i: [w, w] for i in range(900)}", "copy.deepcopy(x)"),
        ("x = set(range(3000))", "x & {int(w * 100)}"),
        ("s = set()\ni = 0", "s.add(w + i)\n    i += 1"),
        ("s = set((np.arange(3000) * w).tolist())", "s ^ {w}"),
        ("s = set((np.arange(3000) * w).tolist())", "w in s"),
        ("x = [w] * 200", "'{}'.format(x)"),
        ("x = (w,) * 3", "'%s %s %s' % x"),
        ("x = [w] * 9", "print(*x)"),
        ("x = np.ones((20, 20)) * w", "str(x)"),
        ("x = [[w] * 50] * 50", "np.array(x)"),
        ("x = [np.ones(3) * w for i in range(900)]", "np.mean(x, axis=0)"),
        ("x = w", "x = x ** 0.5 + x // 0.1 - x % 0.3"),
        ("x = np.ones((6, 3)) * w", "x.T @ x"),
        ("def f(a, *b, **c):\n    return a + sum(b)", "f(w, w, w, w)"),
        ("l = []", "l.append((np.arange(5000) * w).tolist())"),
    )
]


def _calls(name: str, names: tuple[str, ...], *, more: frozenset[str]) -> Iterator[str]:
    """Every parameter of a function with every hostile size, by place and by name; hostile pairs and keywords."""
    usual = [NORMAL.get(each, "np.ones((3, 3))") for each in names]
    for i, size in ((i, size) for i in range(len(names)) for size in SIZES):
        yield f"{name}({', '.join([*usual[:i], size, *usual[i + 1 : 2]])})"
        if i:
            yield f"{name}({usual[0]}, {names[i]}={size})"
    yield from (f"{name}(np.ones((3, 3)), {each}={size})" for each in sorted(more) for size in SIZES[:4])
    yield from (f"{name}({pair})" for pair in PAIRS)
    yield from (f"{name}([7], {keyword})" for keyword in KEYWORDS)


def _kinds() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for module, calls in CALLS.items():
        for name, call in calls.items():
            title = f"np.ones((300, 300)).{name}" if module == "array" else f"{module}.{name}"
            found.setdefault(f"{module} {call.rule.__name__}", []).extend(
                _calls(title, call.places, more=call.names - set(call.places))
            )
    for name in ALLOWED["numpy"]["elementwise"]:
        found.setdefault("elementwise", []).extend(f"np.{name}({each})" for each in (*PAIRS, *POWERS))
    for kind, names in ALLOWED["methods"].items():
        receiver = repr(getattr(builtins, kind)())
        found[f"methods of {kind}"] = [f"({receiver}).{name}({each})" for name in names for each in GIVEN]
    return found


KINDS = _kinds()


def _run(text: str, limits: ProgramLimits, *, seconds: float = 2.0) -> Outcome:
    """The end of a program in one lane, which may read the gripper's width, and what that took is little.

    The best of three tries counts: a collection of the garbage of all tests before falls into one of them.
    """
    before, took = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, []
    while not took or (len(took) < 3 and took[-1] >= seconds):
        machine, started = Machine(limits=limits), time.thread_time()
        machine.start([0], compile_program(Program(NP + text)))
        for request in machine.run():
            result = TableRobot(0, 0.0).call(request.primitive, {})
            machine.resume([0], result._results)
            assert machine.run() == []
        took.append(time.thread_time() - started)
        (end,) = machine.collect()
    assert min(took) < seconds
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10 < 200 << 20
    return end.outcome


@pytest.mark.parametrize("kind", KINDS)
def test_no_hostile_argument_takes_much(kind: str) -> None:
    """Some calls of every kind, spread over its functions and arguments, each with its errors caught."""
    calls = KINDS[kind][:: max(1, len(KINDS[kind]) // SAMPLE)]
    for i in range(0, len(calls), 10):
        text = "".join(f"try:\n    {call}\nexcept Exception:\n    pass\n" for call in calls[i : i + 10])
        assert _run(text, ProgramLimits()) in (Outcome.DONE, Outcome.OUT_OF_INSTRUCTIONS)


@pytest.mark.parametrize("text", LISTED, ids=range(len(LISTED)))
def test_tricks_end_at_once(text: str) -> None:
    assert _run(text, ProgramLimits()) in (Outcome.PROGRAM_ERROR, Outcome.OUT_OF_INSTRUCTIONS, Outcome.DONE)


@pytest.mark.parametrize("text", ENDLESS, ids=range(len(ENDLESS)))
def test_what_never_ends_is_ended_by_what_it_counts_as(text: str) -> None:
    """A fifth of what a program may execute before it looks or moves."""
    assert _run(text, ProgramLimits(instructions=200_000)) is Outcome.OUT_OF_INSTRUCTIONS


@pytest.mark.parametrize("text", VARYING, ids=range(len(VARYING)))
def test_what_differs_between_lanes_is_charged_what_it_takes(text: str) -> None:
    """A tenth of what a program may execute before it looks or moves, in a fifth of 2 s: a busy machine is slower."""
    limits = ProgramLimits(instructions=100_000)
    assert _run("w = get_gripper_width()\n" + text, limits, seconds=0.4) is Outcome.OUT_OF_INSTRUCTIONS


@pytest.mark.parametrize("text", [*VARYING[:3], *VARYING[8::8]])
def test_lanes_that_differ_take_no_longer_than_as_many_alone(text: str) -> None:
    limits, lanes = ProgramLimits(instructions=50_000), list(range(8))
    started = time.thread_time()
    run = run_compiled("import numpy as np\nw = get_gripper_width()\n" + text, lanes, failure_rate=0.0, limits=limits)
    assert time.thread_time() - started < (0.2 + 0.5) * len(lanes)  # half a second of copies
    assert {end.outcome for end in run.ends.values()} == {Outcome.OUT_OF_INSTRUCTIONS}


@pytest.mark.parametrize("text", GROWING, ids=range(len(GROWING)))
def test_what_grows_is_ended_by_what_it_holds_or_takes(text: str) -> None:
    assert _run(text, ProgramLimits()) in (Outcome.PROGRAM_ERROR, Outcome.OUT_OF_INSTRUCTIONS)


def test_there_are_at_least_three_hundred_of_them() -> None:
    tried = sum(min(len(calls), SAMPLE) for calls in KINDS.values())
    assert (
        len(LISTED) > 100 and len(ENDLESS) + len(GROWING) > 30 and tried > 600 and sum(map(len, KINDS.values())) > 5_000
    )
