"""Known sandbox tricks, by kind: each is refused by the policy, or contained by the machine and by the plain runner."""

from __future__ import annotations

import time

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.policy import findings
from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome
from aspire_mjx.plain.runner import run_plain
from aspire_mjx.primitives.robot_api import ROBOT_API
from tests.support.table_robot import TableRobot, run_compiled

NP = "import numpy as np\n"
ROT = "from scipy.spatial.transform import Rotation as R\n"
CATCH = "try:\n    {}\nexcept Exception as e:\n    "

#: what the policy refuses, by kind
REFUSED: dict[str, list[str]] = {
    "dunder": [
        "().__class__.__mro__[1].__subclasses__()",
        "[].__class__.__base__",
        "print.__self__",
        "wait.__globals__['__builtins__']",
        "(lambda: 0).__code__",
        "(lambda: 0).__closure__[0].cell_contents",
        "''.__class__.__mro__",
        "x = 1\nx.__dict__",
        "f = lambda x=1: x\nf.__defaults__ = (2,)",
        "f = lambda: 0\nf.__kwdefaults__",
        "len.__call__",
        "wait.__wrapped__",
        "max.__wrapped__",
        "__loader__",
        "__spec__",
        "__file__",
        "__debug__ = 1",
        "__builtins__['open']",
        "__build_class__(1, 'a')",
        "{}.__getattribute__('x')",
        "get_object_pose('milk').__reduce__()",
        "get_object_pose('milk')._results._primitive",
        "wait(__class__=1)",
        "dict(__class__=1)",
        "def f(__x):\n    return __x",
        "def f(*__x):\n    pass",
        "lambda __x: 1",
        "def __f():\n    pass",
        "import numpy as __np",
        "for __x in [1]:\n    pass",
        "try:\n    pass\nexcept Exception as __e:\n    pass",
        "[__x for __x in [1]]",
        "(__x := 1)",
    ],
    "text that formats": [
        "'{0.__class__}'.format(1)",
        "'{0[__class__]}'.format({})",
        "'{a.b}'.format(a=1)",
        "'{0.__init__.__globals__}'.format(wait)",
        "'{:{0.__class__}}'.format(1)",
        "x = '{0.real}'\nx.format(1)",
        "f = '{}'.format\nf(1)",
        "'{}'.format_map({})",
        "map('{0.__class__}'.format, [1])",
        "sorted(['{0.__class__}'], key=str.format)",
        "f'{().__class__}'",
        "f'{1:{().__class__}}'",
        "f'{(lambda: 0).__globals__}'",
        "f'{1!r:{print.__self__}}'",
        "'a'.encode('utf-7')",
        "str.maketrans({})",
        "'a'.translate({})",
        "'a'.expandtabs(10**9)",
        "int.from_bytes([1], 'big')",
        "(1).to_bytes(10**9, 'big')",
        "float.fromhex('1')",
    ],
    "getattr by another name": [
        "setattr(wait, 'x', 1)",
        "delattr(wait, 'x')",
        "vars(wait)",
        "dir(wait)",
        "object()",
        "super()",
        "property(print)",
        "globals()['x']",
        "locals()",
        "id(1)",
        "hash(1)",
        "memoryview([1])",
        "bytes(10**10)",
        "bytearray(10**10)",
        "import operator\noperator.attrgetter('__class__')",
        "from functools import singledispatch\nsingledispatch",
        "import inspect\ninspect",
        "import builtins\nbuiltins.open",
        "from importlib import import_module\nimport_module('os')",
        "eval('1')",
        "exec('1')",
        "compile('1', 'f', 'eval')",
        "breakpoint()",
        "help()",
        "open('/etc/passwd')",
        "input()",
        "raise KeyboardInterrupt",
        "except_ = BaseException",
        "print(file=open)",
    ],
    "scope": [
        "global __x\n__x = 1",
        "def f():\n    global __builtins__\n    __builtins__ = {}",
        "def f():\n    global tunable\n    tunable = 1",
        "nonlocal x",
        "def f():\n    nonlocal x\n    x = 1",
        "class A:\n    x = [y for y in ().__class__]",
        "class A(metaclass=wait):\n    pass",
        "[x for x in [1] if (lambda: x).__closure__]",
        "[y := 1 for x in [().__class__]]",
        "x = [i := 0 for i in [1]]",
        "@wait\ndef f():\n    pass",
        "with wait as x:\n    pass",
        "t = tunable\nt('a', 1, low=0, high=2)",
        "def tunable(*a):\n    return a",
        "tunable(*['a', 1, 0, 2])",
        "tunable('__class__' + 'x', 1, low=0, high=2)",
        "tunable('a', (lambda: 1)(), low=0, high=2)",
        "match 1:\n    case int(real=x):\n        pass",
        "match 1:\n    case object(__class__=x):\n        pass",
        "match {}:\n    case {'a': x}:\n        pass",
        "wait.cost = 1",
        "del wait.cost",
        "*wait.x, y = [1, 2]",
        "for wait.x in [1]:\n    pass",
    ],
    "exceptions and frames": [
        CATCH.format("1 / 0") + "e.__traceback__.tb_frame.f_globals",
        CATCH.format("1 / 0") + "e.with_traceback(None)",
        CATCH.format("1 / 0") + "e.add_note('x')",
        CATCH.format("1 / 0") + "e.__context__",
        CATCH.format("x.y") + "e.obj",
        CATCH.format("next(i for i in [])") + "e.value",
        "def f():\n    yield 1",
        "def f():\n    x = yield",
        "def f():\n    yield from [1]",
        "g = (i for i in [1])\ng.gi_frame.f_back",
        "async def f():\n    await f()",
        "async def f():\n    [x async for x in f()]",
        "try:\n    pass\nexcept* ValueError:\n    pass",
        "import sys\nsys._getframe()",
        "import traceback\ntraceback.print_exc()",
        "import gc\ngc.get_objects()",
    ],
    "numpy": [
        NP + "np.load('x', allow_pickle=True)",
        NP + "np.save('x', 1)",
        NP + "np.savetxt('x', [1])",
        NP + "np.fromfile('x')",
        NP + "np.genfromtxt('x')",
        NP + "np.loadtxt('x')",
        NP + "np.memmap('x')",
        NP + "np.DataSource()",
        NP + "np.frombuffer([1])",
        NP + "np.fromfunction(wait, (3,))",
        NP + "np.frompyfunc(wait, 1, 1)",
        NP + "np.vectorize(wait)",
        NP + "np.apply_along_axis(wait, 0, [1])",
        NP + "np.piecewise(1, [1], [wait])",
        NP + "np.ctypeslib.load_library('x', '.')",
        NP + "np.f2py.compile('x')",
        NP + "np.lib.stride_tricks.as_strided(np.zeros(1), (10**9,))",
        NP + "np.core.multiarray",
        NP + "np.testing.assert_equal",
        NP + "np.distutils",
        NP + "np.sys",
        NP + "np.os",
        NP + "np.random.bit_generator",
        NP + "np.random.mtrand",
        NP + "np.linalg.linalg",
        NP + "np.object_",
        NP + "np.record",
        NP + "np.seterrcall(wait)",
        NP + "np.seterrobj([1, 2, 3])",
        NP + "np.set_printoptions(threshold=10**9)",
        NP + "np.set_string_function(wait)",
        NP + "np.setbufsize(10**9)",
        NP + "np.zeros(3).data",
        NP + "np.zeros(3).base",
        NP + "np.zeros(3).ctypes.data",
        NP + "np.zeros(3).flags.writeable",
        NP + "np.zeros(3).dtype.type",
        NP + "np.zeros(3).strides",
        NP + "np.zeros(3).shape = (10**9,)",
        NP + "np.zeros(3).view('O')",
        NP + "np.zeros(3).getfield('O')",
        NP + "np.zeros(3).tofile('x')",
        NP + "np.zeros(3).dump('x')",
        NP + "np.zeros(3).dumps()",
        NP + "np.zeros(3).tobytes()",
        NP + "np.zeros(3).setflags(write=True)",
        NP + "np.zeros(3).resize(10**9)",
        NP + "np.zeros(3).__array_interface__",
        NP + "np.zeros(3).__array_struct__",
        NP + "np.add.reduce",
        NP + "np.add.at",
        NP + "np.float64(1).__class__",
        NP + "np.float64(1).newbyteorder()",
        "from numpy import load\nload",
        "from numpy.lib import npyio\nnpyio",
        "import numpy.ctypeslib\nnumpy.ctypeslib",
        "from numpy import *",
        ROT + "R._rotation",
        ROT + "R.identity().__reduce__()",
        ROT + "R.random(10**9)",
        ROT + "R.concatenate([])",
        "import scipy\nscipy.io",
        "import scipy.io\nscipy.io.loadmat",
        "from scipy import io\nio.loadmat",
    ],
    "spelling": [
        "ｏｐｅｎ('x')",
        "().__ｃlass__",
        "оpen = 1",
        "x = 1\n\u2028import os",
        "\ufeff\ufeffimport os",
        "# -*- coding: utf-7 -*-\n+AGkAbQBwAG8AcgB0- os",
        "x = 1\x00import os",
        "x = 1\x0cimport os",
        "imp\\\nort os",
        "import \\\nos\nos",
        "if 1:\n\timport os\n        x = 1",
        "x = 1; import os; os",
        "x = '\\N{LATIN SMALL LETTER A}'.__class__",
        "(\n).__class__",
        "().__clas\\\ns__",
        "import os as numpy\nnumpy.zeros(1)",
        "import numpy.os as math\nmath.sin(1)",
        "import math.os\nmath.os",
        "from . import os",
        "from .. import numpy",
        "import re\nre.compile('(a+)+$')",
        "lambda: (yield)",
        "x: (yield) = 1",
        "type X = int",
        "def f[T](x: T):\n    pass",
        "t'{1}'",
    ],
    "size": [
        "x = " + "9" * 5000,
        "x = 0x" + "f" * 5000,
        "x = " + "(" * 300 + ")" * 300,
        "x = " + "[" * 90 + "]" * 90,
        "x = " + "-" * 9000 + "1",
        "x = a" + ".T" * 20000,
        "x = " + "lambda: " * 5000 + "1",
        "x = " + "1 if 1 else " * 3000 + "1",
        "".join(" " * i + "if 1:\n" for i in range(99)) + " " * 99 + "pass",
        "#" * 70_000,
        "x = [" + "1, " * 21_000 + "]",
        "x = f'{1:1000000000}'",
        "'{:>1000000000}'.format(1)",
        "\n".join(f"def f{i}(): return {i}" for i in range(3500)),
        "x = " + "f'{" * 90 + "1" + "}'" * 90,
        "f(" + ", ".join(f"a{i}=1" for i in range(9000)) + ")",
    ],
}
_CASES = [(kind, text) for kind, texts in REFUSED.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), _CASES, ids=[f"{kind}-{i}" for i, (kind, _) in enumerate(_CASES)])
def test_refused(kind: str, text: str) -> None:
    started = time.process_time()
    assert _refused(text)
    assert time.process_time() - started < 2.0


def _refused(text: str) -> bool:
    if findings(text, ROBOT_API):
        return True
    try:
        compile_program(Program(text))
    except Exception as error:
        return type(error).__name__ == "ProgramRefused"
    return False


#: what the policy cannot see, with what the program learns: (text, part of the message or of what it prints)
CONTAINED = [
    ("import os, sys, subprocess, builtins\nfrom importlib import import_module\nprint('nothing')", "nothing"),
    ("getattr((), '__class__')", "does not exist for programs"),
    ("getattr(1, '__cla' + 'ss__')", "does not exist for programs"),
    ("getattr('{0.__class__}', 'format')", "does not exist for programs"),
    ("getattr(open_gripper(), '_results')", "does not exist for programs"),
    (NP + "getattr(np, '_members')", "does not exist for programs"),
    (
        NP + "getattr(np.random, '_members', None)\nprint(hasattr(np, '_name'), hasattr(wait, '__globals__'))",
        "False False",
    ),
    ("getattr(wait, '__globals__')", "does not exist for programs"),
    ("getattr(1, 'real')", "no attribute 'real'"),
    ("type('X', (), {})", "type() takes 1 positional argument"),
    ("type(type(1))('X', (), {})", "object is not callable"),
    ("type(lambda: 0)(1, 2)", "object is not callable"),
    ("type(open_gripper())(1, 2)", "object is not callable"),
    ("type((i for i in [1]))(1)", "object is not callable"),
    (NP + "type(np)('x')", "object is not callable"),
    (NP + "type(np.zeros(3))((3,))", "np.ndarray cannot be called"),
    (NP + "print(type(np.zeros(3).dtype)('O'))", "object is not callable"),
    ("list(map(type, [1, ''], [2, 3]))", "type() takes 1 positional argument"),
    (NP + "np.dtype('O')", "dtype must be"),
    (NP + "np.dtype([('a', 'O')])", "dtype must be"),
    (NP + "np.zeros(3).astype('c16')", "complex numbers"),
    (NP + "np.zeros(3, 'f4,' * 20000)", "dtype must be"),
    (NP + "np.zeros(3, '>f8')", "dtype must be"),
    (NP + CATCH.format("np.zeros(3) + 'a'") + "print(e.args[0](1, 2))", "'str' object is not callable"),
    (NP + CATCH.format("np.add('a', 1)") + "e.args[0](1, 2)", "'str' object is not callable"),
    (NP + CATCH.format("np.zeros(3) @ 'a'") + "e.args[0](1, 2)", "'str' object is not callable"),
    (NP + CATCH.format("np.sum(np.zeros(3), axis=7)") + "print(e.name)", "no attribute 'name'"),
    (CATCH.format("later") + "print(e.name)\nlater = 1", "no attribute 'name'"),
    (CATCH.format("{}['k']") + "print(e.args)", "('k',)"),
    (NP + "print(np.array.name)", "no attribute 'name'"),
    (NP + "print(np.ndarray.mean)", "no attribute 'mean'"),
    (NP + "print(np.float64.is_integer)", "no attribute 'is_integer'"),
    (NP + "np.zeros(3).astype('O')", "dtype must be"),
    (NP + "np.zeros(3).astype('U100000000')", "dtype must be"),
    (NP + "np.zeros(3).astype('f8,O')", "dtype must be"),
    (NP + "np.zeros(3).astype([('a', 'O')])", "dtype must be"),
    (NP + "np.zeros(3).astype(str)", "dtype must be"),
    (NP + "np.zeros(3, dtype=list)", "dtype must be"),
    (NP + "np.zeros(3, 'V1000000000')", "dtype must be"),
    (NP + "np.array([wait], dtype='O')", "dtype must be"),
    (NP + "np.array([1], 'M8[ns]')", "dtype must be"),
    (NP + "np.array([wait])", "arrays hold numbers"),
    (NP + "np.array([{}])", "arrays hold numbers"),
    (NP + "np.array(['a'])", "arrays hold numbers"),
    (NP + "np.array(['a' * 9000] + ['b'] * 90000)", "not on text"),
    (NP + "np.full((90000,), 'a' * 90000)", "not on text"),
    (NP + "np.where([True], 'a' * 90000, 'b')", "not on text"),
    (NP + "np.add(np.ones(3), 1, np.zeros(3))", "positional"),
    (NP + "np.add(np.ones(3), 1, out=np.zeros(3))", "'out'"),
    (NP + "np.add(np.ones(3), 1, where=[True])", "'where'"),
    (NP + "np.sum(np.ones(3), None, None, np.zeros(()))", "positional"),
    (NP + "np.ones(3).sum(out=np.zeros(()))", "'out'"),
    (NP + "np.ones(3).sum(None, None, np.zeros(()))", "positional"),
    (NP + "np.ones(3).cumsum(**{'out': np.zeros(3)})", "'out'"),
    (NP + "np.ones(3).dot(np.ones(3), np.zeros(()))", "positional"),
    (NP + "np.clip(np.ones(3), 0, 1, np.zeros(3))", "positional"),
    (NP + "np.percentile(np.ones(3), 5, overwrite_input=True)", "overwrite_input"),
    (NP + "np.zeros(3, like=wait)", "'like'"),
    (NP + "np.zeros_like(np.zeros(3), shape=(10**9,))", "shape"),
    (NP + "np.einsum('i,i', [1.0], [1.0], optimize=True)", "'optimize'"),
    ("r = get_object_pose('milk')\nwait(1)\nr.values()", "has no 'values'"),
    ("r = get_object_pose('milk')\nwait(1)\nr.copy", "has no 'copy'"),
    ("w = open_gripper()\nw.update", "has no 'update'"),
    ("f = lambda: 0\nf.copy", "no attribute 'copy'"),
    ("wait.name", "no attribute 'name'"),
    ("print.args", "no attribute 'args'"),
    (NP + "np.random.rand.args", "no attribute 'args'"),
    (ROT + "R.identity().name", "no attribute 'name'"),
    ("x = 1\nx.copy", "no attribute 'copy'"),
    (NP + "np.ndarray((3,))", "np.ndarray cannot be called"),
    (NP + "sorted([(3,)], key=np.ndarray)", "np.ndarray cannot be called"),
    ("from numpy import ndarray\nndarray((3,))", "np.ndarray cannot be called"),
    (NP + "print(isinstance(np.zeros(3), (int, np.ndarray)), set, isinstance({}, set))", "True <class 'set'> False"),
    (NP + "np.zeros((1, 90000)).take([0] * 90000, 0)", "the array would have 8.1"),
    ("isinstance(1, wait)", "isinstance() arg 2"),
    ("'%(a)s' % wait", "mapping"),
    ("print('x', file=3)", "file"),
    ("list(map(str.zfill, ['1'], [10**10]))", "elements"),
    ("round(7, -10**9)", "decimal places"),
    ("def sum_(g):\n    return g\nprint(sum_([x for x in [1]]))", "[1]"),
    ("try:\n    raise ValueError(wait)\nexcept:\n    print('contained')", "contained"),
]


@pytest.mark.parametrize(("text", "says"), CONTAINED, ids=range(len(CONTAINED)))
def test_contained_by_both_runners(text: str, says: str) -> None:
    for end in (run_compiled(text, [0], failure_rate=0.0).ends[0], run_plain(Program(text), TableRobot(0, 0.0))):
        assert says in end.message + end.prints, end
        assert "0x" not in end.prints and "ufunc '" not in end.message.partition(":")[0]


def test_control_characters_of_a_program_are_written_out_where_they_are_shown() -> None:
    text = "print('a\\x1b[31mb\\tc\\u202e')\nw = get_gripper_width()\nprint(f'{w > 9}\\x9b')\n"
    text += "raise ValueError('\\r\\x07\\u2028')\n"
    for end in (run_compiled(text, [0], failure_rate=0.0).ends[0], run_plain(Program(text), TableRobot(0, 0.0))):
        assert end.prints == "a\\x1b[31mb\tc\\u202e\nFalse\\x9b\n"
        assert end.message == "ValueError: \\r\\x07\\u2028"


_DEEP = "t = ()\nfor i in range(2300):\n    t = " + "(" * 75 + "t" + ",)" * 75 + "\n"
#: what hashes a tuple that is nested too deeply
HASHED = [
    *("t in {1}", "{t: 1}", "{t}", "{*[t]}", "[0 for d in [{}] if d[t]]", "{x: 1 for x in [t]}", "{x for x in [t]}"),
    *("d = {}\nd[t] = 1", "d = {}\nd[t] += 1", "d = {}\ndel d[t]", "{}.get(t)", "{}.setdefault(t, 1)", "{}.pop(t)"),
    *("set([t])", "set(iter([t]))", "list(map(set, [[t]]))", "{1}.union([t])", "{1}.add(t)", "{1}.discard(t)"),
    *("dict([(t, 1)])", "dict([[t, 1]])", "dict(zip([t], [1]))", "d = {}\nd.update([(t, 1)])", "dict.fromkeys([t])"),
    *("d = {}\nd |= [(t, 1)]", "dict.get({}, t)", "set.union({1}, [t])", "f = {}.get\nf(t)"),
]


@pytest.mark.parametrize("text", HASHED)
def test_deep_tuples_are_not_hashed(text: str) -> None:
    for end in (run_compiled(_DEEP + text, [0]).ends[0], run_plain(Program(_DEEP + text), TableRobot(0))):
        assert end.outcome in (Outcome.PROGRAM_ERROR, Outcome.OUT_OF_INSTRUCTIONS), end


#: what would overflow the stack of the plain runner
CHAINS = [
    "m = iter([1])\nfor i in range(100000):\n    m = map(abs, m)\nnext(m)",
    "m = [1]\nfor i in range(100000):\n    m = filter(None, m)\nlist(m)",
    "m = [1]\nfor i in range(100000):\n    m = zip(m)\nlist(m)",
    "m = [1]\nfor i in range(100000):\n    m = enumerate(m)\nlist(m)",
    "m = [1]\nfor i in range(100000):\n    m = (x for x in m)\nlist(m)",
    "e = ValueError(1)\nfor i in range(50000):\n    e = ValueError(e)\nraise e",
]


@pytest.mark.parametrize("text", CHAINS)
def test_long_chains_end_in_both_runners(text: str) -> None:
    assert run_compiled(text, [0]).ends[0].outcome in (Outcome.PROGRAM_ERROR, Outcome.OUT_OF_INSTRUCTIONS)
    assert run_plain(Program(text), TableRobot(0)).outcome is Outcome.PROGRAM_ERROR


def test_there_are_at_least_eighty_tricks() -> None:
    assert len({text for _, text in _CASES} | {text for text, _ in CONTAINED}) > 250


def test_lanes_do_not_write_into_each_other() -> None:
    text = NP + "w = get_gripper_width()\ny = np.zeros(3)\ntry:\n    np.add(np.ones(3) * w, 1, y)\n"
    text += "except TypeError:\n    y += w\nprint(y)\n"
    together = run_compiled(text, [1, 2, 3], failure_rate=0.0)
    assert len({end.prints for end in together.ends.values()}) == 3
