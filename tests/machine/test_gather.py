"""Picking by an index that differs between lanes: the strand stays whole, and a picked array is the one of the list."""

from __future__ import annotations

import pytest

from tests.machine.rules.test_ragged import strand_sizes
from tests.support.table_robot import assert_agrees

SEEDS = list(range(32))
POSES = """
import numpy as np
found = [sample_grasp_pose(name) for name in ("milk", "ketchup", "butter", "tomato sauce")]
cands = [(r.score, r.status, r.position) for r in found]
arrays = [c[2] for c in cands]
w = get_gripper_width()
"""
PROGRAMS = {
    "results": """
best = max(found, key=lambda r: r.score)
print(best.score, best.position, best.status, best is found[0], best is not best, best is None)
for i, r in enumerate(sorted(found, key=lambda r: -r.position[2])):
    print(i, r.score, r is best)
goto_pose(best.position, best.quaternion_wxyz)
""",
    "tuples": """
cands.sort(key=lambda c: c[0], reverse=True)
best = max(cands, key=lambda c: c[2][2])
score, name, position = best
print(score, name, position, [c is best for c in cands], position is arrays[1], min(cands, key=lambda c: c[0])[2])
goto_pose(position + np.array([0, 0, 0.1]), (0, 1, 0, 0))
print([round(c[0], 3) for c in sorted(cands, key=lambda c: (c[1], c[0]))])
""",
    "mutation": """
best = max(arrays, key=lambda p: p[2])
best[2] += 1.0
print([p[2] for p in arrays], cands[0][2])
ordered = sorted(arrays, key=lambda p: p[0])
ordered[0][0] = 7.0
arrays[2][1] = 5.0
print(ordered, [p is ordered[1] for p in arrays], best is arrays[1])
head = ordered[1][:2]
head -= 3
print(arrays, best)
""",
    "source_changes": """
best = min(arrays, key=lambda p: p[0])
again = sorted([best, arrays[3], arrays[1]], key=lambda p: p[2])[0]
view = best[1:]
arrays[0] += 2.0
arrays[1][:] = 0
print(best, view, again)
view[0] = -1.0
print(arrays, best, again)
""",
    "copies": """
best = max(arrays, key=lambda p: p[1]).copy()
best[0] = 9.0
print(arrays[0], best)
""",
    "waves": """
best = max(arrays, key=lambda p: p[2])
if w > 0.15:
    wait(1)
    best[0] = w
else:
    wait(2)
print(best, arrays)
goto_pose(best, (0, 1, 0, 0))
best[1] = 0.5
print(arrays[int(w * 10)])
""",
    "rows": """
pts = np.array([r.position for r in found])
row = pts[np.argmin(pts[:, 0])]
other = pts[-int(w * 10) - 1]
print(row, other, pts[int(w * 10)][1])
row[1] = 4.0
print(pts, other)
grid = np.arange(8.0).reshape(4, 2)
cell = grid[int(w * 10)]
cell += 1
print(grid)
try:
    print(pts[int(w * 40)], cands[int(w * 40)][0])
except IndexError as e:
    print(e)
""",
    "numbers": """
xs = [r.score for r in found]
print(max(xs), min(xs), sorted(xs), sorted(xs, reverse=True), max(xs[0], 0.1), min(0.2, w), max(1, 2), max(0.1, 0.2))
order = np.argsort(xs)
print(xs[order[0]], [arrays[i][0] for i in order], max([0.0, -0.0, w * 0]), sorted([w * 0, -0.0, 0.0]))
names = ["a", "b", "c", "d"]
print(names[int(np.argmax(xs))], [1, 2.5, "x", None][int(w * 10)], [0.5, w][int(w > 0.1)])
""",
    "mixed": """
dets = [r.position for r in found if r.score > 0.1]
print(len(dets))
if dets:
    d = max(dets, key=lambda p: p[0])
    print(d, dets[0], sorted(dets, key=lambda p: p[1])[0])
table = [{"p": r.position, "s": r.score} for r in found]
top = max(table, key=lambda t: t["s"])
top["p"][0] = 3.0
top["s"] = 0
print(table, sorted(table, key=lambda t: t["s"])[0]["p"])
shapes = [np.zeros(2), np.ones(3), np.zeros(4), np.ones(5)]
s = shapes[int(w * 10)]
s += 1
print(shapes, s.sum(), shapes[0] is s)
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_agrees_with_plain_python(name: str) -> None:
    assert_agrees(POSES + PROGRAMS[name], SEEDS, failure_rate=0.0)


@pytest.mark.parametrize("name", PROGRAMS)
def test_order_of_results_changes_nothing(name: str) -> None:
    assert_agrees(POSES + PROGRAMS[name], SEEDS, failure_rate=0.0, shuffle=3)


@pytest.mark.parametrize("name", ["results", "tuples", "mutation", "source_changes", "copies"])
def test_picking_does_not_split_the_strand(name: str) -> None:
    assert strand_sizes(POSES + PROGRAMS[name], SEEDS) == {len(SEEDS)}
