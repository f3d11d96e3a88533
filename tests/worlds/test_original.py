"""Parity mode: a task on a checkout's own geometry. Whole checkouts are tested where ASPIRE_LIBERO_ROOT names one."""

from __future__ import annotations

import dataclasses
import os

import mujoco
import numpy as np
import pytest

from aspire_mjx.errors import EngineError, WorldError
from aspire_mjx.physics.engines import make
from aspire_mjx.rollout.simulator import Simulator
from aspire_mjx.worlds.assets import asset
from aspire_mjx.worlds.goal_state import goal_qpos
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.predicates import goal_margin
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds
from tests.support.small_checkout import TASK, write_checkout

SUITES = ("libero_spatial", "libero_object", "libero_goal", "libero_10", "libero_90")
ROOT = os.environ.get("ASPIRE_LIBERO_ROOT", "")
whole = pytest.mark.skipif(not ROOT, reason="ASPIRE_LIBERO_ROOT names no LIBERO checkout")


@pytest.fixture(scope="module")
def task(tmp_path_factory):
    return dataclasses.replace(TASK, checkout=write_checkout(tmp_path_factory.mktemp("checkout")))


def test_a_template_holds_what_upstream_has(task):
    template = WorldSpec(task, 1).template
    model, butter = template.model, template.things[0]
    assert template.substeps == 10 and model.opt.timestep == pytest.approx(0.002)
    assert model.opt.cone == mujoco.mjtCone.mjCONE_ELLIPTIC and model.opt.impratio == 20
    volume = 8 * (0.03 * 0.02 * 0.01 + 0.01 * 0.01 * 0.005)
    assert model.body_subtreemass[butter.body] == pytest.approx(100 * volume)
    assert np.allclose(model.geom_solref[butter.geoms], (0.001, 1)) and np.allclose(
        model.geom_friction[butter.geoms, 1], 0.3
    )
    assert template.things[2].links == ("microjoint",)


def test_a_world_settles_repeats_and_is_judged(task):
    spec = WorldSpec(task, 3)
    simulator = Simulator(make("native", spec.template))
    worlds, state = simulator.settled([spec, spec])
    assert (state.qpos[0] == state.qpos[1]).all() and not state.diverged().any()
    things = worlds.things(state.qpos)
    for name in ("butter_1", "butter_2"):
        low, _ = things[name].bounds
        assert low[..., 2].min() == pytest.approx(0.9, abs=0.001)
    assert goal_margin(task, things)[0] < 0
    placed = goal_qpos(make_worlds([spec]), state.qpos[0])
    assert goal_margin(task, worlds.things(placed[None]))[0] > 0


def test_the_same_draws_as_on_our_own_geometry(task):
    own = dataclasses.replace(task, checkout="")
    for seed in range(5):
        a, b = (make_worlds([WorldSpec(t, seed)]) for t in (task, own))
        mine, theirs = (worlds.things(worlds.qpos) for worlds in (a, b))
        assert np.allclose(mine["butter_1"].position[:, :2], theirs["butter_1"].position[:, :2])
        assert np.allclose(mine["microwave_1"].position, theirs["microwave_1"].position)


def test_doses_of_mass_and_friction_scale_upstreams_numbers(task):
    nominal = make_worlds([WorldSpec(task, 1)]).models[0]
    dosed = make_worlds([WorldSpec(task, 1, Perturbation(mass=2.0, friction=0.5))]).models[0]
    thing = WorldSpec(task, 1).template.things[0]
    assert np.allclose(dosed.body_subtreemass[thing.body], 2 * nominal.body_subtreemass[thing.body])
    assert np.allclose(dosed.geom_friction[thing.geoms, 0], 0.5 * nominal.geom_friction[thing.geoms, 0])


def test_what_it_cannot_do_is_refused(task):
    with pytest.raises(EngineError, match="native only"):
        make("mjx", WorldSpec(task, 1).template)
    for dose in (Perturbation(size=1.2), Perturbation(distractors=1)):
        with pytest.raises(WorldError, match="size and distractors"):
            make_worlds([WorldSpec(task, 1, dose)])


@whole
@pytest.mark.parametrize("suite", SUITES)
def test_every_task_of_a_checkout_settles(suite):
    for task in load_suite(suite):
        spec = WorldSpec(dataclasses.replace(task, checkout=ROOT), 51)
        worlds, state = Simulator(make("native", spec.template, capacity=1)).settled([spec])
        assert not state.diverged().any(), task.key
        things = worlds.things(state.qpos)
        support = spec.template.support
        assert all(
            thing.bounds[0][..., 2].min() > support - 0.003 for n, thing in things.items() if not thing.asset.fixture
        )
        for occupant in spec.occupants:
            whole_mass = occupant.asset.mass + sum(link.mass for link in asset(occupant.asset.category).links)
            body = spec.template.things[occupant.slot].body
            assert spec.template.model.body_subtreemass[body] == pytest.approx(whole_mass, abs=1e-4), occupant.name
