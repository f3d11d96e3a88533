"""A world as an MJCF file that opens in MuJoCo's own viewer."""

from __future__ import annotations

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
            geom.pos, geom.quat, geom.size = (a[geom.id] for a in (model.geom_pos, model.geom_quat, model.geom_size))
        geom.friction, geom.rgba = model.geom_friction[geom.id], model.geom_rgba[geom.id]
    for actuator in spec.actuators:
        actuator.gainprm, actuator.biasprm = model.actuator_gainprm[actuator.id], model.actuator_biasprm[actuator.id]
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
            body.pos, body.quat = qpos[address : address + 3], qpos[address + 3 : address + 7]
            body.mass, body.inertia = model.body_mass[body.id], model.body_inertia[body.id]
            body.ipos, body.gravcomp = model.body_ipos[body.id], model.body_gravcomp[body.id]
        else:
            body.pos, body.quat = model.body_pos[body.id], model.body_quat[body.id]


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
    spec.stat.center, spec.stat.extent = (0.0, 0.0, worlds.template.support), _SCENE_SIZE
