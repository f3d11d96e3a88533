"""One structure for each workspace: worlds differ in the declared leaves and in nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aspire_mjx.errors import UnknownNameError, WorldError
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.template import LEAVES, template_of
from aspire_mjx.worlds.workspaces import FAMILIES
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds

#: Numbers that MuJoCo derives for bounding volumes, short cuts, sleeping and servo tuning; MJX does not read them.
_DERIVED = (
    "bvh_aabb",
    "body_bvhadr",
    "body_sameframe",
    "geom_sameframe",
    "stat",
    "dof_M0",
    "dof_length",
    "actuator_acc0",
)
#: What is absent is left out of C MuJoCo's search for contacts; MJX has its template's pairs.
_SEARCHED = ("geom_contype", "geom_conaffinity", "body_contype", "body_conaffinity")
_DOSED = Perturbation(mass=2, friction=0.5, size=1.1, colour=0.5, base=0.02, gain=1.2)


def _arrays(model):
    for name in dir(model):
        if not name.startswith("_") and isinstance(getattr(model, name), np.ndarray):
            yield name, getattr(model, name)


@pytest.mark.parametrize("workspace", FAMILIES)
def test_only_the_declared_leaves_differ_between_worlds(workspace):
    tasks = [task for suite in suite_names() for task in load_suite(suite) if task.workspace == workspace][::7]
    moved = [replace(_DOSED, fixture=0.02) if task.fixtures else _DOSED for task in tasks]
    doses = [(task, p) for task, dosed in zip(tasks, moved, strict=True) for p in (Perturbation(), dosed)]
    worlds = make_worlds([WorldSpec(task, 51, p) for task, p in doses])
    base = dict(_arrays(template_of(workspace).model))
    differing = set()
    for model in worlds.models:
        for name, array in _arrays(model):
            assert array.shape == base[name].shape, name
            if not np.array_equal(array, base[name], equal_nan=array.dtype.kind == "f"):
                differing.add(name)
    assert differing - {*_DERIVED, *_SEARCHED} <= set(LEAVES)
    assert {"geom_size", "geom_pos", "body_mass", "geom_friction"} <= differing


@pytest.mark.parametrize("workspace", FAMILIES)
def test_only_what_is_there_takes_part_in_the_search_for_contacts(workspace):
    task = next(task for suite in suite_names() for task in load_suite(suite) if task.workspace == workspace)
    worlds = make_worlds([WorldSpec(task, 51)])
    template, model = worlds.template, worlds.models[0]
    boxes = {occupant.slot: len(occupant.asset.boxes) for occupant in worlds.specs[0].occupants}
    for slot, thing in enumerate(template.things):
        searched = (model.geom_contype | model.geom_conaffinity)[thing.geoms] > 0
        assert searched.tolist() == [i < boxes.get(slot, 0) for i in range(len(thing.geoms))], thing.name
    for body in range(model.nbody):
        own = model.geom_bodyid == body
        assert model.body_contype[body] == np.bitwise_or.reduce(model.geom_contype[own], initial=0)
    robot = template.geom_slot < 0
    np.testing.assert_array_equal(model.geom_contype[robot], template.model.geom_contype[robot])


def test_equal_worlds_share_a_model_and_perturbed_ones_do_not():
    task = load_suite("libero_object")[0]
    heavy = Perturbation(mass=2.0)
    worlds = make_worlds([WorldSpec(task, 51), WorldSpec(task, 52), WorldSpec(task, 51, heavy)])
    assert worlds.variant.tolist() == [0, 0, 1]
    slots = [thing.body for thing in worlds.template.things[: worlds.template.movables]]
    np.testing.assert_allclose(worlds.models[1].body_mass[slots], 2 * worlds.models[0].body_mass[slots])


def test_spare_slots_come_last_and_a_batch_has_one_template():
    plain, more = template_of("study"), template_of("study", spare=2)
    assert [thing.name for thing in more.things[: more.movables]] == [
        *(thing.name for thing in plain.things[: plain.movables]),
        "spare0",
        "spare1",
    ]
    task = load_suite("libero_object")[0]
    with pytest.raises(WorldError, match="one template, not 2"):
        make_worlds([WorldSpec(task, 51), WorldSpec(load_suite("libero_spatial")[0], 51)])


def test_every_thing_knows_its_boxes_and_its_moving_parts():
    for workspace in FAMILIES:
        template = template_of(workspace)
        for slot, thing in enumerate(template.things):
            assert (template.geom_slot[thing.geoms] == slot).all()
            assert len(thing.links) == len(thing.link_qpos)
        assert (template.geom_slot >= 0).sum() == sum(len(thing.geoms) for thing in template.things)
    kitchen = {thing.name: thing.links for thing in template_of("kitchen").things}
    assert len(kitchen["cabinet"]) == 3 and len(kitchen["microwave"]) == 1 and kitchen["vessel0"] == ()


def test_boxes_without_use_are_invisible_and_small():
    worlds = make_worlds([WorldSpec(load_suite("libero_spatial")[0], 51)])
    template, model = worlds.template, worlds.models[0]
    boxes = {occupant.slot: len(occupant.asset.boxes) for occupant in worlds.specs[0].occupants}
    spare = [geom for slot, thing in enumerate(template.things) for geom in thing.geoms[boxes.get(slot, 0) :]]
    assert len(spare) > 10 and (model.geom_rgba[spare, 3] == 0.0).all() and model.geom_size[spare].max() <= 0.01
    np.testing.assert_allclose(np.linalg.norm(model.geom_quat, axis=1), 1.0)


def test_an_unknown_workspace_is_refused():
    with pytest.raises(UnknownNameError, match="tabletop"):
        template_of("garden")
