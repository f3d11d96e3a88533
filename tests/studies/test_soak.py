"""Memory over many rollouts: what is kept of each is small, and the study sees what is not."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from experiments.studies.soak import slope, soak


@pytest.fixture
def mb_per_1000(toy):
    """Soaks of 500 toy rollouts in worlds that are in the caches already; MB that stay with Python and numpy."""

    def traced() -> float:
        gc.collect()
        return tracemalloc.get_traced_memory()[0] / 2**20

    def measure(run) -> float:
        figures = soak(1e9, rollouts=500, run=run, memory=traced)
        assert figures["rollouts"] == figures["score"]["trials"] == 500 and figures["fault_groups"] >= 2
        return figures["mb_per_1000_rollouts"]

    measure(lambda jobs, stage: toy.ToyRuns()(jobs, stage))
    tracemalloc.start()
    yield measure
    tracemalloc.stop()


def test_what_is_kept_of_a_rollout_is_small_and_traces_that_are_kept_are_seen(toy, mb_per_1000):
    kept = []

    def hoard(jobs, stage):
        kept.append(toy.ToyRuns()(jobs, stage))
        return kept[-1]

    usual, hoarding = mb_per_1000(lambda jobs, stage: toy.ToyRuns()(jobs, stage)), mb_per_1000(hoard)
    assert 0.0 < usual < 2.0 and hoarding > usual + 1.0, (usual, hoarding)  # of failed ones, the numbers of each event


def test_a_soak_ends_with_its_time_and_its_slope_is_that_of_full_caches(toy):
    assert soak(0.0, run=lambda jobs, stage: toy.ToyRuns()(jobs, stage))["rollouts"] == 256
    assert slope([(0, 500.0), (3000, 800.0), (6000, 900.0), (8000, 902.0), (10_000, 904.0)]) == pytest.approx(1.0)
