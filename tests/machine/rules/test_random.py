"""Random numbers in lanes: each lane gets the numbers of its seed, compiled or plain, whatever its neighbours do."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.table_robot import assert_agrees, run_compiled

SEEDS = list(range(60, 72))
HEAD = """
import numpy as np
w = get_gripper_width()
n = int(w * 20)
"""
PROGRAMS = {
    "np.random": """
print(np.random.uniform(), np.random.rand(2), np.random.randint(5), np.random.choice(5, 3, replace=False))
np.random.seed(n)
print(np.random.randn(2), np.random.normal(w, 0.01), np.random.permutation(4))
""",
    "generators": """
rng = np.random.default_rng(42)
print(rng.uniform(-1, 1, 3), rng.normal(w, 0.01), rng.integers(10), rng.choice(["a", "b"]), rng.permutation(5), rng)
own = np.random.default_rng(n)
print(own.random(), own.choice([w, 1.0]), np.random.default_rng().random(), np.random.RandomState().rand())
""",
    "draws in branches": """
rng = np.random.default_rng()
for i in range(4):
    if rng.random() < 0.5:
        print("heads", rng.integers(0, 3, size=2))
        wait(0.1)
    else:
        print("tails")
print(rng.random(), np.random.rand())
""",
    "shuffle": """
rng = np.random.default_rng(1)
xs, ys, a = [1, 2, n, w], [[1], [n], [3]], np.arange(6.0)
first = ys[0]
rng.shuffle(xs)
rng.shuffle(ys)
np.random.shuffle(a)
first.append(5)
print(xs, ys, a, rng.random())
""",
    "results of different shapes": """
rng = np.random.default_rng(3)
x = rng.integers(0, 5, size=n)
print(x, rng.random())
np.random.seed(4)
try:
    print(np.random.choice([1.0, 2.0], n, replace=False))
except ValueError as error:
    print(error)
print(np.random.random())
""",
    "held in containers and closures": """
state = {"rng": np.random.default_rng(7)}
draw = state["rng"].random
def noisy(p, rng=state["rng"], sigma=0.01):
    return p + rng.normal(0.0, sigma, size=3)
for k in range(n):
    q = noisy(np.array([w, 0.1, 0.2]))
    if draw() < 0.5:
        break
print(draw(), noisy(np.zeros(3)), state["rng"] is state["rng"], np.random.default_rng(1) is state["rng"])
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize("shuffle", [None, 3])
def test_compiled_agrees_with_plain(program: str, shuffle: int | None) -> None:
    run = assert_agrees(HEAD + program, SEEDS, shuffle=shuffle)
    assert {end.outcome for end in run.ends.values()} == {0}


def test_unseeded_numbers_are_those_of_the_rollout() -> None:
    run = run_compiled("import numpy as np\nprint(np.random.random())", SEEDS)
    expected = [f"{np.random.RandomState(seed).random()}\n" for seed in SEEDS]
    assert [run.ends[lane].prints for lane in range(len(SEEDS))] == expected
