"""Poses from pixels in worlds of the four suites, at a small size of the benchmark."""

from __future__ import annotations

import pytest

from aspire_mjx.sensing.camera import ImageSize
from experiments.studies.idioms import idioms
from experiments.studies.sensing import accuracy, cost


@pytest.mark.parametrize(("dose", "median", "p95"), [(0.0, 3.5, 14.0), (1.0, 8.0, 20.0)])
def test_centres_of_unoccluded_things(dose: float, median: float, p95: float) -> None:
    """One world of each of the 40 tasks; the whole measurement is the benchmark's case ``sensing``."""
    figures = accuracy(40, dose)
    assert figures["things"] > 100
    assert figures["median_mm"] < median and figures["p95_mm"] < p95


def test_a_look_has_its_cost() -> None:
    figures = cost(ImageSize(80, 60), lanes=4)
    assert figures["observation and masks"]["cpu_ms"] > figures["depth"]["cpu_ms"] > 0 and figures["lanes"] == 4


def test_places_under_masks_are_near_the_things() -> None:
    figures = idioms(8, "160x120")["dose"]["1"]
    assert figures["things"] > 10 and figures["longest side within 25 %"] > 0.9
    assert figures["box"]["mm"][0] < 15 and figures["filter_noise, box"]["mm"][0] < 15 and figures["mean"]["mm"][0] < 30
