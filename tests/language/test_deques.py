"""Queues of programs: what Python's own deque does, with lists."""

from __future__ import annotations

import contextlib
import io

import pytest

from aspire_mjx.language.policy import findings
from aspire_mjx.primitives.robot_api import ROBOT_API
from tests.support.table_robot import assert_agrees

FLOOD = """
IMPORT
mask = [[1, 1, 0, 1], [0, 1, 0, 1], [1, 0, 0, 1]]
seen, sizes = set(), []
for y in range(3):
    for x in range(4):
        if not mask[y][x] or (y, x) in seen:
            continue
        queue = NAME([(y, x)])
        seen.add((y, x))
        size = 0
        while queue:
            cy, cx = queue.popleft()
            size += 1
            for ny, nx in ((cy + 1, cx), (cy - 1, cx), (cy, cx + 1), (cy, cx - 1)):
                if 0 <= ny < 3 and 0 <= nx < 4 and mask[ny][nx] and (ny, nx) not in seen:
                    seen.add((ny, nx))
                    queue.append((ny, nx))
        sizes.append(size)
ends = NAME()
ends.append(len(sizes))
ends.appendleft("first")
ends.extend(range(2))
print(sizes, ends[-1], ends.pop(), ends.popleft(), len(ends), len(NAME("abc")), sum(NAME(v for v in (1, 2))))
try:
    NAME().popleft()
except IndexError:
    print("nothing left")
"""


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("from collections import deque", "deque"),
        ("from collections import deque as dq", "dq"),
        ("import collections", "collections.deque"),
        ("import collections as c", "c.deque"),
    ],
)
def test_a_queue_is_what_it_is_in_python(line: str, name: str) -> None:
    text = FLOOD.replace("IMPORT", line).replace("NAME", name)
    own = io.StringIO()
    with contextlib.redirect_stdout(own):
        exec(text, {})
    assert assert_agrees(text, [1]).ends[0].prints == own.getvalue() and "nothing left" in own.getvalue()


@pytest.mark.parametrize("use", ["deque([1], maxlen=2)", "deque([1], 2)", "isinstance([], deque)", "deque(*[[1]])"])
def test_what_a_list_cannot_do_is_refused(use: str) -> None:
    found = findings(f"from collections import deque\nq = {use}\n", ROBOT_API)
    assert [(line, rule) for line, rule, _ in found] == [(2, "import")] and "without maxlen" in found[0][2]


def test_names_of_the_program_stay_its_own() -> None:
    text = "def deque(x):\n    return ('own', x)\n\nprint(deque(3))\n"
    assert assert_agrees(text, [1]).ends[0].prints == "('own', 3)\n"
