"""Programs that ask for too much memory or time end soon, in bounded memory."""

from __future__ import annotations

import resource
import time

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.language.program import Program
from aspire_mjx.machine.machine import Machine
from aspire_mjx.machine.output import LaneEnd, Outcome
from tests.support.table_robot import TableRobot

NP = "import numpy as np\n"
ROT = "from scipy.spatial.transform import Rotation as R\n"

#: too large or too slow for a lane: the machine ends it in time, in bounded memory
BOMBS = [
    NP + "x = np.ones(3) / 3\nwhile True:\n    str(x)",
    NP + "x = np.ones(3) / 3\nwhile True:\n    f'{x}'",
    NP + "x = np.ones(3) / 3\nwhile True:\n    '%s' % x",
    NP + "x = [np.ones(3) / 3] * 50\nwhile True:\n    print(x)",
    NP + "np.ndarray((10**9,))",
    "'%1000000000d' % 1",
    "w = 10**9\nf'{1:{w}}'",
    "str.center('a', 10**10)",
    "'a' * 10**10",
    "x = 2\nwhile True:\n    x = x ** 2",
    "'x'.rjust(10**10)",
    "('%s' * 20000) % (('a' * 90000,) * 20000)",
    "'" + "{0}" * 20000 + "'.format('a' * 90000)",
    "print(*[1] * 90000, sep='a' * 90000)",
    "x = (1, 2)\nfor i in range(60):\n    x = (x, x)\n'%s' % [x]",
    "x = (1, 2)\nfor i in range(60):\n    x = (x, x)\nraise ValueError(x)",
    "x = 1\nfor i in range(60):\n    x = ValueError(x, x)\nprint(x)",
    "x = (1, 2)\nfor i in range(60):\n    x = (x, x)\ngoto_pose(x, x)",
    "t = ()\nfor i in range(2300):\n    t = " + "(" * 75 + "t" + ",)" * 75 + "\nprint(t in {1})",
    "t = ()\nfor i in range(2300):\n    t = " + "(" * 75 + "t" + ",)" * 75 + "\n{t: 1}",
    "t = (0,) * 90000\nd = {(i, t): 1 for i in range(99)}\nwhile True:\n    str(d)",
    "0.5 in range(10**15)",
    "import re\nwhile True:\n    re.search('(a+)+$', 'a' * 900 + 'b')",
    "import re\nwhile True:\n    re.findall('(a|b)+?', 'ab' * 90)",
    "import re\nx = 'a'\nwhile True:\n    x = re.sub('', x, x)",
    "import re\ni = 0\nwhile True:\n    i += 1\n    re.search('(a|b){50}' * 3 + str(i), 'a' * 150)",
    "x = 'a' * 100000\ny = 'a' * 50000 + 'b' + 'a' * 40000\nwhile True:\n    x.rfind(y)",
    "s = '\u0100' * 90000\ny = 'bc' * 40000 + '\u0100'\nwhile True:\n    s.strip(y)",
    "x = 'a' * 100000\ny = 'b' + 'a' * 40000\nwhile True:\n    y in x",
    "goto_pose(range(10**9), range(10**9))",
    "while True:\n    get_object_pose('milk')",
    NP + "np.array(range(10**9))",
    NP + "np.mean(range(10**12))",
    "import math\nmath.fsum(range(10**12))",
    NP + "np.diff(np.zeros(90000), n=10**9)",
    NP + "np.zeros((90000, 1)) == np.zeros((1, 90000))",
    NP + "np.zeros((90000, 1)) < [0] * 90000",
    NP + "([0] * 90000,) in [np.zeros((90000, 1))]",
    NP + "[[0] * 90000, 1].index(np.zeros((90000, 1)))",
    NP + "[[0] * 90000, 1].count(np.zeros((90000, 1)))",
    NP + "x = np.zeros((300, 300))\nx[[0] * 90000]",
    NP + "x = np.zeros((300, 300))\nx[np.zeros((90000, 1), dtype=int), np.zeros((1, 90000), dtype=int)] = 1",
    NP + "np.matmul(np.zeros((10000, 1)), np.zeros((1, 10000)))",
    NP + "np.zeros((10**5, 0)) @ np.zeros((0, 10**5))",
    NP + "np.linalg.svd(np.zeros((1, 10000)))",
    NP + "x = np.sin(np.arange(10000.0).reshape(100, 100))\nwhile True:\n    np.linalg.svd(x)",
    NP + "x = np.sin(np.arange(90000.0))\nwhile True:\n    np.median(a=x)",
    NP + "x = np.zeros((10**8, 0))\nx.tolist()",
    NP + ROT + "x = R.from_quat(np.ones((20000, 4)))\nwhile True:\n    x = x * x",
    NP + ROT + "x = R.from_quat(np.ones((20000, 4)))\nl = []\nwhile True:\n    l.append(x.inv())",
    "x = [0] * 99999\nwhile True:\n    sorted(x, reverse=True)",
    "def f(n):\n    return [f(n - 1), f(n - 1)] if n else 0\nf(90)",
    NP + "x = np.ones((300, 300))\nwhile True:\n    np.tensordot(x, x, 1)",
    NP + "np.take(np.zeros((1, 90000)), [0] * 90000, 0)",
    NP + "np.insert(np.zeros((1, 90000)), [0] * 90000, 1, 0)",
    NP + "np.histogram([0.0, 1e-9], bins='auto', range=(0, 1e18))",
    NP + "np.array_split(np.zeros(90000), 90000)",
    NP + "np.block([np.zeros((1, 90000))] * 1000)",
    NP + "np.logspace([0] * 90000, 1, num=90000)",
    NP + "np.random.default_rng(1).normal(np.zeros((90000, 1)), np.ones(90000))",
    NP + "np.random.default_rng(1).choice(10**9, replace=False)",
    "while True:\n    pow(3, 2**1020, 2**1021 + 1)",
    "list(zip(range(10**15), map(lambda x: x, range(10**15))))",
    "any(filter(lambda x: 0, range(10**12)))",
    "g = (i for i in range(10**12))\nwhile True:\n    next(g)",
    "list(i for i in range(10**12))",
    "a, *b = (i for i in range(10**12))",
    "-1 in (i for i in range(10**12))",
    "g = ((i, j) for i in range(10**9) for j in range(10**9))\nfor x in g:\n    pass",
    NP + "np.mgrid[0:1e9]",
    NP + "np.mgrid[0:10000, 0:10000]",
    NP + "np.ogrid[0:1:1e-9]",
    NP + "np.r_[0:1e9]",
    NP + "np.pad(np.ones(3), 10**9)",
    NP + "np.pad(np.ones((3, 3)), ((0, 10**4), (0, 10**4)))",
    NP + "np.indices((10**4, 10**4))",
    NP + "np.indices([1] * 30 + [10**6])",
    NP + "np.resize(1.0, 10**9)",
    NP + "np.tril_indices(10**5)",
    NP + "np.ix_(np.arange(90000), np.arange(90000))[0] + np.ix_(np.arange(90000), np.arange(90000))[1]",
    NP + "np.select([np.ones((90000, 1), dtype=bool)], [np.ones(90000)])",
    NP + "np.take_along_axis(np.ones((1, 90000)), np.zeros((90000, 1), dtype=int), 0)",
    NP + "np.polyfit(np.arange(90000.0), np.arange(90000.0), 10**5)",
    NP + "x = np.sin(np.arange(90000.0))\nwhile True:\n    np.array2string(x, threshold=10**9)",
    NP + "x = np.sin(np.arange(90000.0))\nwhile True:\n    np.array2string(x)",
    NP + "np.array2string(np.ones(3), precision=10**9)",
    NP + "x = np.sin(np.arange(10000.0).reshape(100, 100))\nwhile True:\n    np.linalg.eigvals(x + x.T)",
    NP + "np.zeros(3, dtype='f4,' * 30000)",
    NP + "while True:\n    np.dtype('float32') == 'f4,' * 20000",
    "list(iter(lambda: 0, 1))",
    NP + ROT + "x = R.from_quat(np.ones((20000, 4)))\nwhile True:\n    x**2.5",
    "w = get_gripper_width()\nx = [1] * 90000\nwhile True:\n    x[int(w * 10)]",
]

#: as large, as fast or as many as the budgets of memory, instructions and calls allow
AT_THE_LIMITS = [
    NP + "x = np.ones(4000000)\nl = []\nwhile True:\n    l.append(x + 1)",
    NP + "l = []\nwhile True:\n    l.append(np.ones(4000000))",
    NP + "l = []\nwhile True:\n    l.append(np.ones(4000000)[:1])",
    NP + "x = np.ones(4000000)\nwhile True:\n    x = x * 1.5",
    NP + "x = np.ones(4000000)\nwhile True:\n    np.sort(x)",
    NP + "x = np.ones(4000000)\nwhile True:\n    np.median(x)",
    NP + "x = np.arange(4000000.0)\nwhile True:\n    np.sin(x)",
    NP + "x = np.ones((2000, 2000))\nwhile True:\n    x @ x",
    NP + "x = np.ones((300, 300), dtype=int)\nwhile True:\n    x @ x",
    NP + "x = np.ones((1000, 4000))\nwhile True:\n    x.T.copy()",
    NP + "x = np.ones((1300000, 3))\nm = x[:, 0] > 0\nwhile True:\n    x[m]",
    NP + "x = np.random.rand(1000000)\nwhile True:\n    np.unique(x)",
    "x = [0.5] * 500000\nwhile True:\n    list(zip(x, x))",
    "x = [0.5] * 500000\nwhile True:\n    sum(x)",
    "x = [0.5] * 500000\nwhile True:\n    sorted(x)",
    "x = list(range(500000))\nwhile True:\n    x.pop(0); x.append(1)",
    "x = list(range(500000))\nwhile True:\n    -1 in x",
    "x = list(range(500000))\nwhile True:\n    set(x)",
    "x = [[0] * 500 for _ in range(1000)]\nwhile True:\n    x == x",
    "l = []\nwhile True:\n    l.append([0] * 1000)",
    "l = []\nwhile True:\n    l.append((1.5, len(l)))",
    "d = {}\nwhile True:\n    d[len(d), 1] = (1.5, 2.5)",
    "x = []\nwhile True:\n    x = [x]",
    "x = [1]\nw = get_gripper_width()\nfor i in range(100000):\n    x = [x, w]\nif w > 0.5:\n    print(1)\nprint(2)",
    "l = [0] * 500000\nwhile True:\n    l[:] = l",
    "l = []\nwhile True:\n    try:\n        l.append([0] * 100000)\n    except MemoryError:\n        pass",
    NP + "x = np.ones(1000)\nwhile True:\n    np.array([1.0, 2.0, 3.0])",
    NP + "while True:\n    np.linalg.svd(np.eye(3))",
    NP + "x = np.sin(np.arange(9.0)).reshape(3, 3)\nwhile True:\n    np.linalg.lstsq(x, x)",
    NP + ROT + "while True:\n    R.from_matrix(np.eye(3))",
    NP + ROT + "while True:\n    R.from_euler('xyz', [1, 2, 3]).as_euler('zyx')",
    NP + "x = np.ones(3)\nwhile True:\n    np.percentile(x, 50)",
    NP + "while True:\n    np.random.normal(0, 1, 3)",
    NP + "x = np.ones(3)\nwhile True:\n    np.histogram(x)",
    "while True:\n    pass",
    "x = 0\nwhile True:\n    x = x + 1",
    "def f(x):\n    return x\nwhile True:\n    f(1)",
    "while True:\n    sorted([3, 1, 2], key=lambda v: -v)",
    "while True:\n    [v for v in (1, 2, 3)]",
    "while True:\n    f'{1.5:.2f}'",
    "while True:\n    print(1.5)",
    "while True:\n    get_gripper_width()",
    "while True:\n    solve_ik([0.5, 0, 0.3], [0, 1, 0, 0])",
    "while True:\n    try:\n        raise ValueError(1)\n    except ValueError:\n        pass",
    "t = 'a' * 90000\nwhile True:\n    t.split('a')",
    "t = 'a' * 90000\nwhile True:\n    t = t.replace('a', 'b')",
    NP + "w = get_gripper_width()\nx = np.ones(4000000) * w\nl = []\nwhile True:\n    l.append(x + w)",
    NP + "w = get_gripper_width()\nx = np.ones(4000000) * w\nl = []\nwhile True:\n    l.append(x[x > 0])",
    NP + "w = get_gripper_width()\nx = np.ones(4000000) * w\nl = []\nwhile True:\n    l.append(x[x > 0][:1])",
    NP + "w = get_gripper_width()\nx = np.arange(400000.0) * w\nwhile True:\n    np.sort(x)",
    NP + "x = np.zeros((700, 700))\nwhile True:\n    x[[i % 700 for i in range(1000)]]",
    NP + "x = np.ones((1300000, 3))\nwhile True:\n    x.mean(axis=0)",
    NP + "x = np.ones((1300000, 3))\nwhile True:\n    np.median(x, axis=0)",
    NP + "x = np.ones((1300000, 3))\nwhile True:\n    np.linalg.norm(x, axis=1)",
    NP + "x = np.ones((400000, 3))\nwhile True:\n    x.tolist()",
    NP + "x = np.ones((100000, 3)).tolist()\nwhile True:\n    np.array(x)",
    NP + "x = np.ones(1000)\nwhile True:\n    for v in x:\n        pass",
    NP + "x = np.ones((1000, 1000))\nwhile True:\n    np.where(x > 0.5)",
    NP + "x = np.random.rand(20000, 3)\nwhile True:\n    np.linalg.svd(x, full_matrices=False)",
    NP + "x = np.random.rand(20000, 3)\nwhile True:\n    get_oriented_bounding_box_from_3d_points(x)",
    NP + "d = np.ones((120, 160))\nK = np.eye(3) * 100\nwhile True:\n    depth_to_point_cloud(d, K)",
]


def _end(text: str, limits: ProgramLimits) -> LaneEnd:
    machine, robot = Machine(limits=limits), TableRobot(0, 0.0)
    machine.start([0], compile_program(Program(text)))
    while True:
        for request in machine.run():
            arguments = {name: column[0] for name, column in request.arguments.items()}
            machine.resume([0], robot.call(request.primitive, arguments)._results)
        ends = machine.collect()
        if ends:
            return ends[0]


@pytest.mark.parametrize("text", [*BOMBS, *AT_THE_LIMITS], ids=range(len(BOMBS) + len(AT_THE_LIMITS)))
def test_bombs_end_quickly_in_bounded_memory(text: str) -> None:
    """A 150th of the usual instructions takes at most 2 s, and values at most 1.5 times their memory."""
    limits = ProgramLimits(instructions=ProgramLimits().instructions // 150)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for last in (False, False, True):  # threads of BLAS that wait for a core count as work now and then
        started = time.thread_time()
        end = _end(text, limits)
        spent = time.thread_time() - started
        if spent < 2.0 or last:
            break
    assert spent < 2.0
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10 < 1.5 * limits.memory
    assert end.outcome in (Outcome.PROGRAM_ERROR, Outcome.OUT_OF_INSTRUCTIONS)
