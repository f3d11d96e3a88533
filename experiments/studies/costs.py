"""Study of the machine's cost model: what kinds of work take for what they count.

A program does the same thing many times over, on 4 elements and on many; a loop that does nothing is taken off. One
lane, thread time, the least of some. Everything is measured twice: of values that are the same in all lanes, and of
values that may differ between them, which take longer and count the same.
"""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import numpy as np

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.language.program import Program
from aspire_mjx.machine.machine import Machine
from aspire_mjx.primitives.results import Results

TIMES = {4: 300, 400: 20}  #: elements to repetitions
_REPEATS = 2
_ENDLESS = ProgramLimits(instructions=10**12)
_GIVEN = """
import numpy as np
import math
import json
import copy
from scipy.spatial.transform import Rotation
w = {w}
x = np.sin(np.arange({n} * 1.0)) + w
y = np.cos(np.arange({n} * 1.0)) + w
m, k = x > 0, np.arange({n})
points = np.stack([x, y, x], axis=-1)
items = x.tolist()
pairs = [[each, each] for each in items]
texts = [str(each) for each in items[:900]]
whole, few = [int(each) for each in items], items[:900]
members, table = set(k.tolist()), dict(zip(k.tolist(), items))
text = "ab" * ({n} // 2)
turns = Rotation.from_quat(np.stack([x, y, x, y], axis=-1))
steps_left()
for _ in range({times}):
    {work}
steps_left()
"""
#: what ``w`` is: the same in all lanes, or possibly another one in each
NUMBERS = {"uniform": "0.25", "varying": "tunable('w', 0.25, low=0.0, high=1.0)"}
#: kinds of work, each with an example or more
WORK = {
    "instructions": ("1 + 2", "x[0] + 1.0", "[1, 2]", "table.get(3)", "math.sqrt(2.0)", "[v for v in items[:4]]"),
    "numbers": (
        *("w + 1.0", "-w", "w % 0.1", "w // 0.1", "w ** 0.5", "w > 0.1", "not w", "abs(w)", "int(w)", "round(w, 2)"),
        *("math.sin(w)", "min(w, 0.3)", "w if w > 0.1 else -w", "items[int(w)]", "bool(w)", "w == 0.25", "float(w)"),
    ),
    "arrays, read or written once": (
        *("x + y", "x > 0", "-x", "x.sum()", "x.astype(int)", "np.where(m, x, y)", "np.ones(len(x))", "x += y"),
        *("x[1:]", "x[0] = w", "points[:, 1]", "x.copy()", "points.T", "len(x)", "x.reshape(-1, 2)"),
    ),
    "arrays, joined": ("np.concatenate([points, points])", "np.stack([x, y], axis=-1)", "points.copy()"),
    "arrays, picked from": ("x[m]", "points[m]", "points[k]", "np.argwhere(m)", "x[int(w)]"),
    "arrays, computed": (
        *("np.sin(x)", "x ** 2.5", "x % y", "x // y", "np.arctan2(x, y)", "np.linalg.norm(points, axis=1)"),
    ),
    "arrays, ordered": ("np.sort(x)", "np.argsort(x)", "np.unique(x)", "np.median(points, axis=0)"),
    "statistics": ("np.percentile(x, 90)", "np.histogram(x)", "np.std(x)", "np.random.normal(0, 1, len(x))"),
    "matrices": ("points @ np.eye(3)", "points.T @ points", "np.linalg.svd(points[:4])", "np.linalg.inv(np.eye(3))"),
    "rotations": (
        *("turns * turns", "turns.apply(points)", "Rotation.from_matrix(np.eye(3))", "turns.as_euler('xyz')"),
        *("Rotation.from_euler('z', w)", "turns.inv()"),
    ),
    "lists": (
        *("items + items", "sum(items)", "sorted(items)", "2.0 in items", "list(zip(items, items))", "items == items"),
        *("max(items)", "any(items)", "items[::-1]", "list(items)", "[*items]", "items * 2", "items.count(2.0)"),
        *("pairs + pairs", "sorted(pairs)", "max(pairs)", "pairs == pairs", "2.0 in pairs", "copy.deepcopy(pairs)"),
        *("copy.deepcopy(items)", "list(enumerate(items))", "[a for a, b in pairs]", "items.index(items[-1])"),
    ),
    "lists, by a function of the program": (
        *("max(items, key=lambda v: -v)", "sorted(items, key=lambda v: -v)", "list(map(abs, items))"),
        *("[str(v) for v in few]", "[v * 2 for v in items]", "sum(v for v in items)", "list(filter(None, items))"),
    ),
    "sets and dicts": (
        *("set(items)", "set(whole)", "{v: 1 for v in items}", "dict(zip(items, items))", "{w}", "{w: 1}", "table[3]"),
        *("members | {1}", "members & set(whole)", "dict.fromkeys(whole)", "table.update(table)", "dict(table)"),
        *(
            "{**table}",
            "list(table.items())",
            "table == table",
            "list(table.values())",
            "{(w, 1)}",
            "whole[1] in members",
        ),
    ),
    "lists, changed": (
        *("items.pop(0); items.append(1.0)", "items.append(1.0); items.pop()", "members.add(1.0)", "few[0] = w"),
        *("items.insert(0, w); items.pop()", "items.reverse()", "items.sort()", "items[:3] = [w, w, w]"),
    ),
    "between lists and arrays": (
        "np.array(items)",
        "x.tolist()",
        "np.array(pairs)",
        "points.tolist()",
        "list(x)",
        "[*x]",
    ),
    "text": (
        *("text + text", "text.split('a')", "f'{x[0]:.2f}'", "str(x[:3])", "print(1.5)", "f'{w:.3f}'", "str(w)"),
        *("str(few)", "repr(few)", "f'{few}'", "json.dumps(few)", "' '.join(texts)", "'%.2f' % w", "'{}'.format(w)"),
        *("print(few[:9])", "json.loads(json.dumps(few))", "texts[0] + texts[1]", "texts[0].split('.')", "str(x)"),
        *("float(texts[0])", "texts[0] == texts[1]", "texts[0][1:]", "sorted(texts)", "set(texts)", "len(texts[0])"),
    ),
}


def costs() -> dict[str, Any]:
    """For each example, at each size, microseconds and instructions counted; and the most for one instruction."""
    found, most = {}, 0.0
    for kind, examples in WORK.items():
        for work in examples:
            rows = {name: [of(work, n, w) for n in TIMES] for name, w in NUMBERS.items()}
            found[f"{kind}: {work}"] = {
                name: [[round(us, 2), round(counted, 1)] for us, counted in each] for name, each in rows.items()
            }
            most = max(most, *(us / counted for each in rows.values() for us, counted in each))
    return {"elements": list(TIMES), "us_and_instructions": found, "most_us_for_one": round(most, 2)}


def of(work: str, n: int, w: str) -> tuple[float, float]:
    """Microseconds and instructions of one repetition, on n elements, of numbers that ``w`` is among."""
    (seconds, counted), (idle, least) = _run(work, n, w), _run("pass", n, w)
    times = TIMES[n]
    return max(seconds - idle, 0.0) / times * 1e6, (counted - least) / times + 1  # ``pass`` counts one


@cache
def _run(work: str, n: int, w: str) -> tuple[float, int]:
    """Seconds and instructions of a program's repetitions, from where it has what it works on."""
    text = _GIVEN.format(n=n, times=TIMES[n], work=work, w=w)
    schedule, best, counted = compile_program(Program(text)), float("inf"), 0
    for _ in range(_REPEATS):
        machine = Machine(limits=_ENDLESS)
        machine.start([0], schedule)
        (request,) = machine.run()
        before = _counted(machine)
        machine.resume([0], Results(request.primitive, np.zeros(1, np.int16), {"steps": np.ones(1)}, ("",)))
        begun = time.thread_time()
        machine.run()
        best = min(best, time.thread_time() - begun)
        counted = _counted(machine) - before
    return best, counted


def _counted(machine: Machine) -> int:
    """Instructions of the one lane, which waits."""
    (strand,) = machine._waiting
    return strand.count + int(strand.spent[0])
