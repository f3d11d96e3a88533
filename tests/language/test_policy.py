"""The policy check refuses by rule, with the line."""

from __future__ import annotations

import time

import pytest

from aspire_mjx.language.policy import findings
from aspire_mjx.primitives.robot_api import ROBOT_API

REFUSED = [
    ("import os\nos.system('x')", 2, "import", "os.system is not available"),
    ("import os\nprint(os)", 2, "import", "import numpy as np"),
    ("x = 1\nimport os.path as p\np.join('a')", 3, "import", "p.join: os.path.join is not"),
    ("from os import system as s\ns('x')", 2, "import", "s: os.system is not"),
    ("import numpy.ctypeslib as c\nc", 2, "import", "numpy.ctypeslib"),
    ("import numpy.fft\nnumpy.fft", 2, "attribute", "numpy.fft"),
    ("from numpy import load\nload('x')", 2, "import", "numpy.load"),
    ("import cv2\n\ndef f(mask):\n    return cv2.minAreaRect(mask)", 4, "import", "mask_to_world_points"),
    ("import json\njson.dump({}, 1)", 2, "import", "of json programs have JSONDecodeError, dumps, loads"),
    ("from collections import defaultdict\nx = [defaultdict(list)]", 2, "import", "setdefault"),
    ("import viser.transforms as vtf\nvtf.SO3", 2, "import", "wxyz"),
    ("import numpy as np\nnp.set_printoptions(formatter={})", 2, "attribute", "np.round"),
    ("import numpy as np\nx = np.complex64(1)", 2, "attribute", "complex numbers"),
    ("import numpy as np\nx = np.zeros(3).view('u1')", 2, "attribute", "astype"),
    ("from math import *", 1, "import", "math"),
    ("from . import secrets", 1, "import", "from ."),
    ("from scipy.spatial.transform import Rotation, _rotation\n_rotation", 2, "import", "_rotation"),
    ("from scipy.spatial.transform import Slerp\nSlerp([0, 1], 2)", 2, "import", "** t"),
    ("import time\nt = time.strftime(1)", 2, "import", "monotonic, perf_counter, sleep, time"),
    ("import time\nf = time", 2, "import", "wait(seconds)"),
    ("open('/etc/passwd')", 1, "name", "open"),
    ("x = 1\n\neval('1')", 3, "name", "eval"),
    ("exec('1')", 1, "name", "exec"),
    ("setattr([], 'x', 1)", 1, "name", "setattr"),
    ("globals()", 1, "name", "globals"),
    ("vars()", 1, "name", "vars"),
    ("object()", 1, "name", "object"),
    ("compile('1', 'a', 'exec')", 1, "name", "compile"),
    ("breakpoint()", 1, "name", "breakpoint"),
    ("input()", 1, "name", "input"),
    ("memoryview(1)", 1, "name", "memoryview"),
    ("np.array([1])", 1, "name", "allowed imports"),
    ("get_body_position('milk')", 1, "name", "get_body_position"),
    ("robot.env.sim", 1, "name", "robot"),
    ("__import__('os')", 1, "dunder", "__import__"),
    ("__builtins__", 1, "dunder", "__builtins__"),
    ("__name__ = 'x'", 1, "dunder", "__name__"),
    ("().__class__", 1, "dunder", "__class__"),
    ("().__class__.__bases__[0].__subclasses__()", 1, "dunder", "__subclasses__"),
    ("(lambda: 0).__globals__", 1, "dunder", "__globals__"),
    ("f'{().__class__}'", 1, "dunder", "__class__"),
    ("f'{1:{().__class__}}'", 1, "dunder", "__class__"),
    ("x = [y for y in ().__class__.__mro__]", 1, "dunder", "__mro__"),
    ("get_object_pose('milk')._results", 1, "dunder", "_results"),
    ("'{0.__class__}'.format(1)", 1, "attribute", "f-string"),
    ("'{0[0]}'.format([1])", 1, "attribute", "f-string"),
    ("'{:{}}'.format(1, 10**9)", 1, "attribute", "f-string"),
    ("s = '{0.__class__}'\ns.format(1)", 2, "attribute", "f-string"),
    ("f = '{0.__class__}'.format\nf(1)", 1, "attribute", "f-string"),
    ("str.format('{0.__class__}', 1)", 1, "attribute", "f-string"),
    ("'{a}'.format_map({})", 1, "attribute", "format_map"),
    ("try:\n    wait(1)\nexcept Exception as e:\n    e.with_traceback(None)", 4, "attribute", "with_traceback"),
    ("try:\n    wait(1)\nexcept Exception as e:\n    e.__traceback__.tb_frame", 4, "dunder", "__traceback__"),
    ("import numpy as np\nnp.load('x')", 2, "attribute", "load"),
    ("import numpy as np\nnp.fromfile('x')", 2, "attribute", "fromfile"),
    ("import numpy as np\nnp.ctypeslib.load_library", 2, "attribute", "ctypeslib"),
    ("import numpy as np\nnp.f2py.compile('x')", 2, "attribute", "f2py"),
    ("import numpy as np\nnp.linalg.os", 2, "attribute", "not available"),
    ("import numpy as np\nnp.zeros(3).tofile('x')", 2, "attribute", "tofile"),
    ("import numpy as np\nnp.zeros(3).ctypes", 2, "attribute", "ctypes"),
    ("import numpy as np\nnp.zeros(3).__array_interface__", 2, "dunder", "__array_interface__"),
    ("import numpy as np\nnp.zeros(3).dump('x')", 2, "attribute", "dump"),
    ("import numpy as np\nnp.lib.npyio", 2, "attribute", "lib"),
    ("import math\nmath.sys", 2, "attribute", "sys"),
    ("def f():\n    yield 1", 2, "construct", "generators"),
    ("def f():\n    yield 1\nf().gi_frame", 3, "attribute", "gi_frame"),
    ("async def f():\n    pass", 1, "construct", "async"),
    ("class A:\n    pass", 1, "construct", "made by a function"),
    ("with x:\n    pass", 1, "construct", "with"),
    ("def f():\n    global __x\n    __x = 1", 2, "dunder", "__x"),
    ("@staticmethod\ndef f():\n    pass", 1, "construct", "decorators"),
    ("x = b'abc'", 1, "construct", "bytes"),
    ("x = 1j", 1, "construct", "complex"),
    ("x = []\nx.y = 1", 2, "attribute", "assigned"),
    ("del wait.x", 1, "attribute", "assigned"),
    ("x = " + "9" * 4000, 1, "limit", "bits"),
    ("x = 1" + "\ny = 2" * 20_000, 1, "limit", "at most"),
    ("x = " + "-" * 5000 + "1", 1, "limit", "nested"),
    ("x = " + "[" * 90 + "]" * 90, 1, "limit", "nested"),
    ("x = " + "+".join(["1"] * 5000), 1, "limit", "nested"),
    ("f'{1:1000000000}'", 1, "limit", "1000"),
    ("x = = 1", 1, "syntax", ""),
    ("x = 1\nif x:\nprint(x)", 3, "syntax", ""),
    ("x = '\x00'", 1, "syntax", ""),
    ("ｏｐｅｎ('x')", 1, "name", "open"),
    ("().__ｃlass__", 1, "dunder", "__class__"),
    ("оpen = 1", 1, "name", "ASCII"),
    ("[y := 1 for x in [().__class__]]", 1, "dunder", "__class__"),
    ("t = tunable\nt('a', 1, low=0, high=2)", 1, "tunable", "directly"),
    ("n = 'a'\ntunable(n, 1, low=0, high=2)", 2, "tunable", "constant"),
    ("tunable('a', 5, low=0, high=2)", 1, "tunable", "low <= default <= high"),
    ("match 1:\n    case {'a': 1}:\n        pass", 2, "construct", "mappings"),
    ("match 1:\n    case int(x):\n        pass", 2, "construct", "isinstance"),
    ("match 1:\n    case [x] | x:\n        pass", 2, "construct", "alternatives"),
    ("match 1:\n    case __x:\n        pass", 2, "dunder", "__x"),
    ("from typing import List\nx = List[int]", 2, "name", "annotations"),
    ("import random\nrandom.random()", 2, "import", "np.random"),
    ("sleep(1)", 1, "name", "wait(seconds)"),
    ("import numpy as np\nnp.random.bytes(10)", 2, "attribute", "bytes"),
    ("import numpy as np\nnp.random.default_rng(1).bit_generator", 2, "attribute", "bit_generator"),
]


@pytest.mark.parametrize(("source", "line", "rule", "says"), REFUSED, ids=[s[:40] for s, *_ in REFUSED])
def test_refused_with_line_and_rule(source: str, line: int, rule: str, says: str) -> None:
    started = time.process_time()
    found = findings(source, ROBOT_API)
    assert time.process_time() - started < 2.0
    matching = [message for at, name, message in found if (at, name) == (line, rule)]
    assert matching, found
    assert any(says in message for message in matching), matching


ALLOWED = [
    "import numpy as np\nimport math\nfrom scipy.spatial.transform import Rotation as R\nR.from_euler('x', math.pi)",
    "if __name__ == '__main__':\n    wait(1)",
    "def f(a: np.ndarray, *rest, k=1, **kw) -> List[float]:\n    x: Foo = a\n    return x",
    "x = sum(i for i in range(3))\nany(i for i in [x])\n','.join(str(i) for i in [x])",
    "print('{:.2f} {name}'.format(1.0, name='x'))",
    "result = get_object_pose('milk')\nresult.position, result.extent, result.status.name, result.message",
    "list = [1]\nprint(list)",
    "def wait(x):\n    return x\nwait(1)",
    "[[y for y in x] for x in [[1]]]",
    "from __future__ import annotations\nfrom typing import List\ndef f(x: List[int]) -> List: pass",
    "from math import sqrt, pi\nfrom numpy.random import default_rng\nimport numpy.linalg as la\nla.norm(sqrt(pi))",
    "match 1:\n    case -1 | None | 'a':\n        pass\n    case [x, *_] if x:\n        pass\n    case y:\n        y",
    "lambda x, *a, k=2: x + k",
    "import os, cv2, json\nimport open3d as o3d\nfrom collections import defaultdict\nimport viser.transforms as vtf",
    "import time\ntime.sleep(1)\nfrom time import sleep\nsleep(1)",
    "import numpy.linalg\nimport scipy.spatial.transform\nnumpy.linalg.norm(1)\nscipy.spatial.transform.Rotation",
    "from robot_api import goto_pose, wait\nwait(1)",
    "g = (i for i in [1])\nnext(g, None)",
    "type(1).__name__, type(1) == int, hasattr([], '__len__'), getattr(1, 'real', None)",
]


@pytest.mark.parametrize("source", ALLOWED)
def test_allowed(source: str) -> None:
    assert findings(source, ROBOT_API) == ()


def test_all_findings_are_reported_in_line_order() -> None:
    found = findings("import os\nopen(os)\n\n().__class__\n", ROBOT_API)
    assert [(line, rule) for line, rule, _ in found] == [(2, "import"), (2, "name"), (4, "dunder")]


def test_a_misspelt_primitive_gets_a_hint() -> None:
    ((_, _, message),) = findings("goto_posse([0, 0, 0], [0, 1, 0, 0])", ROBOT_API)
    assert "Did you mean 'goto_pose' or" in message
    ((_, _, message),) = findings("mask_to_points()", ROBOT_API)  # a helper function
    assert "'mask_to_world_points'" in message
    ((_, _, message),) = findings("fly()", ROBOT_API)
    assert "close_gripper" in message and "plan_grasp" in message and "isinstance" not in message


def test_a_finding_is_told_once_with_all_its_lines() -> None:
    text = "goto_posse(1)\nopen('a')\nx = open('b')\n\ngoto_posse(2)\nopen('c')\n"
    found = findings(text, ROBOT_API)
    assert [(line, rule) for line, rule, _ in found] == [(1, "name"), (2, "name")]
    assert found[0][2].endswith(" (also in line 5)") and found[1][2].endswith(" (also in lines 3, 6)")


@pytest.mark.parametrize(
    ("text", "robot", "names", "others"),
    [
        ("wait(1)\ngoto_pose_arm0(p, q)\nopen_gripper_arm1()\n", "two arms", ["goto_pose_arm0 (line 2)"], ["'p'"]),
        ("p, q = 0, 1\ngoto_pose_both(p, q, p, q)\n", "two arms", ["goto_pose_both (line 2)"], []),
        ("def go():\n    navigate_to_pose([1, 2, 3])\n", "mobile base", ["navigate_to_pose (line 2)"], []),
        ("find_object_base_rotate('radio')\nlift_arm(0)\nfoo()\n", "mobile base", ["lift_arm (line 2)"], ["'foo'"]),
        ("r = RobotArm('10.0.0.2')\nr.status\n", "another robot's own software", ["RobotArm (line 1)"], []),
    ],
)
def test_programs_for_other_robots_are_told_in_one_finding(text, robot, names, others) -> None:
    found = findings(text, ROBOT_API)
    (told,) = [(line, message) for line, rule, message in found if rule == "robot"]
    assert robot in told[1] and all(name in told[1] for name in names) and f"(line {told[0]})" in told[1]
    rest = [message for _, rule, message in found if rule != "robot"]
    assert all(any(name in message for message in rest) for name in others)
    assert not any(name.split()[0] in message for name in names for message in rest)


def test_a_program_that_defines_such_a_name_is_none_for_another_robot() -> None:
    assert findings("def goto_pose_both(p):\n    return p\ngoto_pose_both(1)\n", ROBOT_API) == ()
