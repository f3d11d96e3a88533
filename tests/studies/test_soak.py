"""Memory over many rollouts: what is kept of each is small, and the study sees what is not."""

from __future__ import annotations

import gc
import time
import tracemalloc

import pytest

from experiments.studies.soak import slope, soak


@pytest.fixture
def traced_mb():
    """MB that Python and numpy hold."""

    def measure() -> float:
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / 2**20

    tracemalloc.start()
    yield measure
    tracemalloc.stop()


def test_what_is_kept_of_a_rollout_is_small(toy, traced_mb):
    """Toy rollouts: some 4 MB of traces per 1,000, of which less than 1 MB stays."""
    figures = soak(1e9, rollouts=800, run=lambda jobs, stage: toy.ToyRuns()(jobs, stage), memory=traced_mb)
    assert figures["rollouts"] == figures["score"]["trials"] == 800 and figures["fault_groups"] >= 2
    assert 0.0 < figures["mb_per_1000_rollouts"] < 1.0, figures["mb_after_rollouts"]


def test_traces_that_are_kept_are_seen(toy, traced_mb):
    kept = []

    def hoard(jobs, stage):
        kept.append(toy.ToyRuns()(jobs, stage))
        return kept[-1]

    assert soak(1e9, rollouts=500, run=hoard, memory=traced_mb)["mb_per_1000_rollouts"] > 1.5


def test_a_soak_ends_with_its_time_and_its_slope_is_that_of_full_caches(toy):
    def slow(jobs, stage):
        time.sleep(0.1)
        return toy.ToyRuns()(jobs, stage)

    assert soak(0.05, run=slow)["rollouts"] == 256
    assert slope([(0, 500.0), (3000, 800.0), (6000, 900.0), (8000, 902.0), (10_000, 904.0)]) == pytest.approx(1.0)
