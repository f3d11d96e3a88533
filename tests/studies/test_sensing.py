"""Poses from pixels in worlds of the four suites, at a small size of the benchmark."""

from __future__ import annotations

import pytest

from experiments.studies.sensing import accuracy, cost


@pytest.mark.parametrize(("dose", "median", "p95"), [(0.0, 3.5, 14.0), (1.0, 8.0, 20.0)])
def test_centres_of_unoccluded_things(dose: float, median: float, p95: float) -> None:
    """One world of each of the 40 tasks; the whole measurement is the benchmark's case ``sensing``."""
    figures = accuracy(40, dose)
    assert figures["things"] > 100
    assert figures["median_mm"] < median and figures["p95_mm"] < p95


def test_a_look_has_its_cost() -> None:
    figures = cost(lanes=4)
    assert figures["pose"]["cpu_ms"] > 0 and figures["lanes"] == 4
