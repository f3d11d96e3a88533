"""The region sampler: upstream's effective range, seeded, nothing inside anything else."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.worlds.assets import asset
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.placement import initial_qpos, slot_order
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import template_of

SUITES = ("libero_object", "libero_object_swap", "libero_object_task")


@pytest.mark.parametrize("suite", SUITES)
def test_objects_start_inside_their_effective_regions(suite):
    template = template_of("floor")
    for task in load_suite(suite):
        for seed in range(51, 61):
            qpos = initial_qpos(template, task, seed, Perturbation())
            for placement, address in zip(slot_order(task), template.slot_qpos, strict=True):
                low, high = np.array(placement.low), np.array(placement.high)
                half = np.abs((high - low) / 2 - asset(placement.category).horizontal_radius)
                assert (np.abs(qpos[address : address + 2] - (low + high) / 2) <= half + 1e-9).all()


def test_the_seed_decides_and_position_dose_moves_by_at_most_its_size():
    template, task = template_of("floor"), load_suite("libero_object_swap")[0]
    first = initial_qpos(template, task, 51, Perturbation())
    assert np.array_equal(first, initial_qpos(template, task, 51, Perturbation()))
    assert not np.array_equal(first, initial_qpos(template, task, 52, Perturbation()))
    moved = initial_qpos(template, task, 51, Perturbation(position=0.03)) - first
    assert 0.0 < np.abs(moved).max() <= 0.03


def test_no_two_objects_overlap_at_the_start():
    template = template_of("floor")
    for suite in SUITES:
        for task in load_suite(suite):
            qpos = initial_qpos(template, task, 51, Perturbation())
            centres = [qpos[a : a + 2] for a in template.slot_qpos]
            halves = [np.array(asset(p.category).size[:2]) / 2 for p in slot_order(task)]
            for i in range(7):
                for j in range(i):
                    gap = np.abs(centres[i] - centres[j]) - halves[i] - halves[j]
                    assert gap.max() > 0, (task.key, i, j)
