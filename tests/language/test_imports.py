"""Imports: what programs do not have is refused where it is used, and never imported."""

from __future__ import annotations

import sys

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.policy import findings
from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome
from aspire_mjx.primitives.robot_api import ROBOT_API
from tests.support.table_robot import assert_agrees

GUARDED = """
try:
    import torch
    print("torch")
except {error} as e:
    print(type(e).__name__, e)
"""


def test_unused_imports_mean_nothing() -> None:
    text = (
        "import open3d as o3d, torch, cv2\nfrom json import dumps\ndef f():\n    import os\n    return 1\nprint(f())\n"
    )
    run = assert_agrees(text, [1, 2])
    assert run.ends[0].prints == "1\n"
    assert not {"open3d", "torch", "cv2"} & set(sys.modules)


@pytest.mark.parametrize("error", ["ImportError", "ModuleNotFoundError", "Exception", "(ValueError, ImportError)"])
def test_a_program_that_can_do_without_a_module_does(error: str) -> None:
    run = assert_agrees(GUARDED.format(error=error), [1])
    assert run.ends[0].prints == "ModuleNotFoundError No module named 'torch'\n"


def test_an_import_that_nobody_catches_fails_at_nothing() -> None:
    assert assert_agrees(GUARDED.format(error="ValueError"), [1]).ends[0].prints == "torch\n"


def test_sleeping_is_waiting() -> None:
    text = "import time\nfrom time import sleep as nap\n\ndef wait(x):\n    print('own', x)\n\n"
    text += "time.sleep(0.5)\nnap(seconds=0.25)\nwait(1)\n"
    run = assert_agrees(text, [1])
    assert [(name, arguments) for name, arguments, _ in run.robots[0].calls] == [
        ("wait", {"seconds": 0.5}),
        ("wait", {"seconds": 0.25}),
    ]
    assert compile_program(Program(text)).primitives == (("wait", (7, 8)),)


@pytest.mark.parametrize(
    "text",
    [
        "import numpy.linalg\nprint(numpy.linalg.norm([3.0, 4.0]), numpy.pi)",
        "import numpy.linalg as la\nprint(la.norm([3.0, 4.0]))",
        "import scipy.spatial.transform\nprint(scipy.spatial.transform.Rotation.identity().as_quat())",
        "import scipy\nprint(scipy.spatial.transform.Rotation.identity().as_quat())",
        "from scipy.spatial import transform as t\nprint(t.Rotation.identity().magnitude())",
        "import scipy.spatial.transform as st\nprint(st.Rotation.identity().magnitude())",
        "from robot_api import wait, get_gripper_width\nwait(0.1)\nprint(get_gripper_width() > 0)",
        "from typing import List\nimport numpy.typing as npt\ndef f(x: List[npt.NDArray]) -> None: pass\nprint(f(1))",
    ],
)
def test_both_runners_bind_the_same(text: str) -> None:
    assert assert_agrees(text, [1]).ends[0].prints


#: what programs do about modules that may be missing
PREPARED = {
    "np": """
try:
    import numpy as np
except ImportError:
    np = None
print(np.zeros(3), np.linalg.norm([3.0, 4.0]), np is None)
def f():
    return np.array([1.0]).sum()
print(f())
""",
    "cv2": """
import numpy as np
try:
    import cv2
except ImportError:
    cv2 = None
def edges(x):
    if cv2 is not None:
        return cv2.Canny(x, 1, 2)
    return np.abs(x)
print(edges(np.array([1.0, -2.0])), cv2)
""",
    "cv2 flag": """
try:
    import cv2
    HAS_CV2 = True
except Exception:
    HAS_CV2 = False
if HAS_CV2:
    print(cv2.__version__)
else:
    print("no cv2")
""",
    "open3d": """
try:
    import open3d as o3d
except (ImportError, ModuleNotFoundError):
    o3d = None
if o3d is None:
    print("none")
else:
    pcd = o3d.geometry.PointCloud()
""",
    "open3d bool": """
try:
    import open3d as o3d
except ImportError:
    o3d = None
if o3d:
    pcd = o3d.geometry.PointCloud()
    pcd.points = o3d.utility.Vector3dVector([])
print(bool(o3d))
""",
    "scipy rot": """
try:
    from scipy.spatial.transform import Rotation as R
except ImportError:
    R = None
print(R.identity().as_quat() if R is not None else 0)
""",
    "scipy ndimage": """
import numpy as np
try:
    from scipy import ndimage
except ImportError:
    ndimage = None
m = np.zeros((3,3), bool)
if ndimage is not None:
    l, n = ndimage.label(m)
else:
    n = 0
print(n)
""",
    "scipy ndimage submodule": """
try:
    import scipy.ndimage as ndi
except ImportError:
    ndi = None
print(ndi is None)
""",
    "scipy KDTree": """
try:
    from scipy.spatial import cKDTree
except ImportError:
    cKDTree = None
if cKDTree:
    t = cKDTree([[1.0, 2.0]])
print("x")
""",
    "math": """
try:
    import math
except ImportError:
    math = None
print(math.sqrt(4.0), math.pi)
""",
    "in function": """
def g():
    try:
        import cv2
    except ImportError:
        cv2 = None
    try:
        import numpy as np
    except ImportError:
        np = None
    return cv2, np.ones(2)
print(g())
""",
    "else": """
try:
    import cv2
except ImportError:
    print("not there")
    cv2 = None
else:
    print("there")
finally:
    print("done")
print(cv2)
""",
    "several": """
try:
    import numpy as np
    import cv2
    import open3d as o3d
except ImportError as e:
    cv2 = o3d = None
    print(e)
print(np.zeros(1), cv2, o3d)
""",
    "fallback": """
try:
    import cupy as np
except ImportError:
    import numpy as np
print(np.zeros(2), np.pi)
""",
    "nested use": """
try:
    import cv2
except ImportError:
    cv2 = None
def f(m):
    return cv2.countNonZero(m) if cv2 is not None else sum(m)
print(f([1,2]))
class_ = 1
""",
    "np global assign": """
np = None
try:
    import numpy as np
except ImportError:
    pass
print(np.ones(2))
""",
    "cv2 pre": """
cv2 = None
try:
    import cv2
except ImportError:
    pass
if cv2 is not None:
    cv2.imshow("x", 1)
print(cv2)
""",
    "torch": """
try:
    import torch
    device = "cuda" if torch.cuda.is_available() else "cpu"
except ImportError:
    torch = None
    device = "cpu"
print(device)
""",
    "time": """
try:
    import time
except ImportError:
    time = None
time.sleep(0.1)
print("slept")
""",
    "pickle": """
try:
    import pickle
except ImportError:
    pickle = None
print(pickle.dumps({}) if pickle else "no")
""",
    "json": """
try:
    import json
except ImportError:
    json = None
print(json.dumps({"a": [1]}))
""",
    "typing": """
try:
    from typing import List
except ImportError:
    List = list
def f(x: List[int]) -> int: return 1
print(f(1))
""",
    "robot api": """
try:
    from robot_api import wait
except ImportError:
    wait = None
wait(0.1)
print("w")
""",
    "flag open3d": """
import numpy as np
try:
    import open3d as o3d
    HAS_O3D = True
except ImportError:
    HAS_O3D = False
def cloud(points):
    if HAS_O3D and len(points) > 2:
        pcd = o3d.geometry.PointCloud()
        pcd.points = o3d.utility.Vector3dVector(points)
        return np.asarray(pcd.points)
    return points * 2.0
print(cloud(np.ones((3, 3))).sum(), HAS_O3D)
""",
    "early return": """
try:
    import cv2
except ImportError:
    cv2 = None
def edges(x):
    if cv2 is None:
        return "none"
    return cv2.Canny(x, 1, 2)
print(edges(1))
""",
    "not flag": """
HAS = True
try:
    import open3d
except ImportError:
    HAS = False
if not HAS:
    print("no")
else:
    open3d.visualization.draw()
""",
    "scipy filters": """
import numpy as np
try:
    from scipy.ndimage import median_filter
    from scipy.spatial import cKDTree
except ImportError:
    median_filter = cKDTree = None
depth = np.ones((3, 3))
if median_filter is not None:
    depth = median_filter(depth, size=3)
print(depth.sum(), cKDTree)
""",
    "bound in dead part": """
try:
    import torch
except ImportError:
    torch = None
if torch is not None:
    device = torch.device("cuda")
try:
    print(device)
except NameError as e:
    print("unbound")
""",
}


@pytest.mark.parametrize("text", PREPARED.values(), ids=PREPARED)
def test_a_program_that_is_prepared_for_a_missing_module_runs(text: str) -> None:
    run = assert_agrees(text, [1, 2])
    assert all(end.outcome is Outcome.DONE and end.prints for end in run.ends.values())
    assert not {"open3d", "torch", "cv2"} & set(sys.modules)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("try:\n    import cv2\nexcept ImportError:\n    pass\ncv2.Canny(1)\n", "cv2.Canny is not available"),
        ("try:\n    import cv2\nexcept ImportError:\n    cv2 = None\nx = cv2.Canny(1)\n", "cv2.Canny is not available"),
        ("try:\n    import cv2\nexcept ValueError:\n    cv2 = None\nif cv2:\n    cv2.f()\n", "cv2.f is not available"),
        ("try:\n    import cv2\nexcept ImportError:\n    cv2 = 3\nif cv2:\n    cv2.f()\n", "'f' is not available"),
        ("try:\n    import numpy as np\nexcept ImportError:\n    np = None\nnp.zzz(1)\n", "numpy.zzz is not available"),
        (
            "try:\n    import cv2\nexcept ImportError:\n    cv2 = None\nx = cv2 and cv2.__class__\n",
            "private attributes",
        ),
    ],
)
def test_one_that_is_not_is_told(text: str, found: str) -> None:
    assert any(found in message for _, _, message in findings(text, ROBOT_API)), findings(text, ROBOT_API)
