"""What a program can read before it looks and moves tells it nothing of its world's seed."""

from __future__ import annotations

import os
import subprocess
import sys

from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Job, run_jobs
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite

READS = """
import math
import numpy as np

rng = np.random.default_rng()
print(np.random.uniform(size=3), np.random.randint(1000), np.random.permutation(5), np.random.normal())
print(rng.integers(2**31), np.random.RandomState().uniform(), np.random.choice(["a", "b", "c"], 4))
print(np.random, rng, np, math, get_object_pose, print, task_language)
print(task_language(), steps_left(), get_gripper_width(), is_holding())
print(get_joint_positions(), get_eef_pose(), solve_ik(np.array([0.5, 0.1, 0.3]), np.array([0.0, 1.0, 0.0, 0.0])))
print({"b", "a", "milk", "basket"}, {3: 1, 1: 2}, sorted({"x", "y"}), repr(0.1), [object for object in (1,)])
print(np.empty(3), np.zeros(2), np.empty((2, 2), int), type(rng), str(rng))
for wrong in ("[][0]", "1 / 0"):
    try:
        value = [][0] if wrong == "[][0]" else 1 / 0
    except (IndexError, ZeroDivisionError) as error:
        print(type(error), error)
try:
    goto_pose("here", 1)
except Exception as error:
    print(error)
try:
    np.zeros(3) + np.zeros(4)
except ValueError as error:
    print(error)
print(wait(0.05), close_gripper(), open_gripper())
print(get_joint_positions(), get_eef_pose(), get_gripper_width(), steps_left())
"""


def test_all_that_can_be_read_without_looking_is_the_same_in_every_world() -> None:
    seeds = (51, 52, 60, 66, 79, 1000, 4321)
    jobs = [Job(Program(READS, "reads.py"), load_suite("libero_object")[3], seed) for seed in seeds]
    batch = run_jobs(jobs)
    prints, errors = batch.rollout_text("prints").tolist(), batch.rollout_text("error").tolist()
    assert errors == [""] * len(seeds)
    assert len(prints[0].splitlines()) > 12 and len(set(prints)) == 1


def test_nor_do_the_last_digits_of_the_joints_where_things_take_longer_to_come_to_rest() -> None:
    text = "print([[f'{number:.20e}' for number in numbers] for numbers in (get_joint_positions(), *get_eef_pose())])"
    perturbation = Perturbation(position=0.05, mass=2.0, noise=3.0, latency=0.2, gain=0.8)
    task = load_suite("libero_object_swap")[3]
    jobs = [Job(Program(text, "reads.py"), task, seed, perturbation=perturbation) for seed in (51, 52, 79, 80)]
    batch = run_jobs(jobs)
    assert set(batch.rollout_text("error").tolist()) == {""}
    assert len(set(batch.rollout_text("prints").tolist())) == 1


def test_the_random_numbers_of_two_programs_are_those_of_seed_zero() -> None:
    texts = (
        "import numpy as np\nprint(np.random.uniform())\n",
        "import numpy as np\nx = 1\nprint(np.random.uniform())\n",
    )
    jobs = [Job(Program(text, "draw.py"), load_suite("libero_object")[3], 51 + i) for i, text in enumerate(texts)]
    assert set(run_jobs(jobs).rollout_text("prints").tolist()) == {"0.5488135039273248\n"}


SETS = """
names = {"milk", "basket", "ketchup", ("a", 1), None}
print(names, [names, 1], {"k": names}, f"{names} {names!r}", str(names), repr(names), set())
print("%s" % names, "%s %s" % ([names], 1), "{} {}".format(names, [names]), list(names), [*names], sorted({"b", "a"}))
try:
    raise ValueError(names)
except ValueError as error:
    print(error, repr(error))
raise ValueError({"x", "y", "z", "u", "v"})
"""
_RUN = """
import sys
from tests.support.table_robot import run_compiled
print(run_compiled(sys.stdin.read(), [0]).ends[0])
"""


def test_sets_are_written_and_read_in_the_same_order_in_every_process() -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", _RUN],
            input=SETS,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    ]
    assert "ValueError: {'u', 'v', 'x', 'y', 'z'}" in said[0]
    assert said[0] == said[1] == said[2]
