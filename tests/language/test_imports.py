"""Imports: what programs do not have is refused where it is used, and never imported."""

from __future__ import annotations

import sys

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.program import Program
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
