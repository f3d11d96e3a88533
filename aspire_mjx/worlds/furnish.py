"""Filling a template: a world's model is a copy of the template's, with the numbers of what stands in its slots."""

from __future__ import annotations

import copy
import functools
from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np

from aspire_mjx.worlds.assets import Asset
from aspire_mjx.worlds.template import Template, Thing

_FAR = 20.0  # m, where empty slots wait
_HIDDEN = 1e-3  # m, half sides of boxes that a thing has no use for
_SPIN, _ROLL = 0.02, 0.001  # m, caps on torsional and rolling friction: upstream's values belong to its own geometry


@dataclass(frozen=True, eq=False)
class _Numbers:
    """The boxes of an asset as arrays ``[K, ...]`` in the order of its slot's geoms, in the frames of their bodies."""

    position: np.ndarray
    quaternion: np.ndarray
    half: np.ndarray
    rgba: np.ndarray


@functools.lru_cache(maxsize=1024)
def _numbers(thing: Asset, links: tuple[str, ...], count: int) -> _Numbers:
    anchors = {"": (0.0, 0.0, 0.0), **{link.name: link.anchor for link in thing.links}}
    ordered = [box for link in ("", *links) for box in thing.boxes if box.link == link]
    spare = count - len(ordered)
    position = [np.subtract(box.centre, anchors[box.link]) for box in ordered]
    # Boxes without use hide, invisible, in the middle of the first: nothing reaches them there.
    return _Numbers(
        position=np.array([*position, *[position[0]] * spare]),
        quaternion=np.array([*(box.quaternion for box in ordered), *[(1.0, 0.0, 0.0, 0.0)] * spare]),
        half=np.array([*(box.half_size for box in ordered), *[(_HIDDEN,) * 3] * spare]),
        rgba=np.array([*((*box.rgb, 1.0) for box in ordered), *[(0.0, 0.0, 0.0, 0.0)] * spare]),
    )


def furnish(
    template: Template,
    contents: Sequence[Asset | None],
    *,
    fixture_poses: Sequence[tuple[np.ndarray, np.ndarray]],
    mass: float = 1.0,
    friction: float = 1.0,
) -> mujoco.MjModel:
    """A copy of the template's model with ``contents`` in its slots.

    Args:
      contents: what stands in each slot, None where nothing does; empty slots wait far away, held up by nothing but
        gravity compensation.
      fixture_poses: position [3] m and quaternion [4] of each fixture slot, world frame; ignored where empty.
      mass, friction: factors on movable objects' mass and sliding friction.
    """
    model = copy.copy(template.model)
    for slot, (thing, content) in enumerate(zip(template.things, contents, strict=True)):
        movable = slot < template.movables
        if content is None:
            _park(model, thing, slot, movable=movable)
            continue
        _dress(model, thing, content, friction=friction if movable else 1.0)
        if movable:
            _weigh(model, thing, content, mass)
        else:
            model.body_pos[thing.body], model.body_quat[thing.body] = fixture_poses[slot - template.movables]
    mujoco.mj_setConst(model, mujoco.MjData(model))
    return model


def _dress(model: mujoco.MjModel, thing: Thing, content: Asset, *, friction: float) -> None:
    numbers, geoms = _numbers(content, thing.links, len(thing.geoms)), thing.geoms
    model.geom_pos[geoms], model.geom_quat[geoms] = numbers.position, numbers.quaternion
    model.geom_size[geoms], model.geom_rgba[geoms] = numbers.half, numbers.rgba
    model.geom_rbound[geoms] = np.sqrt((numbers.half**2).sum(axis=1))
    model.geom_aabb[geoms, 3:] = numbers.half
    slide, spin, roll = content.friction
    model.geom_friction[geoms] = (slide * friction, min(spin, _SPIN), min(roll, _ROLL))


def _weigh(model: mujoco.MjModel, thing: Thing, content: Asset, factor: float) -> None:
    """Mass, and the inertia of a solid box of the bounding size."""
    mass = content.mass * factor
    x, y, z = content.size
    model.body_mass[thing.body] = mass
    model.body_inertia[thing.body] = (mass / 12 * (y * y + z * z), mass / 12 * (x * x + z * z), mass / 12 * (x * x + y * y))


def _park(model: mujoco.MjModel, thing: Thing, slot: int, *, movable: bool) -> None:
    model.geom_rgba[thing.geoms] = 0.0
    if movable:
        model.body_gravcomp[thing.body] = 1.0
    else:
        model.body_pos[thing.body] = parking_place(slot)


def parking_place(slot: int) -> np.ndarray:
    """Where an empty slot waits, ``[3]`` m: out of sight, reach and contact of everything."""
    return np.array([_FAR, _FAR + slot, _FAR])
