"""Parity mode's template: the geometry, masses and contact settings of a LIBERO checkout, compiled for one task.

What the benchmark's environments add to its model files is added here: free joints with damping, solver and step.
The robot is our own Panda, so that the same program runs on both geometries with the same arm.
"""

from __future__ import annotations

import functools

import mujoco

from aspire_mjx.worlds import panda
from aspire_mjx.worlds.checkout import attach
from aspire_mjx.worlds.occupants import Occupant, occupants
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import Template, add_sensors, add_surface, indexed
from aspire_mjx.worlds.workspaces import Slot, TemplateFamily, workspace

_TIMESTEP = 0.002  # s
_FREE_DAMPING = 0.0005  # N s/m and N m s/rad
_SOFT = {"solref": (0.02, 1.0), "friction": (1.0, 0.005, 0.0001)}  # tables and floors that upstream's code makes
#: Tables that are models themselves.
_STIFF = {"solref": (0.001, 1.0), "solimp": (0.998, 0.998, 0.001, 0.5, 2.0), "friction": (0.95, 0.3, 0.1)}
_MODELLED = ("living_room", "study")  # workspaces with such tables


@functools.lru_cache(maxsize=256)
def original_template(task: Task) -> Template:
    """The template of one task with the geometry of its checkout.

    Raises:
      WorldError: a model that is missing or cannot be read.
    """
    things = occupants(task, Perturbation(), 0)
    movable = [thing for thing in things if not thing.asset.fixture]
    scene = TemplateFamily(
        task.workspace,
        tuple(Slot(thing.name, len(thing.asset.boxes)) for thing in movable),
        tuple(thing.name for thing in things[len(movable) :]),
        pairs=0,
        contacts=0,
    )
    model = _structure(task, things).compile()
    return indexed(model, scene, name=f"{task.key}, original geometry", original=True)


def _structure(task: Task, things: tuple[Occupant, ...]) -> mujoco.MjSpec:
    spec = mujoco.MjSpec()
    spec.compiler.degree = False
    _set_physics(spec)
    add_surface(spec, task.workspace)
    for name in ("floor", *(["table"] if workspace(task.workspace).table else [])):
        modelled = name == "table" and task.workspace in _MODELLED
        for setting, value in (_STIFF if modelled else _SOFT).items():
            setattr(spec.geom(name), setting, value)
    panda.add_panda(spec, workspace(task.workspace).robot_base)
    for thing in things:
        body = spec.worldbody.add_body(name=thing.name)
        attach(body, task.checkout, thing.asset.category, thing.asset.boxes[0].rgb)
        if not thing.asset.fixture:
            damping = (_FREE_DAMPING, 0.0, 0.0)
            body.add_joint(name=thing.name, type=mujoco.mjtJoint.mjJNT_FREE, damping=damping)
    add_sensors(spec)
    return spec


def _set_physics(spec: mujoco.MjSpec) -> None:
    option = spec.option
    option.timestep = _TIMESTEP
    option.integrator = mujoco.mjtIntegrator.mjINT_EULER
    option.solver = mujoco.mjtSolver.mjSOL_NEWTON
    option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    option.impratio = 20
    # As in every template: a state is all there is to know, and a diverged lane must show.
    option.disableflags = int(mujoco.mjtDisableBit.mjDSBL_WARMSTART | mujoco.mjtDisableBit.mjDSBL_AUTORESET)
    spec.default.geom.solref = (0.01, 1.0)  # the robot's
