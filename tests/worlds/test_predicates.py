"""The In predicate against an independent scalar reading of its definition."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from aspire_mjx.worlds.predicates import goal_margin, in_margin
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.tables import asset_table
from aspire_mjx.worlds.template import template_of


def _reference_in(point, position, quaternion) -> bool:
    region = asset_table()["basket"]["regions"][0]
    matrix = Rotation.from_quat(np.roll(quaternion, -1)).as_matrix()
    centre = position + matrix @ np.array(region["pos_in_root"])
    total = np.abs(matrix @ np.array(region["half_size"]))
    low, high = centre - total, centre + total
    return all(low[i] - (0.01 if i == 2 else 0.0) < point[i] < high[i] for i in range(3))


def test_in_agrees_with_the_definition_on_random_states():
    random = np.random.default_rng(3)
    count = 2000
    position = random.uniform(-0.1, 0.1, (count, 3))
    quaternion = random.normal(size=(count, 4))
    quaternion /= np.linalg.norm(quaternion, axis=1, keepdims=True)
    point = position + random.uniform(-0.15, 0.2, (count, 3))
    margin = in_margin(point, position, quaternion, "basket")
    expected = [_reference_in(*row) for row in zip(point, position, quaternion, strict=True)]
    assert ((margin > 0) == expected).all()
    assert 0.02 < np.mean(expected) < 0.8


def test_goal_holds_when_set_by_hand_and_breaks_when_moved_away():
    template = template_of("floor")
    for task in load_suite("libero_object_task"):
        qpos = np.tile(template.model.qpos0, (2, 1))
        names = ["basket", *[p.category for p in task.placements if p.category != "basket"]]
        target = template.slot_qpos[names.index(task.target_category)]
        basket = template.slot_qpos[0]
        qpos[:, basket : basket + 7] = (0.1, 0.2, 0.0, 1, 0, 0, 0)
        qpos[0, target : target + 3] = (0.1, 0.2, 0.05)
        qpos[1, target : target + 3] = (0.1, 0.3, 0.05)
        inside, outside = goal_margin(template, task, qpos)
        assert inside > 0 > outside
