"""A batch of worlds that share one template: what an engine simulates and a camera looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np

from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.placement import initial_qpos, slot_order
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import LEAVES, Template, build_model, libero_object_template


@dataclass(frozen=True)
class WorldSpec:
    """What identifies one world: task, seed and perturbation. Equal specs are equal worlds, bit for bit."""

    task: Task
    seed: int
    perturbation: Perturbation = Perturbation()


@dataclass(frozen=True, eq=False)
class Worlds:
    """``B`` worlds of one template.

    Attributes:
      specs: ``[B]`` :class:`WorldSpec` objects, what each world is.
      models: the distinct MuJoCo models among them.
      variant: ``[B]`` index of each world's model in ``models``.
      qpos: ``[B, nq]`` initial joint positions before settling; quaternions wxyz, m, rad.
    """

    template: Template
    specs: np.ndarray
    models: tuple[mujoco.MjModel, ...]
    variant: np.ndarray
    qpos: np.ndarray

    def __len__(self) -> int:
        return len(self.specs)

    def take(self, rows: np.ndarray) -> Worlds:
        """Some of the worlds, repeated as often as asked; the models are shared."""
        return Worlds(self.template, self.specs[rows], self.models, self.variant[rows], self.qpos[rows])

    def model_of(self, lane: int) -> mujoco.MjModel:
        """The model of one world."""
        return self.models[self.variant[lane]]

    def leaves(self, names: Sequence[str] = LEAVES) -> dict[str, np.ndarray]:
        """Model arrays that differ between worlds, stacked: name to ``[B, ...]``."""
        return {name: np.stack([getattr(m, name) for m in self.models])[self.variant] for name in names}

    def categories(self, lane: int) -> tuple[str, ...]:
        """Category in each slot of one world."""
        return tuple(p.category for p in slot_order(self.specs[lane].task))


def make_worlds(specs: Sequence[WorldSpec]) -> Worlds:
    """Builds a batch of worlds.

    Raises:
      WorldError, UnknownNameError: a task that does not fit the template or names unknown categories.
    """
    template = libero_object_template()
    models: dict[int, mujoco.MjModel] = {}
    variant = []
    for spec in specs:
        model = build_model(tuple(p.category for p in slot_order(spec.task)), _physical(spec.perturbation))
        models.setdefault(id(model), model)
        variant.append(list(models).index(id(model)))
    qpos = [initial_qpos(template, s.task, s.seed, s.perturbation) for s in specs]
    rows = np.empty(len(specs), object)
    rows[:] = specs
    return Worlds(template, rows, tuple(models.values()), np.array(variant, np.int32), np.array(qpos))


def _physical(perturbation: Perturbation) -> Perturbation:
    """The part of a perturbation that is compiled into a model; the rest is state or perception."""
    return Perturbation(mass=perturbation.mass, friction=perturbation.friction)
