"""A grasp holds: every food item, lifted by its true pose under randomised mass, friction and pose error."""

from __future__ import annotations

import numpy as np

from aspire_mjx.physics.engines import make
from aspire_mjx.planning import grasp, ik
from aspire_mjx.worlds.assets import asset
from aspire_mjx.worlds.panda import HOME, OPEN_WIDTH
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds

_POSE_ERROR = 0.003  #: m, unseen


def _ramp(start: np.ndarray, end: np.ndarray, ticks: int, finger: float) -> np.ndarray:
    """Smooth joint motions ``[B, ticks, 9]``."""
    share = np.linspace(0, 1, ticks + 1)[1:, None]
    arm = start[:, None] + (share * share * (3 - 2 * share)) * (end - start)[:, None]
    return np.concatenate([arm, np.full((*arm.shape[:2], 2), finger)], axis=2)


def test_every_item_is_lifted_and_held_under_randomised_conditions():
    template, random = template_of("floor"), np.random.default_rng(0)
    engine = make("native", template)
    specs = [
        WorldSpec(task, seed, Perturbation(mass=random.uniform(0.5, 3.0), friction=random.uniform(0.45, 1.2)))
        for task in load_suite("libero_object_swap")
        for seed in range(51, 59)
    ]
    worlds, count = make_worlds(specs), len(specs)
    state, _ = engine.advance(
        worlds,
        engine.reset(worlds),
        np.tile([*HOME, OPEN_WIDTH / 2, OPEN_WIDTH / 2], (count, 25, 1)),
        np.full(count, 25),
    )
    slots = [worlds.specs[i].categories.index(spec.task.target_category) for i, spec in enumerate(specs)]
    address = template.slot_qpos[slots]
    rows = np.arange(count)[:, None]
    position = state.qpos[rows, address[:, None] + np.arange(3)] - template_of("floor").base
    extent = np.array([asset(spec.task.target_category).size for spec in specs])
    error = random.uniform(-_POSE_ERROR, _POSE_ERROR, (count, 3)) * (1, 1, 0)
    found = grasp.top_down(position + error, np.zeros(count), extent, support_height=0.0)
    home = np.tile(HOME, (count, 1))
    above = ik.solve(found.position + (0, 0, 0.12), found.quaternion, current=home)
    at = ik.solve(found.position, found.quaternion, current=above.q)
    lifted = ik.solve(found.position + (0, 0, 0.22), found.quaternion, current=above.q)
    assert above.reachable.all() and at.reachable.all() and lifted.reachable.all()
    ctrl = np.concatenate(
        [
            _ramp(home, above.q, 50, OPEN_WIDTH / 2),
            _ramp(above.q, at.q, 40, OPEN_WIDTH / 2),
            _ramp(at.q, at.q, 30, 0.0),
            _ramp(at.q, lifted.q, 50, 0.0),
            _ramp(lifted.q, lifted.q, 25, 0.0),
        ],
        axis=1,
    )
    end, readings = engine.advance(worlds, state, ctrl, np.full(count, ctrl.shape[1]))
    rise = end.qpos[np.arange(count), address + 2] - state.qpos[np.arange(count), address + 2]
    held = np.abs(rise - 0.22) < 0.02
    assert not readings.diverged.any()
    failed = [(specs[i].task.target_category, specs[i].seed, round(float(rise[i]), 3)) for i in np.flatnonzero(~held)]
    assert held.mean() >= 0.97, failed
