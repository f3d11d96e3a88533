"""Study of the machine's cost model: what kinds of work take for what they count.

A program does the same thing many times over, on 4 elements and on 20,000; a loop that does nothing is taken off. One
lane, thread time, the lesser of two.
"""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.language.program import Program
from aspire_mjx.machine.machine import Machine

_TIMES = {4: 300, 20_000: 10}  #: elements to repetitions
_REPEATS = 2
_ENDLESS = ProgramLimits(instructions=10**12)
_GIVEN = """
import numpy as np
import math
from scipy.spatial.transform import Rotation
x = np.sin(np.arange({n} * 1.0))
y = np.cos(np.arange({n} * 1.0))
m, k = x > 0, np.arange({n})
points = np.stack([x, y, x], axis=-1)
items = x.tolist()
members, table = set(items), dict(zip(k[:9].tolist(), items))
text = "ab" * ({n} // 2)
turns = Rotation.from_quat(np.stack([x, y, x, y], axis=-1))
for _ in range({times}):
    {work}
steps_left()
"""
#: kinds of work, each with an example or more
WORK = {
    "instructions": ("1 + 2", "x[0] + 1.0", "[1, 2]", "table.get(3)", "math.sqrt(2.0)", "[v for v in items[:4]]"),
    "arrays, read or written once": (
        "x + y",
        "x > 0",
        "x.sum()",
        "x.astype(int)",
        "np.where(m, x, y)",
        "np.ones(len(x))",
    ),
    "arrays, joined": ("np.concatenate([points, points])", "np.stack([x, y], axis=-1)", "points.copy()"),
    "arrays, picked from": ("x[m]", "points[m]", "points[k]", "np.argwhere(m)"),
    "arrays, computed": ("np.sin(x)", "x ** 2.5", "x % y", "np.arctan2(x, y)", "np.linalg.norm(points, axis=1)"),
    "arrays, ordered": ("np.sort(x)", "np.argsort(x)", "np.unique(x)", "np.median(points, axis=0)"),
    "statistics": ("np.percentile(x, 90)", "np.histogram(x)", "np.std(x)", "np.random.normal(0, 1, len(x))"),
    "matrices": ("points @ np.eye(3)", "points.T @ points", "np.linalg.svd(points[:4])", "np.linalg.inv(np.eye(3))"),
    "rotations": ("turns * turns", "turns.apply(points)", "Rotation.from_matrix(np.eye(3))", "turns.as_euler('xyz')"),
    "lists": ("items + items", "sum(items)", "sorted(items)", "2.0 in items", "list(zip(items, items))", "set(items)"),
    "lists, changed": ("items.pop(0); items.append(1.0)", "items.append(1.0); items.pop()", "members.add(1.0)"),
    "between lists and arrays": ("np.array(items)", "x.tolist()"),
    "text": ("text + text", "text.split('a')", "f'{x[0]:.2f}'", "str(x[:3])", "print(1.5)"),
}


def costs() -> dict[str, Any]:
    """For each example, at each size, microseconds and instructions counted; and the most for one instruction."""
    found, most = {}, 0.0
    for kind, examples in WORK.items():
        for work in examples:
            rows = [_of(work, n) for n in _TIMES]
            found[f"{kind}: {work}"] = [[round(us, 2), round(counted, 1)] for us, counted in rows]
            most = max(most, *(us / counted for us, counted in rows))
    return {"elements": list(_TIMES), "us_and_instructions": found, "most_us_for_one": round(most, 2)}


def _of(work: str, n: int) -> tuple[float, float]:
    """Microseconds and instructions of one repetition."""
    (seconds, counted), (idle, least) = _run(work, n), _run("pass", n)
    times = _TIMES[n]
    return max(seconds - idle, 0.0) / times * 1e6, (counted - least) / times + 1  # ``pass`` counts one


@cache
def _run(work: str, n: int) -> tuple[float, int]:
    """Seconds and instructions of a program; what it needs to begin with is the same for all work."""
    schedule, best = compile_program(Program(_GIVEN.format(n=n, times=_TIMES[n], work=work))), float("inf")
    counted = 0
    for _ in range(_REPEATS):
        machine = Machine(limits=_ENDLESS)
        machine.start([0], schedule)
        begun = time.thread_time()
        machine.run()
        best = min(best, time.thread_time() - begun)
        (strand,) = machine._waiting  # at its last line
        counted = strand.count + int(strand.spent[0])
    return best, counted
