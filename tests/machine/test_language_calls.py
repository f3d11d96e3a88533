"""Primitives inside of iterators, patterns and finally blocks: every lane calls what plain Python calls."""

from __future__ import annotations

import pytest

from tests.support.table_robot import assert_agrees

VARYING = """
import numpy as np
w = get_gripper_width()
n = int(w * 20)
name = ["milk", "soup", "butter"][n % 3]
pos = np.array([w, 0.1, 0.2 * w])
"""
PROGRAMS = {
    "lazy calls": r"""
names = ["milk", "soup", "butter", name]


def seen(x):
    r = get_object_pose(x)
    print("look", x, r.status)
    return bool(r)


print(next(filter(seen, names), None))
print(any(map(seen, names)), all(map(seen, names)))
for k, ok in zip(names, map(seen, names)):
    if not ok:
        break
print(list(map(seen, names[:2])), sorted(names[:2], key=seen), max(map(seen, names)))
it = map(seen, names)
first = next(it)
print(first, *it)
a, b = map(seen, names[:2])
print(a, b, [x for x in filter(seen, names)], sum(map(seen, names[:n])), dict(zip(names, map(seen, names[:2]))))
""",
    "results in pipes": r"""
names = ["milk", "soup", "butter"]
for i, r in enumerate(map(get_object_pose, names)):
    print(i, r.status)
    if r:
        break
poses = [r.position for r in map(get_object_pose, names) if r]
print(len(poses), list(map(lambda p: p.tolist(), poses)))
best = max(zip(names, map(lambda x: 1.0 if get_object_pose(x) else w, names)), key=lambda t: t[1])
print(best)


def go():
    try:
        return goto_pose(pos, [0, 1, 0, 0])
    finally:
        if not open_gripper():
            return "stuck"


print(go(), list(map(lambda _: bool(go()), range(2))))
""",
    "exceptions in pipes": r"""
def step(x):
    if x > w * 10:
        raise ValueError(f"too big {x}")
    r = wait(0.1)
    return x * 2


try:
    print(list(map(step, range(5))))
except ValueError as e:
    print(e)
it = map(step, [0, 9, 1, 2])
out = []
while True:
    try:
        out.append(next(it))
    except ValueError as e:
        out.append("bad")
    except StopIteration:
        break
print(out)
""",
    "random motions": r"""
rng = np.random.default_rng()
targets = [pos + rng.normal(0, 0.01, 3) for _ in range(3)]
rng.shuffle(targets)
for t in targets:
    r = goto_pose(t, [0, 1, 0, 0])
    match r.status:
        case "OK":
            print("ok", t)
        case "BLOCKED" | "TIMEOUT" as s if rng.random() < 0.5:
            print("retry", s)
            continue
        case s:
            print("other", s)
            break
else:
    print("all")
print(rng.random(), np.random.rand())
picked = rng.choice(["milk", "soup", "butter"])
r = get_object_pose(picked)
print(picked, r.status, rng.integers(3) if r else rng.normal())
print(rng.random())
""",
    "ways out of loops over motions": r"""
def attempt(k):
    for i in range(k):
        try:
            r = goto_pose([w, i, 0.1], [0, 1, 0, 0])
            if r:
                return i
            if r.status == "BLOCKED":
                break
        finally:
            if i == 1:
                continue
            print("tried", i)
    return -1


print(attempt(n), attempt(3))
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize(("failure_rate", "shuffle"), [(0.0, None), (0.5, 5)])
def test_agrees_with_plain_python(program: str, failure_rate: float, shuffle: int | None) -> None:
    assert_agrees(VARYING + program, list(range(16)), failure_rate=failure_rate, shuffle=shuffle)
