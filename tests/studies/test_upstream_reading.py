"""The second reading of upstream's rules, on a small checkout of our own."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from aspire_mjx.worlds.goal_state import goal_qpos
from aspire_mjx.worlds.predicates import goal_margin
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds
from experiments.studies.upstream_reading import Reader, sample_places
from tests.support.small_checkout import TASK, write_checkout


@pytest.fixture(scope="module")
def task(tmp_path_factory):
    return dataclasses.replace(TASK, checkout=write_checkout(tmp_path_factory.mktemp("checkout")))


def test_it_judges_as_the_judge_does_away_from_boundaries(task):
    worlds = make_worlds([WorldSpec(task, 1)])
    reader, placed = Reader(task, worlds.models[0]), goal_qpos(worlds, worlds.qpos[0])
    assert not reader.goal_holds(worlds.qpos[0]) and reader.goal_holds(placed)
    address = worlds.template.slot_qpos[0]
    for shift in ((0.0, 0.0, 0.01), (0.035, 0.0, 0.0), (0.0, 0.0, -0.05)):  # not touching, too far aside, below
        moved = placed.copy()
        moved[address : address + 3] += shift
        assert not reader.goal_holds(moved)
        assert goal_margin(task, worlds.things(moved[None]))[0] < 0


@pytest.mark.parametrize(
    ("goal", "joint", "holds"),
    [("Open", -1.5, True), ("Open", -1.2, False), ("Close", 0.0, True), ("Close", -0.01, False)],
)
def test_it_reads_joints(task, goal, joint, holds):
    asked = dataclasses.replace(task, goal=((goal, "microwave_1"),))
    worlds = make_worlds([WorldSpec(asked, 1)])
    qpos = worlds.qpos[0].copy()
    qpos[worlds.template.things[2].link_qpos[0]] = joint
    assert Reader(asked, worlds.models[0]).goal_holds(qpos) == holds
    assert (goal_margin(asked, worlds.things(qpos[None]))[0] > 0) == holds


def test_places_fill_their_regions_and_keep_apart(task):
    places = [sample_places(task, np.random.default_rng(seed)) for seed in range(200)]
    near, far = (np.array([place[name] for place in places]) for name in ("butter_1", "butter_2"))
    assert near.min() >= -0.1 and near.max() <= -0.05 and near.max() - near.min() > 0.045
    assert (np.linalg.norm(near - far, axis=1) > 0.04).all()  # twice the radius of the model's site
    inverted = dataclasses.replace(task, workspace="tabletop")
    xs = np.array([sample_places(inverted, np.random.default_rng(seed))["butter_1"][0] for seed in range(200)])
    assert abs(xs + 0.075).max() <= 0.005 + 1e-9  # half a width of 0.025 less a radius of 0.02
