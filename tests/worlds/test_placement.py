"""The region sampler: upstream's effective range, seeded, nothing inside anything else."""

from __future__ import annotations

import dataclasses

import mujoco
import numpy as np
import pytest

from aspire_mjx.errors import WorldError
from aspire_mjx.worlds.overlap import nearest_gap
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.placement import lay_out
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.workspaces import workspace
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds


@pytest.mark.parametrize("suite", ["libero_object", "libero_object_swap", "libero_goal", "libero_10", "libero_spatial"])
def test_things_start_inside_their_effective_regions(suite):
    tasks, checked = load_suite(suite), 0
    for task in tasks:
        place = workspace(task.workspace)
        inverting, region_of = task.workspace in ("tabletop", "floor"), {region.name: region for region in task.regions}
        for seed in range(51, 56):
            worlds = make_worlds([WorldSpec(task, seed)])
            things = worlds.things(worlds.qpos)
            for literal in task.init:
                if literal[0] != "On" or literal[2] not in region_of:
                    continue
                thing, region = things[literal[1]], region_of[literal[2]]
                low, high = np.array(region.low), np.array(region.high)
                half = (high - low) / 2
                if inverting and not thing.asset.fixture:
                    half = np.abs(half - thing.asset.horizontal_radius)
                offset = thing.position[0, :2] - (low + high) / 2 - np.array(place.origin[:2])
                assert (np.abs(offset) <= half + 1e-9).all(), (task.key, literal)
                checked += 1
    assert checked >= 2 * 5 * len(tasks)


def test_every_task_of_every_suite_can_be_placed_and_nothing_is_inside_anything_else():
    for suite in suite_names():
        for task in load_suite(suite)[:: 1 if suite.endswith("swap") else 3]:
            worlds = make_worlds([WorldSpec(task, 51)])
            assert lay_out(worlds.template, task, 51, Perturbation()).redrawn == 0  # upstream's regions lie apart
            _assert_apart(worlds)


#: Doses for which there is room in each suite.
_SIZES = {
    "libero_object": (0.5, 1.6),
    "libero_goal": (0.5, 1.6),
    "libero_10": (0.5, 1.6, 2.0),
    "libero_spatial": (0.5, 1.2),
    "libero_90": (0.5, 1.6),
}


@pytest.mark.parametrize("suite, size", [(suite, size) for suite, sizes in _SIZES.items() for size in sizes])
def test_things_of_dosed_size_start_inside_nothing_and_not_in_the_hand(suite, size):
    """By MuJoCo's own contacts. At twice its size the basket reached the hand."""
    tasks = load_suite(suite)
    for task in (tasks[0], tasks[len(tasks) // 2], tasks[-1])[: 1 if size == 2.0 else 3]:
        worlds = make_worlds([WorldSpec(task, 52, Perturbation(size=size))])
        data = mujoco.MjData(worlds.models[0])
        data.qpos[:] = worlds.qpos[0]
        mujoco.mj_fwdPosition(worlds.models[0], data)
        slots = worlds.template.geom_slot[data.contact.geom]
        loose = ((slots >= 0) & (slots < worlds.template.movables)).any(axis=1)
        apart = loose & (slots[:, 0] != slots[:, 1])
        assert (data.contact.dist[apart] > -1e-4).all(), (task.key, data.contact.dist[apart].min())


def test_what_finds_no_place_is_drawn_again():
    crowd, redrawn = Perturbation(distractors=4), 0
    for seed in range(1000, 1008):
        worlds = make_worlds([WorldSpec(load_suite("libero_object")[0], seed, crowd)])
        redrawn += lay_out(worlds.template, worlds.specs[0].task, seed, crowd).redrawn
        _assert_apart(worlds)
    assert redrawn > 0


def test_a_bowl_that_upstream_puts_into_the_edge_of_a_plate_starts_on_that_edge():
    """Upstream tests circles of 25 mm: a bowl of 107 mm may start in a plate of 138 mm."""
    task = load_suite("libero_spatial")[8]
    worlds = make_worlds([WorldSpec(task, seed) for seed in range(1000, 1020)])
    things = worlds.things(worlds.qpos)
    bowl, plate = (things[name].position for name in ("akita_black_bowl_1", "plate_1"))
    near = np.linalg.norm((bowl - plate)[:, :2], axis=1) < (0.107 + 0.1375) / 2 - 0.01
    raised = bowl[:, 2] - bowl[:, 2].min()
    assert 3 <= near.sum() < 20 and (raised[near] > 0.003).all() and raised.max() < 0.03
    for row in range(20):
        _assert_apart(worlds.take(np.array([row])))


def _assert_apart(worlds):
    things = list(worlds.things(worlds.qpos).values())
    for i, first in enumerate(things):
        for second in things[:i]:
            both_fixed = first.asset.fixture and second.asset.fixture
            assert both_fixed or nearest_gap(first.boxes, second.boxes)[0] >= 0, (worlds.specs[0].task.key, i)


def test_the_seed_decides():
    task = load_suite("libero_goal")[0]
    template = template_of("tabletop")
    first, again, other = (lay_out(template, task, seed, Perturbation()) for seed in (51, 51, 52))
    assert np.array_equal(first.qpos, again.qpos) and not np.array_equal(first.qpos, other.qpos)
    assert np.array_equal(first.fixture_poses[0][0], again.fixture_poses[0][0])
    assert not np.array_equal(first.fixture_poses[0][0], other.fixture_poses[0][0])


def test_places_are_those_of_published_records():
    """The streams of random numbers may not change: it would move the objects of every recorded rollout."""
    worlds = make_worlds([WorldSpec(load_suite("libero_goal")[0], 51)])
    places = {name: thing.position[0, :2].round(5).tolist() for name, thing in worlds.things(worlds.qpos).items()}
    assert places == {
        "akita_black_bowl_1": [-0.08595, 0.00931],
        "plate_1": [0.04641, -0.0144],
        "wine_bottle_1": [-0.21403, -0.03792],
        "cream_cheese_1": [-0.06078, 0.13257],
        "wooden_cabinet_1": [0.02998, -0.23743],
        "flat_stove_1": [-0.41907, 0.20538],
        "wine_rack_1": [-0.26707, -0.2678],
    }


def test_parts_that_start_open_or_on_are_drawn_from_their_ranges():
    for suite, index, thing, low, high in (
        ("libero_spatial", 4, "wooden_cabinet_1", -0.16, -0.14),
        ("libero_10", 3, "white_cabinet_1", -0.16, -0.14),
        ("libero_10", 9, "microwave_1", -2.094, -1.3),
    ):
        found = set()
        for seed in range(51, 55):
            worlds = make_worlds([WorldSpec(load_suite(suite)[index], seed)])
            moved = [float(q[0]) for q in worlds.things(worlds.qpos)[thing].joints.values() if q[0] != 0.0]
            assert len(moved) == 1 and low <= moved[0] <= high
            found.add(moved[0])
        assert len(found) == 4


def test_what_starts_in_a_drawer_is_in_it():
    task = load_suite("libero_spatial")[4]
    worlds = make_worlds([WorldSpec(task, 51)])
    things = worlds.things(worlds.qpos)
    bowl, cabinet = things["akita_black_bowl_1"], things["wooden_cabinet_1"]
    region = next(region for region in cabinet.asset.regions if region.name == "top_region")
    centre, _ = cabinet.region(region)
    assert np.abs(bowl.position - centre)[0, :2].max() < 0.01
    assert abs(bowl.position[0, 2] - centre[0, 2]) < 0.03


@pytest.mark.parametrize(
    ("init", "match"),
    [
        ((("On", "plate_1", "akita_black_bowl_1"), ("On", "akita_black_bowl_1", "plate_1")), "in a circle"),
        ((("On", "plate_1", "main_table_plate_region"),), "akita_black_bowl_1, .*cannot be placed"),
    ],
)
def test_things_on_nothing_or_in_a_circle_are_refused(init, match):
    task = load_suite("libero_goal")[0]
    kept = tuple(
        literal for literal in task.init if literal[1].split("_1")[0] in ("wooden_cabinet", "flat_stove", "wine_rack")
    )
    with pytest.raises(WorldError, match=match):
        make_worlds([WorldSpec(dataclasses.replace(task, init=(*init, *kept)), 51)])


def test_a_region_without_a_free_place_is_given_up_with_the_number_of_draws():
    task = load_suite("libero_goal")[0]
    crowded = tuple(
        ("On", name, "main_table_plate_region") if name in ("wine_bottle_1", "cream_cheese_1", "plate_1") else literal
        for literal in task.init
        for name in (literal[1],)
    )
    with pytest.raises(WorldError, match=r"no free place for \w+ .* after \d+ draws"):
        make_worlds([WorldSpec(dataclasses.replace(task, init=crowded), 51)])
