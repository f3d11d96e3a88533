"""Designs over ranges of perturbation factors."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.errors import UnknownNameError, WorldError
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.sweep import Sweep


def test_a_latin_hypercube_has_one_point_in_each_slice():
    sweep = Sweep.parse("position:0..0.05, mass:0.5..2, friction:0.7")
    points = sweep.draw(40, design="latin", seed=3)
    assert {p.friction for p in points} == {0.7} and {p.yaw for p in points} == {0.0}
    for name, low, high in (("position", 0.0, 0.05), ("mass", 0.5, 2.0)):
        values = np.array([getattr(p, name) for p in points])
        slices = np.floor((values - low) / (high - low) * 40).astype(int)
        assert sorted(slices) == list(range(40))
    assert points == sweep.draw(40, design="latin", seed=3) != sweep.draw(40, design="latin", seed=4)


def test_a_grid_takes_all_levels_of_all_factors():
    points = Sweep.parse("position:0..0.04,mass:1..3").draw(20, design="grid", seed=0)
    assert len(points) == 20 and len(set(points)) == 16
    assert sorted({p.position for p in points}) == pytest.approx([0.0, 0.04 / 3, 0.08 / 3, 0.04])
    assert sorted({p.mass for p in points}) == pytest.approx([1.0, 5 / 3, 7 / 3, 3.0])


def test_without_ranges_all_are_the_same():
    assert Sweep.parse("mass:2").draw(3, design="grid", seed=0) == (Perturbation(mass=2.0),) * 3


def test_whole_numbers_stay_whole():
    points = Sweep.parse("distractors:0..3").draw(30, design="latin", seed=0)
    assert {p.distractors for p in points} == {0.0, 1.0, 2.0, 3.0}


@pytest.mark.parametrize(
    ("text", "count", "design", "error", "match"),
    [
        ("mass:2..1", 4, "latin", WorldError, "lower end first"),
        ("mass:1..x", 4, "latin", WorldError, "not a number"),
        ("mass:0..2", 4, "latin", WorldError, "outside"),
        ("wind:0..2", 4, "latin", UnknownNameError, "friction"),
        ("mass:1..2,yaw:0..1", 3, "grid", WorldError, "at least 4 rollouts"),
        ("mass:1..2", 4, "random", UnknownNameError, "latin, grid"),
    ],
)
def test_bad_sweeps_are_refused(text, count, design, error, match):
    with pytest.raises(error, match=match):
        Sweep.parse(text).draw(count, design=design, seed=0)
