"""Tasks by --suite and --bddl, with a hash that notices edited files; --perturb and --sweep; what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aspire_mjx.command import Options
from aspire_mjx.errors import AspireError, BddlError, EngineError, UnknownNameError, WorldError
from aspire_mjx.experiments.world_flags import LANGUAGES, engine_name, perturbations, suite_tasks, world_config
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.sweep import Sweep
from tests.support.paths import TASK_FILES as FILES


def options(*, suite: str | None = None, bddl: object = "", **others: str) -> Options:
    given = {"suite"} if suite else set()
    geometry = {"geometry": "own", "libero_root": "", "language": "task", "engine": "auto"}
    perturbation = {"perturb": "", "sweep": ""}
    values = {"suite": suite or "libero_object_swap", "bddl": str(bddl), **geometry, **perturbation, **others}
    return Options(values, frozenset(given))


def test_a_suite_by_name_needs_no_hash():
    assert suite_tasks(options()) == load_suite("libero_object_swap")
    assert suite_tasks(options(suite="libero_90")) == load_suite("libero_90")
    assert world_config(options(), load_suite("libero_90"))["bddl"] == ""
    with pytest.raises(UnknownNameError, match="libero_spatial"):
        suite_tasks(options(suite="libero_spatula"))


def test_task_files_take_the_place_of_the_suite():
    chosen = options(bddl=FILES)
    assert [task.name for task in suite_tasks(chosen)] == ["butter", "drawer"]
    with pytest.raises(AspireError, match="give one"):
        suite_tasks(options(suite="libero_90", bddl=FILES))


def test_the_hash_follows_what_the_files_define(tmp_path):
    def digest(text: str) -> str:
        (tmp_path / "a.bddl").write_text(text)
        chosen = options(bddl=tmp_path / "a.bddl")
        return world_config(chosen, suite_tasks(chosen))["bddl"]

    text = (FILES / "butter.bddl").read_text()
    assert digest(text) == digest("; a comment\n" + text) != digest(text.replace("0.25", "0.26"))
    with pytest.raises(BddlError, match=r"a\.bddl:1: "):
        digest("(define)")


def test_the_geometry_of_a_checkout_comes_with_its_tasks(tmp_path):
    (tmp_path / "libero/libero/assets").mkdir(parents=True)
    chosen = options(geometry="original", libero_root=str(tmp_path))
    tasks = suite_tasks(chosen)
    assert {task.checkout for task in tasks} == {str(tmp_path)}
    assert world_config(chosen, tasks)["bddl"] != ""
    assert engine_name(chosen) == "native" and engine_name(options()) == "auto"


def test_wrong_flags_of_geometry_are_refused(tmp_path):
    for flags, error, reason in (
        ({"geometry": "orignal"}, UnknownNameError, "original"),
        ({"geometry": "original"}, AspireError, "--libero_root=PATH"),
        ({"libero_root": str(tmp_path)}, AspireError, "--geometry=original only"),
        ({"geometry": "original", "libero_root": str(tmp_path / "no")}, WorldError, "no such folder"),
        ({"geometry": "original", "libero_root": str(tmp_path)}, WorldError, "no folder"),
    ):
        with pytest.raises(error, match=reason):
            suite_tasks(options(**flags))
    with pytest.raises(EngineError, match="native only"):
        engine_name(options(geometry="original", engine="mjx"))


def test_without_flags_every_world_is_nominal():
    assert perturbations(options(), (51, 52)) == {51: Perturbation(), 52: Perturbation()}


def test_single_values_hold_for_every_seed():
    wanted = Perturbation(position=0.05, friction=0.5)
    assert perturbations(options(perturb="position:0.05,friction:0.5"), (7, 3)) == {3: wanted, 7: wanted}


def test_a_sweep_spreads_ranges_over_all_seeds_whatever_their_order():
    chosen = options(perturb="noise:0..3,mass:2", sweep="latin")
    found = perturbations(chosen, range(81, 101))
    assert found == perturbations(chosen, reversed(range(81, 101))) == perturbations(chosen, [*range(81, 101), 81])
    values = sorted(dose.noise for dose in found.values())
    assert all(0.15 * i <= value <= 0.15 * (i + 1) for i, value in enumerate(values))  # one in each of 20 strata
    assert {dose.mass for dose in found.values()} == {2.0}
    grid = perturbations(options(perturb="noise:0..3", sweep="grid"), (4, 1, 9))
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
        perturbations(options(perturb=perturb, sweep=sweep), (51, 52))


def test_the_configuration_keeps_what_was_asked():
    kept = world_config(options(perturb="mass:2"), load_suite("libero_90"))
    assert kept == {"bddl": "", "geometry": "own", "language": "task", "perturb": "mass:2", "sweep": ""}


def test_the_instruction_can_be_that_of_the_file_and_nothing_else_changes():
    """libero_90/84: the task asks for the caddy's right compartment, its file and its goal for the right of it."""
    said, named = (suite_tasks(options(suite="libero_90", language=name)) for name in LANGUAGES)
    assert "right compartment" in said[84].language
    assert named[84].language == "pick up the red mug and place it to the right of the caddy"
    assert [replace(task, language="") for task in said] == [replace(task, language="") for task in named]
    assert said[0].language == named[0].language == "close the top drawer of the cabinet"
