"""Filling a template: a world's model is a copy of the template's, with the numbers of what stands in its slots."""

from __future__ import annotations

import copy
import functools
from collections.abc import Sequence

import mujoco
import numpy as np

from aspire_mjx.errors import WorldError
from aspire_mjx.worlds.assets import Asset
from aspire_mjx.worlds.occupants import Occupant
from aspire_mjx.worlds.panda import ARM_JOINTS
from aspire_mjx.worlds.perturbation import Perturbation, added_doses, effect
from aspire_mjx.worlds.streams import WorldSeed
from aspire_mjx.worlds.template import LEAVES, Template, Thing

_FAR = 20.0  # m, where empty slots wait
_HIDDEN = 1e-3  # m, half sides of boxes that a thing has no use for
_ENV_FLOOR, _ENV_SURFACE = (0.30, 0.36, 0.42), (0.34, 0.40, 0.36)  # RGB of the other surroundings
_SPIN, _ROLL = 0.02, 0.001  # m, caps on torsional and rolling friction: upstream's values belong to its own geometry


@functools.lru_cache(maxsize=1024)
def _numbers(thing: Asset, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Positions, quaternions, half sides and colours ``[K, ...]`` of an asset's boxes, in the frames of their bodies.

    They are in the order of a slot's ``count`` geoms; boxes without use hide, invisible, in the middle of the first:
    nothing reaches them there.
    """
    anchors = {"": (0.0, 0.0, 0.0), **{link.name: link.anchor for link in thing.links}}
    spare = count - len(thing.boxes)
    position = [np.subtract(box.centre, anchors[box.link]) for box in thing.boxes]
    return (
        np.array([*position, *[position[0]] * spare]),
        np.array([*(box.quaternion for box in thing.boxes), *[(1.0, 0.0, 0.0, 0.0)] * spare]),
        np.array([*(box.half_size for box in thing.boxes), *[(_HIDDEN,) * 3] * spare]),
        np.array([*((*box.rgb, 1.0) for box in thing.boxes), *[(0.0, 0.0, 0.0, 0.0)] * spare]),
    )


def furnish(
    template: Template,
    contents: Sequence[Occupant],
    fixture_poses: Sequence[tuple[np.ndarray, np.ndarray]],
    *,
    perturbation: Perturbation,
    seed: WorldSeed,
    look: str = "",
) -> mujoco.MjModel:
    """A copy of the template's model with ``contents`` in its slots.

    Args:
      template: whose model is copied.
      contents: what stands in which slot; empty slots wait far away, held up by nothing but gravity compensation.
      fixture_poses: position [3] m and quaternion [4] of each fixture slot, world frame; ignored where empty.
      perturbation: doses of mass, friction, colour, table, base, gain and light.
      seed: decides directions and colours.
      look: appearance of the surroundings, as in :class:`~aspire_mjx.worlds.tasks.Task`.
    """
    model = copy.copy(template.model)
    inside = {occupant.slot: occupant for occupant in contents}
    for slot, thing in enumerate(template.things):
        movable, occupant = slot < template.movables, inside.get(slot)
        if occupant is None:
            _park(model, thing, slot, movable=movable)
            continue
        if not template.original:  # else the structure has its own numbers
            _dress(model, thing, occupant.asset)
            if movable:
                model.body_mass[thing.body] = occupant.asset.mass
                model.body_ipos[thing.body] = occupant.asset.centre_of_mass
                model.body_inertia[thing.body] = occupant.asset.inertia
        if movable:
            _weigh(model, thing, perturbation.mass)
        else:
            model.body_pos[thing.body], model.body_quat[thing.body] = fixture_poses[slot - template.movables]
        if perturbation.colour:
            _tint(model, thing, perturbation.colour, seed.stream("colour", occupant.name))
    model.geom_friction *= perturbation.friction  # all of it: a contact has the larger one of its two geoms' figures
    _surround(model, template, perturbation, seed, look)
    for name, dose in added_doses(perturbation).items():
        _apply(model, name, dose, seed)
    mujoco.mj_setConst(model, mujoco.MjData(model))
    return model


def _apply(model: mujoco.MjModel, name: str, dose: float, seed: WorldSeed) -> None:
    """The effect of an extension's factor, which may change what differs between worlds and nothing else."""
    before = {field: value.copy() for field, value in _arrays(model).items() if field not in LEAVES}
    effect(name)(model, dose, seed.stream("factor", name))
    after = _arrays(model)
    changed = [field for field, value in before.items() if not np.array_equal(value, after[field])]
    if changed:
        raise WorldError(
            f"perturbation factor {name!r} changes {', '.join(changed)} of the model, which all worlds of a template "
            f"share; change some of {', '.join(LEAVES)}."
        )


def _arrays(model: mujoco.MjModel) -> dict[str, np.ndarray]:
    return {
        name: getattr(model, name)
        for name in dir(model)
        if not name.startswith("_") and isinstance(getattr(model, name), np.ndarray)
    }


def base_of(template: Template, perturbation: Perturbation, seed: WorldSeed) -> np.ndarray:
    """Where the robot's base stands, ``[3]`` m, world frame."""
    if not perturbation.base:
        return template.base
    angle = seed.stream("base").uniform(-np.pi, np.pi)
    return template.base + perturbation.base * np.array([np.cos(angle), np.sin(angle), 0.0])


def _surround(
    model: mujoco.MjModel, template: Template, perturbation: Perturbation, seed: WorldSeed, look: str
) -> None:
    """The robot, the table, and how they look."""
    model.body_pos[model.body("robot_base").id] = base_of(template, perturbation, seed)
    if perturbation.gain != 1.0:
        arm = [model.actuator(name).id for name in ARM_JOINTS]
        model.actuator_gainprm[arm] *= perturbation.gain
        model.actuator_biasprm[arm] *= perturbation.gain
    model.geom_pos[template.table_geoms, 2] += perturbation.table
    surface = template.table_geom if template.table_geom >= 0 else model.geom("floor").id
    if look == "env":
        model.geom_rgba[model.geom("floor").id, :3] = _ENV_FLOOR
        model.geom_rgba[surface, :3] = _ENV_SURFACE


def _tint(model: mujoco.MjModel, thing: Thing, share: float, random: np.random.Generator) -> None:
    shown = thing.geoms[model.geom_rgba[thing.geoms, 3] > 0]
    colour = random.uniform(0.0, 1.0, 3)
    model.geom_rgba[shown, :3] = (1.0 - share) * model.geom_rgba[shown, :3] + share * colour


def _dress(model: mujoco.MjModel, thing: Thing, content: Asset) -> None:
    geoms = thing.geoms
    position, quaternion, half, rgba = _numbers(content, len(geoms))
    model.geom_pos[geoms] = position
    model.geom_quat[geoms] = quaternion
    model.geom_size[geoms] = half
    model.geom_rgba[geoms] = rgba
    model.geom_rbound[geoms] = np.sqrt((half**2).sum(axis=1))
    model.geom_aabb[geoms, 3:] = half
    _let_through(model, geoms[len(content.boxes) :])
    slide, spin, roll = content.friction
    model.geom_friction[geoms] = (slide, min(spin, _SPIN), min(roll, _ROLL))


def _weigh(model: mujoco.MjModel, thing: Thing, factor: float) -> None:
    """Mass times a factor."""
    bodies = np.unique([thing.body, *model.geom_bodyid[thing.geoms]])
    model.body_mass[bodies] *= factor
    model.body_inertia[bodies] *= factor


def _park(model: mujoco.MjModel, thing: Thing, slot: int, *, movable: bool) -> None:
    model.geom_rgba[thing.geoms] = 0.0
    _let_through(model, thing.geoms)
    if movable:
        model.body_gravcomp[thing.body] = 1.0
    else:
        model.body_pos[thing.body] = parking_place(slot)


def _let_through(model: mujoco.MjModel, geoms: np.ndarray) -> None:
    """Takes geoms that nothing can reach out of C MuJoCo's search for contacts; MJX's pairs are its template's."""
    model.geom_contype[geoms] = model.geom_conaffinity[geoms] = 0
    for body in np.unique(model.geom_bodyid[geoms]).tolist():
        own = slice(model.body_geomadr[body], model.body_geomadr[body] + model.body_geomnum[body])
        model.body_contype[body] = np.bitwise_or.reduce(model.geom_contype[own])
        model.body_conaffinity[body] = np.bitwise_or.reduce(model.geom_conaffinity[own])


def parking_place(slot: int) -> np.ndarray:
    """Where an empty slot waits, ``[3]`` m: out of sight, reach and contact of everything."""
    return np.array([_FAR, _FAR + slot, _FAR])
