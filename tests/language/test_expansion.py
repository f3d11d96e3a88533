"""No program within the limit of its source is slow to check or to compile, or takes much memory."""

from __future__ import annotations

import resource
import time

import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.errors import ProgramRefused
from aspire_mjx.language.limits import MAX_SOURCE
from aspire_mjx.language.policy import MAX_FINDINGS, findings
from aspire_mjx.language.program import Program
from aspire_mjx.primitives.robot_api import ROBOT_API


def _cleanups(depth: int) -> str:
    """A finally block in a finally block in ..."""
    blocks = (f"{' ' * i}try:\n{' ' * i} pass\n{' ' * i}finally:\n" for i in range(depth))
    return "".join(blocks) + " " * depth + "wait(1)\n"


def _guarded(depth: int) -> str:
    """A return that many finally blocks guard."""
    opened = "".join(f"{' ' * i}try:\n" for i in range(1, depth + 1))
    closed = "".join(f"{' ' * i}finally:\n{' ' * i} wait({i})\n" for i in range(depth, 0, -1))
    return f"def f():\n{opened}{' ' * (depth + 1)}return 1\n{closed}"


#: what would be slow, with the refusal (None for a program that may run, or has findings of its own)
LARGE = {
    "finally in finally": (_cleanups(19), "finally blocks"),
    "finally in finally, few": (_cleanups(9), None),
    "returns from finally": (
        "def f():\n try:\n" + "  return 1\n" * 3000 + " finally:\n" + "  wait(1)\n" * 2000,
        "finally",
    ),
    "guarded": (_guarded(19), None),
    "names of a pattern": ("match 1:\n case [" + ",".join(f"a{i}" for i in range(6000)) + "]:pass", "at most 32 names"),
    "many patterns": ("match 1:\n" + f" case [{','.join(f'a{i}' for i in range(30))}]:pass\n" * 500, "instructions"),
    "comprehension": ("[1 " + "for x in [1] " * 4000 + "]", "for clauses"),
    "import": ("import " + ".".join("a" * 30_000), "dotted"),
    "import on many lines": ("import a\\\n" + ".\\\na" * 15_000, "dotted"),
    "attributes": ("import math\nmath" + ".\npi" * 10_000, "dotted"),
    "unknown names": ("\n".join(f"ab{i}" for i in range(8000)), "more findings"),
    "unknown attributes": ("import numpy as np\n" + "\n".join(f"np.ab{i}" for i in range(6000)), "more findings"),
    "a long name": ("a" * 60_000, "unknown name"),
    "long names": ("\n".join("goto_pose" * 100 + str(i) for i in range(70)), "more findings"),
    "modules": ("import " + ",".join(f"ab{i}" for i in range(8000)), None),
    "uses of modules": ("import os\n" + "\n".join(f"os.ab{i}" for i in range(6000)), "more findings"),
    "deep uses of modules": (
        "import os\n" + ("os" + ".ab" * 75 + "\n") * 280,
        "also in lines 3, 4",
    ),
    "generators": ("x = [" + "(i for i in [1])," * 3000 + "]", "instructions"),
    "functions": ("\n".join("def f(): pass" for _ in range(4600)), None),
    "lambdas": ("x = [" + "lambda: 0," * 6000 + "]", None),
    "calls": ("wait(1)\n" * 8000, "instructions"),
    "texts": ("f'" + "{1:5}" * 10_000 + "'", "instructions"),
    "loops": ("while 1: pass\n" * 4500, None),
    "variables": ("while 1:\n" + "\n".join(f" v{i} = v{i}" for i in range(4000)), None),
    "handlers": ("try: pass\n" + "except ValueError as e: pass\n" * 1700, None),
    "tunables": ("\n".join(f"tunable('a{i}', 1, low=0, high=2)" for i in range(1700)), None),
    "keywords": ("wait(" + ",".join(f"a{i}=1" for i in range(7000)) + ")", "has no parameter 'a0'"),
}


@pytest.mark.parametrize("kind", LARGE)
def test_large_programs_are_compiled_or_refused_quickly(kind: str) -> None:
    text, says = LARGE[kind]
    assert len(text) <= MAX_SOURCE
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        schedule = compile_program(Program(text))
        assert schedule.flow and schedule.liveness
        refused = None
    except ProgramRefused as error:
        refused = str(error)
    assert time.process_time() - started < 4.0  # about 1 s alone; what grew with the square took minutes
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    assert (refused is None) == (says is None) and (says or "") in (refused or "")


def test_long_lists_of_findings_are_cut() -> None:
    found = findings("x = 1\n" + "\n".join(f"open{i}()" for i in range(60)), ROBOT_API)
    assert len(found) == MAX_FINDINGS + 1
    assert [line for line, _, _ in found] == list(range(2, MAX_FINDINGS + 3))
    assert found[-1][1] == "limit" and "10 more findings" in found[-1][2]


def test_clean_ups_that_people_write_are_fine() -> None:
    text = "for i in range(3):\n    try:\n        try:\n            if i:\n                break\n            wait(1)\n"
    text += "            continue\n        finally:\n            open_gripper()\n    finally:\n"
    text += "        goto_home_joint_position()\n"
    assert (
        findings(f"def f():\n    {text.strip().replace(chr(10), chr(10) + '    ')}\n    return 1\nf()", ROBOT_API) == ()
    )
