"""A batch of worlds that share one template: what an engine simulates and a camera looks at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import mujoco
import numpy as np

from aspire_mjx.columns import SHARED, Columns
from aspire_mjx.errors import WorldError
from aspire_mjx.worlds.furnish import base_of, furnish
from aspire_mjx.worlds.occupants import Occupant, occupants
from aspire_mjx.worlds.original import original_template
from aspire_mjx.worlds.panda import REST
from aspire_mjx.worlds.perturbation import Perturbation, added_doses
from aspire_mjx.worlds.placement import Layout, lay_out
from aspire_mjx.worlds.poses import Moves, ThingPose
from aspire_mjx.worlds.predicates import Things
from aspire_mjx.worlds.streams import WorldSeed
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import LEAVES, Template, template_of
from aspire_mjx.worlds.viewpoint import Viewpoint, viewpoint

_ENV_LIGHT = 0.7  # brightness of the other surroundings


@dataclass(frozen=True)
class WorldSpec:
    """What identifies one world: task, seed and perturbation. Equal specs are equal worlds, bit for bit."""

    task: Task
    seed: int
    perturbation: Perturbation = Perturbation()

    @property
    def random(self) -> WorldSeed:
        """Where its random streams start."""
        return WorldSeed(self.task.key, self.seed)

    @property
    def template(self) -> Template:
        """The template that the world is made from."""
        if self.task.checkout:
            return original_template(self.task)
        return template_of(self.task.workspace, spare=int(self.perturbation.distractors))

    @property
    def occupants(self) -> tuple[Occupant, ...]:
        """What stands in the template's slots."""
        return occupants(self.task, self.perturbation, self.seed)

    @property
    def categories(self) -> tuple[str, ...]:
        """Category in each of those slots, "" where nothing stands."""
        names = [""] * len(self.template.things)
        for occupant in self.occupants:
            names[occupant.slot] = occupant.asset.category
        return tuple(names)

    @property
    def view(self) -> Viewpoint:
        """Where its camera is."""
        return viewpoint(self.task.workspace, self.perturbation, self.random)

    @property
    def brightness(self) -> float:
        """Of its light."""
        return self.perturbation.light * self.usual_brightness

    @property
    def usual_brightness(self) -> float:
        """Of its light in the world without perturbation: 1, but in other surroundings."""
        return _ENV_LIGHT if self.task.look == "env" else 1.0


@dataclass(frozen=True, eq=False)
class Worlds(Columns):
    """``B`` worlds of one template; those taken from it share its models.

    Attributes:
      template: that all are made from.
      specs: ``[B]`` :class:`WorldSpec` objects, what each world is.
      models: the distinct MuJoCo models among them.
      variant: ``[B]`` index of each world's model in ``models``.
      qpos: ``[B, nq]`` initial joint positions before settling; quaternions wxyz, m, rad.
      shift: ``[B, slots, 3]`` m, world frame, and
      yaw: ``[B, slots]`` rad: how the perturbation moved what starts in each slot.
    """

    template: Template = field(metadata=SHARED)
    specs: np.ndarray
    models: tuple[mujoco.MjModel, ...] = field(metadata=SHARED)
    variant: np.ndarray
    qpos: np.ndarray
    shift: np.ndarray
    yaw: np.ndarray
    #: Leaves of all models, made when asked for.
    _stacks: dict[str, np.ndarray] = field(default_factory=dict, repr=False, metadata=SHARED)

    def model_of(self, lane: int) -> mujoco.MjModel:
        """The model of one world."""
        return self.models[self.variant[lane]]

    def leaves(self, names: Sequence[str] = LEAVES) -> dict[str, np.ndarray]:
        """Model arrays that differ between worlds, stacked: name to ``[B, ...]``."""
        for name in names:
            if name not in self._stacks:
                self._stacks[name] = np.stack([getattr(model, name) for model in self.models])
        return {name: self._stacks[name][self.variant] for name in names}

    @property
    def base(self) -> np.ndarray:
        """``[B, 3]`` m, the robot's base in the world frame."""
        return np.array([base_of(self.template, spec.perturbation, spec.random) for spec in self.specs])

    @property
    def rest(self) -> np.ndarray:
        """``[B, 9]`` servo targets when an episode starts: the arm holds still where it is, the gripper is open."""
        return np.concatenate([self.qpos[:, self.template.arm_qpos], np.tile(REST[7:], (len(self), 1))], axis=1)

    def things(self, qpos: np.ndarray) -> Things:
        """Everything by instance name in the states ``qpos [B, nq]``; all worlds must hold the same things."""
        template, found, roots = self.template, {}, self.leaves(("body_pos", "body_quat"))
        for occupant in self.specs[0].occupants:
            thing = template.things[occupant.slot]
            if occupant.slot < template.movables:
                address = template.slot_qpos[occupant.slot]
                position, quaternion = qpos[:, address : address + 3], qpos[:, address + 3 : address + 7]
            else:
                position, quaternion = (leaf[:, thing.body] for leaf in roots.values())
            joints = {link: qpos[:, a] for link, a in zip(thing.links, thing.link_qpos, strict=True)}
            moved = Moves(self.shift[:, occupant.slot], self.yaw[:, occupant.slot])
            found[occupant.name] = ThingPose(occupant.asset, position, quaternion, joints, moved)
        return found


def make_worlds(specs: Sequence[WorldSpec]) -> Worlds:
    """Builds a batch of worlds of one template.

    Raises:
      WorldError: worlds of different templates, a task that does not fit its template, or no free place for something.
      UnknownNameError: an unknown category.
    """
    templates = {spec.template.name: spec.template for spec in specs}
    if len(templates) != 1:
        raise WorldError(
            f"a batch of worlds shares one template, not {len(templates)} ({', '.join(templates)}): run each "
            f"workspace's tasks, and each number of distractors, on their own."
        )
    (template,) = templates.values()
    models: dict[tuple, mujoco.MjModel] = {}
    numbers: dict[tuple, int] = {}
    variant, layouts = [], []
    for spec in specs:
        layout = lay_out(template, spec.task, spec.seed, spec.perturbation)
        key = _model_key(spec, layout)
        if key not in models:
            models[key] = furnish(
                template,
                spec.occupants,
                layout.fixture_poses,
                perturbation=spec.perturbation,
                seed=spec.random,
                look=spec.task.look,
            )
        variant.append(numbers.setdefault(key, len(numbers)))
        layouts.append(layout)
    rows = np.empty(len(specs), object)
    rows[:] = specs
    return Worlds(
        template,
        rows,
        tuple(models.values()),
        np.array(variant, np.int32),
        np.array([layout.qpos for layout in layouts]),
        np.array([layout.moved.shift for layout in layouts]),
        np.array([layout.moved.yaw for layout in layouts]),
    )


def refusals(specs: Iterable[WorldSpec]) -> dict[WorldSpec, str]:
    """Those of some worlds that cannot be built, each with the reason."""
    found = {}
    for spec in specs:
        try:
            lay_out(spec.template, spec.task, spec.seed, spec.perturbation)
        except WorldError as error:
            found[spec] = str(error)
    return found


def _model_key(spec: WorldSpec, layout: Layout) -> tuple:
    """Worlds of equal keys share a model: what differs between them is the initial state."""
    dose, others = spec.perturbation, tuple(added_doses(spec.perturbation).items())
    return (
        spec.categories,
        (dose.size, dose.mass, dose.friction, dose.colour, dose.table, dose.base, dose.gain),
        others,
        spec.random if dose.colour or dose.base or others else None,
        spec.task.look,
        tuple(number.tobytes() for pose in layout.fixture_poses for number in pose),
    )
