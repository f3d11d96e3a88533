"""Which job comes next."""

from __future__ import annotations

import numpy as np

from aspire_mjx.language.program import Program
from aspire_mjx.rollout.job import Job, JobQueue
from aspire_mjx.worlds.suites import load_suite


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
