"""Which job comes next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from aspire_mjx.errors import AspireError, SeedRoleError, UnknownNameError
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.job import Job, JobQueue
from aspire_mjx.rollout.simulator import run_jobs
from aspire_mjx.seeds import Purpose
from aspire_mjx.worlds.suites import find_task, load_suite


def _jobs(programs: str) -> list[Job]:
    task = load_suite("libero_object_swap")[0]
    return [Job(Program(f"wait({ord(name)})\n"), task, 51) for name in programs]


def test_jobs_come_in_order_until_a_length_is_known_and_then_the_longest_first():
    queue = JobQueue(_jobs("abcabcabcabc"))
    assert queue.take(5).tolist() == [0, 1, 2, 3, 4]
    queue.finished(np.array([0, 1]), np.array([100, 300]))
    assert queue.take(2).tolist() == [5, 8]  # nothing of c has ended
    queue.finished(np.array([2]), np.array([200]))
    assert queue.take(3).tolist() == [7, 10, 11]
    queue.finished(np.array([3, 4]), np.array([900, 300]))
    assert queue.take(9).tolist() == [6, 9] and len(queue) == 0
    assert queue.take(3).tolist() == []


def test_every_job_comes_once_whatever_ends_when():
    random, queue, seen = np.random.default_rng(0), JobQueue(_jobs("abbacabcaabbcc" * 5)), []
    while len(queue):
        new = queue.take(int(random.integers(1, 7)))
        seen += new.tolist()
        queue.finished(new, random.integers(1, 500, len(new)))
    assert sorted(seen) == list(range(70))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"program": "x.py"}, r"program is 'x.py'; give a Program, e.g. Program.read"),
        ({"task": "libero_goal/3"}, "give a Task, e.g. find_task"),
        ({"perturbation": "noise:1"}, "Perturbation.parse"),
        ({"perturbation": None}, "Perturbation"),
        ({"seed": -1}, "from 0 to 999999999"),
        ({"seed": 10**9}, "from 0 to 999999999"),
        ({"seed": 1.5}, "whole number"),
        ({"seed": True}, "whole number"),
        ({"seed": "51"}, "whole number"),
        ({"tunables": {"lift": 0.2}}, r"give a tuple\[tuple\[str, float\], \.\.\.\]"),
        ({"tunables": (("lift", float("nan")),)}, "'lift' is nan; give a finite number"),
        ({"tunables": ((1, 2.0),)}, r"tunables\[0\]\[0\] is 1; give text"),
        ({"tunables": (("lift",),)}, r"give a tuple\[str, float\]"),
    ],
)
def test_a_job_says_what_it_takes(wrong, said):
    right: dict[str, Any] = {
        "program": Program("wait(0.1)\n"),
        "task": find_task("libero_goal", 3),
        "seed": np.int64(51),
    }
    assert type(Job(**right).seed) is int and Job(**right) == Job(**(right | dict[str, Any](seed=51)))
    with pytest.raises(AspireError, match=said):
        Job(**right | wrong)


def test_run_jobs_checks_jobs_and_the_role_of_their_seeds():
    jobs = [Job(Program("wait(0.1)\n"), find_task("libero_goal", 3), seed) for seed in (51, 81)]
    for purpose in (Purpose.EDIT, "select", "admit"):
        with pytest.raises(SeedRoleError, match="seed 81 is a held-out seed"):
            run_jobs(jobs, purpose=purpose)
    with pytest.raises(UnknownNameError, match="explore"):
        run_jobs(jobs, purpose="peek")
    with pytest.raises(AspireError, match="give a Job"):
        run_jobs(["x.py"])  # pyright: ignore[reportArgumentType]
    assert len(run_jobs([], purpose=Purpose.ADMIT)) == 0
