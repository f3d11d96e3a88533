"""--perturb and --sweep: which seed gets which perturbation, and what is refused."""

from __future__ import annotations

import pytest

from aspire_mjx.command import Options
from aspire_mjx.errors import AspireError
from aspire_mjx.experiments.perturbation_flags import perturbation_config, perturbations
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.sweep import Sweep


def options(perturb: str = "", sweep: str = "") -> Options:
    return Options({"perturb": perturb, "sweep": sweep}, frozenset())


def test_without_flags_every_world_is_nominal():
    assert perturbations(options(), (51, 52)) == {51: Perturbation(), 52: Perturbation()}


def test_single_values_hold_for_every_seed():
    wanted = Perturbation(position=0.05, friction=0.5)
    assert perturbations(options("position:0.05,friction:0.5"), (7, 3)) == {3: wanted, 7: wanted}


def test_a_sweep_spreads_ranges_over_all_seeds_whatever_their_order():
    chosen = options("noise:0..3,mass:2", "latin")
    found = perturbations(chosen, range(81, 101))
    assert found == perturbations(chosen, reversed(range(81, 101))) == perturbations(chosen, [*range(81, 101), 81])
    values = sorted(dose.noise for dose in found.values())
    assert all(0.15 * i <= value <= 0.15 * (i + 1) for i, value in enumerate(values))  # one in each of 20 strata
    assert {dose.mass for dose in found.values()} == {2.0}
    grid = perturbations(options("noise:0..3", "grid"), (4, 1, 9))
    assert [grid[seed].noise for seed in (1, 4, 9)] == [0.0, 1.5, 3.0]
    assert tuple(found.values()) == Sweep.parse("noise:0..3,mass:2").draw(20, design="latin", seed=0)


@pytest.mark.parametrize(
    ("perturb", "sweep", "said"),
    [
        ("position:0..0.05", "", "--sweep=latin"),
        ("position:0.05", "latin", "needs a range"),
        ("", "grid", "needs a range"),
        ("position:0..0.05", "sobol", "latin, grid"),
        ("positon:0.05", "", "position"),
        ("noise:0..3,mass:1..2", "grid", "at least 4"),
    ],
)
def test_what_does_not_fit_is_refused(perturb, sweep, said):
    with pytest.raises(AspireError, match=said):
        perturbations(options(perturb, sweep), (51, 52))


def test_the_configuration_keeps_what_was_asked():
    assert perturbation_config(options("mass:2")) == {"perturb": "mass:2", "sweep": ""}
