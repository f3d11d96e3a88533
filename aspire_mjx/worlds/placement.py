"""Where things stand at the start: the benchmark's region sampler, seeded."""

from __future__ import annotations

import numpy as np

from aspire_mjx.worlds import assets, panda
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.tasks import Placement, Task
from aspire_mjx.worlds.template import Template

_CLEARANCE = 0.001  #: m above the floor at the start, before settling


def slot_order(task: Task) -> tuple[Placement, ...]:
    """The task's objects in slot order: the basket, then the food items as the task lists them."""
    basket = tuple(p for p in task.placements if p.category == "basket")
    return basket + tuple(p for p in task.placements if p.category != "basket")


def initial_qpos(template: Template, task: Task, seed: int, perturbation: Perturbation) -> np.ndarray:
    """Joint positions ``[nq]`` of a task at its start, before settling: robot at home, objects in their regions.

    The benchmark shrinks each region by the object's radius and, in its table and floor problems, inverts the range
    when the radius is the larger one; so the half width that counts is ``|half width - radius|``. Yaw is fixed by the
    object class there, and so here.
    """
    random = np.random.default_rng([seed, 0x0B1EC7])
    qpos = template.model.qpos0.copy()
    qpos[template.arm_qpos] = panda.HOME
    qpos[template.finger_qpos] = panda.OPEN_WIDTH / 2
    for placement, address in zip(slot_order(task), template.slot_qpos, strict=True):
        asset = assets.asset(placement.category)
        low, high = np.asarray(placement.low), np.asarray(placement.high)
        half = np.abs((high - low) / 2 - asset.horizontal_radius)
        shift = random.uniform(-1.0, 1.0, size=(2, 2))
        xy = (low + high) / 2 + shift[0] * half + shift[1] * perturbation.position
        qpos[address : address + 7] = (*xy, asset.origin_height + _CLEARANCE, 1, 0, 0, 0)
    return qpos
