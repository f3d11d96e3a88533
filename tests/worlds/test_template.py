"""One structure for the whole family: worlds differ in the declared leaves and in nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.errors import WorldError
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import LEAVES, build_model, template_of
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds

SUITES = ("libero_object", "libero_object_swap", "libero_object_task")
#: Numbers that MuJoCo derives for bounding volumes, sleeping and servo tuning; a step of physics does not read them.
_DERIVED = ("bvh_aabb", "body_bvhadr", "stat", "dof_M0", "dof_length")


def _arrays(model):
    for name in dir(model):
        if not name.startswith("_") and isinstance(getattr(model, name), np.ndarray):
            yield name, getattr(model, name)


def test_only_the_declared_leaves_differ_between_worlds():
    tasks = [task for suite in SUITES for task in load_suite(suite)]
    specs = [WorldSpec(task, 51, p) for task in tasks for p in (Perturbation(), Perturbation(mass=2, friction=0.5))]
    worlds, base = make_worlds(specs), dict(_arrays(template_of("floor").model))
    differing = set()
    for model in worlds.models:
        for name, array in _arrays(model):
            assert array.shape == base[name].shape, name
            if not np.array_equal(array, base[name], equal_nan=array.dtype.kind == "f"):
                differing.add(name)
    assert differing - set(_DERIVED) <= set(LEAVES)
    assert {"geom_size", "geom_pos", "body_mass", "geom_friction"} <= differing


def test_equal_worlds_share_a_model_and_perturbed_ones_do_not():
    task = load_suite("libero_object")[0]
    heavy = Perturbation(mass=2.0)
    worlds = make_worlds([WorldSpec(task, 51), WorldSpec(task, 52), WorldSpec(task, 51, heavy)])
    assert worlds.variant.tolist() == [0, 0, 1]
    slots = worlds.template.slot_body
    np.testing.assert_allclose(worlds.models[1].body_mass[slots], 2 * worlds.models[0].body_mass[slots])


def test_a_world_needs_a_basket_and_six_items():
    with pytest.raises(WorldError, match="basket and 6"):
        build_model(("basket", "butter"), Perturbation())
