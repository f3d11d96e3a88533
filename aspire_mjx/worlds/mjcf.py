"""A world as an MJCF file that opens in MuJoCo's own viewer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mujoco
import numpy as np

from aspire_mjx.worlds import panda
from aspire_mjx.worlds.template import structure
from aspire_mjx.worlds.worlds import Worlds

KEYFRAME = "start"  #: name of the keyframe that holds the state
_BRIGHT = 0.6  # diffuse light at brightness 1
_SCENE_SIZE = 1.2  # m; MuJoCo's own idea of it would reach to where empty slots wait


def world_mjcf(worlds: Worlds, qpos: np.ndarray) -> str:
    """MJCF text of a batch of one world, with its camera, a light, and the state ``qpos [nq]`` as a keyframe.

    A world's model is its template's with other numbers in its arrays; here they go back to where a compiler reads
    them. Loose things start where they are in ``qpos``; the viewer shows the robot's state when the keyframe is loaded.
    """
    (world,), model = worlds.specs, worlds.model_of(0)
    spec = structure(worlds.template.family)
    spec.compile()  # gives the elements their ids
    spec.modelname = world.task.key
    _place_bodies(spec, worlds, model, qpos)
    for geom in spec.geoms:
        if geom.type in (mujoco.mjtGeom.mjGEOM_BOX, mujoco.mjtGeom.mjGEOM_PLANE):
            _take(geom, model, "geom", ("pos", "quat", "size"))
        _take(geom, model, "geom", ("friction", "rgba"))
    for actuator in spec.actuators:
        _take(actuator, model, "actuator", ("gainprm", "biasprm"))
    _add_view(spec, worlds)
    rest = [*panda.HOME, *(panda.OPEN_WIDTH / 2,) * len(panda.FINGER_JOINTS)]
    spec.add_key(name=KEYFRAME, qpos=qpos, ctrl=rest)
    spec.compile()
    return spec.to_xml()


def _place_bodies(spec: mujoco.MjSpec, worlds: Worlds, model: mujoco.MjModel, qpos: np.ndarray) -> None:
    template = worlds.template
    base = spec.body("robot_base")
    base.pos = model.body_pos[base.id]
    for slot, thing in enumerate(template.things):
        body = spec.body(thing.name)
        if slot < template.movables:
            address = template.slot_qpos[slot]
            body.pos = qpos[address : address + 3]
            body.quat = qpos[address + 3 : address + 7]
            _take(body, model, "body", ("mass", "inertia", "ipos", "gravcomp"))
        else:
            _take(body, model, "body", ("pos", "quat"))


def _take(element: Any, model: mujoco.MjModel, kind: str, names: Sequence[str]) -> None:
    """Sets numbers of an element of a kind to those that the model has for it."""
    for name in names:
        setattr(element, name, getattr(model, f"{kind}_{name}")[element.id])


def _add_view(spec: mujoco.MjSpec, worlds: Worlds) -> None:
    (world,) = worlds.specs
    view, shade = world.view, _BRIGHT * world.brightness
    spec.worldbody.add_camera(
        name="agentview", pos=view.position, quat=view.quaternion, fovy=float(np.degrees(view.fovy))
    )
    spec.worldbody.add_light(
        name="light",
        type=mujoco.mjtLightType.mjLIGHT_DIRECTIONAL,
        pos=(0, 0, 3),
        dir=(-0.35, -0.2, -0.915),
        diffuse=(shade, shade, shade),
    )
    spec.stat.center = (0.0, 0.0, worlds.template.support)
    spec.stat.extent = _SCENE_SIZE
