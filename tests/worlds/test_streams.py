"""Random streams of worlds: fixed for ever, one for each purpose, and independent of each other."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from aspire_mjx.sensing.noise import NoiseModel, exposures, look_key
from aspire_mjx.worlds.occupants import occupants
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.placement import lay_out
from aspire_mjx.worlds.streams import WorldSeed
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import template_of

TASKS, SEEDS = [f"libero_object/{i}" for i in range(10)], range(1000, 1200)
PURPOSES = [("place", "milk_1"), ("place", "basket_1"), ("turn", "milk_1"), ("position", "milk_1"), ("camera",)]


def _design_effect(events: np.ndarray) -> float:
    """Variance of the rates of the seeds of events ``[tasks, seeds]`` over that of independent events."""
    rate = events.mean()
    return float(events.mean(axis=0).var(ddof=1) / (rate * (1 - rate) / len(events)))


def test_a_stream_is_the_same_in_every_release() -> None:
    assert WorldSeed("libero_goal/3", 51).key("sensing") == (4177960802, 1801694560)
    np.testing.assert_allclose(
        WorldSeed("libero_goal/3", 51).stream("place", "bowl_1").random(2), [0.569553786901, 0.861771324436], atol=1e-12
    )


def test_words_of_a_purpose_are_kept_apart() -> None:
    seed = WorldSeed("a/1", 2)
    keys = [seed.key("ab", "c"), seed.key("a", "bc"), seed.key("abc"), WorldSeed("a/", 12).key("abc")]
    assert len(set(keys)) == len(keys)


def test_streams_of_tasks_seeds_and_purposes_are_independent() -> None:
    draws = np.array(
        [[[WorldSeed(task, seed).stream(*each).random() for seed in SEEDS] for task in TASKS] for each in PURPOSES]
    )
    rows = draws.reshape(-1, len(SEEDS))  # every pair of tasks and purposes over the seeds
    off = np.corrcoef(rows)[np.triu_indices(len(rows), 1)]
    assert np.abs(off).max() < 4.5 / np.sqrt(len(SEEDS))
    assert np.std(off) == pytest.approx(1 / np.sqrt(len(SEEDS)), rel=0.1)
    for each in draws:
        assert _design_effect(each < 0.2) < 1.35
    assert np.mean([_design_effect(each < 0.2) for each in draws]) < 1.2


def test_noise_of_a_seed_is_another_in_every_task_camera_moment_and_look() -> None:
    """The exposures of images stand for all draws of a look: they are made of the same words."""
    looks = [("image", 0), ("image", 1), ("for milk", 0)]
    kinds = list(itertools.product((0, 1), (0, 20), looks))
    rows = []
    for task in TASKS:
        worlds = np.array([WorldSeed(task, seed).key("sensing") for seed in SEEDS], np.uint32)
        for camera, moment, look in kinds:
            moments, keys = np.full(len(SEEDS), moment), np.full(len(SEEDS), look_key(*look))
            rows.append(exposures(camera, NoiseModel().of_looks(worlds, moments, keys)))
    draws = np.array(rows).reshape(len(TASKS), len(kinds), len(SEEDS))
    off = np.corrcoef(draws.reshape(-1, len(SEEDS)))[np.triu_indices(len(TASKS) * len(kinds), 1)]
    assert np.abs(off).max() < 5 / np.sqrt(len(SEEDS))
    assert np.std(off) == pytest.approx(1 / np.sqrt(len(SEEDS)), rel=0.1)
    effects = [_design_effect(draws[:, kind] > np.quantile(draws, 0.9)) for kind in range(len(kinds))]
    assert np.mean(effects) < 1.2


def test_layouts_of_one_seed_have_nothing_in_common_across_tasks() -> None:
    tasks = load_suite("libero_object")
    places = np.array(
        [
            [lay_out(template_of("floor"), task, seed, Perturbation()).qpos for seed in range(200, 260)]
            for task in tasks[:4]
        ]
    )
    moving = places.std(axis=1).min(axis=0) > 1e-6
    columns = places[:, :, moving] - places[:, :, moving].mean(axis=1, keepdims=True)
    columns /= columns.std(axis=1, keepdims=True)
    for one, other in itertools.combinations(columns, 2):
        assert np.abs((one * other).mean(axis=0)).max() < 4.5 / np.sqrt(60)


def test_what_a_dose_moves_it_moves_alone() -> None:
    """A distractor more, or an object moved, leaves the places of all other things as they are."""
    task, seed = load_suite("libero_object")[0], 77
    plain = lay_out(template_of("floor"), task, seed, Perturbation()).qpos
    moved = lay_out(template_of("floor"), task, seed, Perturbation(position=0.01, yaw=0.1)).qpos
    free = template_of("floor").slot_qpos
    for occupant in occupants(task, Perturbation(), seed):
        address = free[occupant.slot]
        assert np.hypot(*(moved - plain)[address : address + 2]) == pytest.approx(0.01, abs=1e-9)
