"""A batch of worlds that share one template: what an engine simulates and a camera looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np

from aspire_mjx.errors import WorldError
from aspire_mjx.worlds.families import occupants, slot_assets
from aspire_mjx.worlds.furnish import furnish
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.placement import Layout, lay_out
from aspire_mjx.worlds.poses import ThingPose
from aspire_mjx.worlds.predicates import Things
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import LEAVES, Template, template_of


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
        """Category in each slot of one world, "" where nothing stands."""
        return tuple("" if thing is None else thing.category for thing in slot_assets(self.specs[lane].task))

    def things(self, qpos: np.ndarray) -> Things:
        """Everything by instance name in the states ``qpos [B, nq]``; all worlds must be of one task."""
        task, template = self.specs[0].task, self.template
        contents = slot_assets(task)
        found = {}
        for name, slot in occupants(task).items():
            thing, content = template.things[slot], contents[slot]
            assert content is not None
            if slot < template.movables:
                address = template.slot_qpos[slot]
                position, quaternion = qpos[:, address : address + 3], qpos[:, address + 3 : address + 7]
            else:
                position, quaternion = (
                    np.stack([getattr(m, leaf)[thing.body] for m in self.models])[self.variant]
                    for leaf in ("body_pos", "body_quat")
                )
            joints = {link: qpos[:, a] for link, a in zip(thing.links, thing.link_qpos, strict=True)}
            found[name] = ThingPose(content, position, quaternion, joints)
        return found


def make_worlds(specs: Sequence[WorldSpec]) -> Worlds:
    """Builds a batch of worlds of one workspace.

    Raises:
      WorldError, UnknownNameError: tasks of different workspaces, a task that does not fit the template, unknown
      categories, or no free place for something.
    """
    scenes = dict.fromkeys(spec.task.workspace for spec in specs)
    if len(scenes) != 1:
        raise WorldError(
            f"worlds of {len(scenes)} workspaces ({', '.join(scenes)}) in one batch; a batch shares one template: "
            f"run each workspace's tasks on their own."
        )
    template = template_of(next(iter(scenes)))
    models: dict[tuple, mujoco.MjModel] = {}
    numbers: dict[tuple, int] = {}
    variant, qpos = [], []
    for spec in specs:
        layout = lay_out(template, spec.task, spec.seed, spec.perturbation)
        key = _model_key(spec, layout)
        if key not in models:
            models[key] = _build(template, spec, layout)
        variant.append(numbers.setdefault(key, len(numbers)))
        qpos.append(layout.qpos)
    rows = np.empty(len(specs), object)
    rows[:] = specs
    return Worlds(template, rows, tuple(models.values()), np.array(variant, np.int32), np.array(qpos))


def _model_key(spec: WorldSpec, layout: Layout) -> tuple:
    """Worlds of equal keys share a model: what differs between them is the initial state."""
    poses = tuple(number.tobytes() for pose in layout.fixture_poses for number in pose)
    categories = tuple(spec.task.category_of(name) for name in occupants(spec.task))
    return categories, spec.perturbation.mass, spec.perturbation.friction, poses


def _build(template: Template, spec: WorldSpec, layout: Layout) -> mujoco.MjModel:
    return furnish(
        template,
        slot_assets(spec.task),
        fixture_poses=layout.fixture_poses,
        mass=spec.perturbation.mass,
        friction=spec.perturbation.friction,
    )
