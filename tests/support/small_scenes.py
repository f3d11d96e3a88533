"""Assets alone in MuJoCo, without a template: enough to see whether they stand, hold and open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import mujoco
import numpy as np

from aspire_mjx.worlds.assets import Asset, asset, balance

STEP = 0.005  #: s


@dataclass(frozen=True)
class Put:
    """One thing of a scene: where its origin starts, m, and whether it may fall."""

    category: str
    position: tuple[float, float, float]
    quaternion: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)

    @property
    def loose(self) -> bool:
        return not asset(self.category).fixture


class SmallScene:
    """A plane and some things on it, with the solver's settings of the world templates.

    ``joints`` sets joint positions, m or rad; ``build`` adds what else is there.
    """

    def __init__(
        self,
        puts: list[Put],
        joints: Mapping[str, float] | None = None,
        build: Callable[[mujoco.MjSpec], None] | None = None,
    ) -> None:
        spec = mujoco.MjSpec()
        spec.compiler.degree = False
        spec.option.timestep = STEP
        spec.option.integrator = mujoco.mjtIntegrator.mjINT_EULER
        spec.option.iterations, spec.option.ls_iterations, spec.option.impratio = 10, 10, 10
        spec.option.disableflags = int(mujoco.mjtDisableBit.mjDSBL_EULERDAMP | mujoco.mjtDisableBit.mjDSBL_AUTORESET)
        spec.default.geom.solref = (0.01, 1.0)
        spec.default.geom.condim = 3
        spec.worldbody.add_geom(type=mujoco.mjtGeom.mjGEOM_PLANE, size=(2, 2, 0.1), contype=1, conaffinity=1)
        for i, put in enumerate(puts):
            _add(spec, f"{i}", put)
        if build is not None:
            build(spec)
        self.model = spec.compile()
        self.data = mujoco.MjData(self.model)
        for name, value in (joints or {}).items():
            self.data.joint(name).qpos = value
        mujoco.mj_forward(self.model, self.data)

    def run(self, seconds: float) -> SmallScene:
        mujoco.mj_step(self.model, self.data, nstep=round(seconds / STEP))
        assert np.isfinite(self.data.qpos).all()
        return self

    def position(self, index: int) -> np.ndarray:
        """World position [3] m of a thing's origin."""
        return self.data.body(f"{index}").xpos.copy()

    def up(self, index: int) -> float:
        """Cosine of the angle between a thing's own upright and the world's."""
        return float(self.data.body(f"{index}").xmat[8])

    def speed(self, index: int) -> float:
        """m/s of a thing that may fall."""
        return float(np.linalg.norm(self.data.body(f"{index}").cvel[3:]))


def _add(spec: mujoco.MjSpec, name: str, put: Put) -> None:
    thing = asset(put.category)
    body = spec.worldbody.add_body(name=name, pos=put.position, quat=put.quaternion)
    if put.loose:
        body.add_freejoint(name=name)
        body.mass, body.ipos, body.explicitinertial = thing.mass, thing.centre_of_mass, True
        body.inertia = thing.inertia
    _add_boxes(body, thing, "", np.zeros(3), loose=put.loose)
    for link in thing.links:
        moving = body.add_body(name=f"{name}/{link.name}", pos=link.anchor)
        kind = mujoco.mjtJoint.mjJNT_SLIDE if link.kind == "slide" else mujoco.mjtJoint.mjJNT_HINGE
        middle, inertia = balance(thing.part(link.name), link.mass)
        moving.mass, moving.ipos, moving.inertia = link.mass, middle - link.anchor, inertia
        moving.explicitinertial = True
        moving.add_joint(
            name=link.name,
            type=kind,
            axis=link.axis,
            range=link.range,
            limited=True,
            damping=(link.damping, 0.0, 0.0),
            armature=link.armature,
        )
        _add_boxes(moving, thing, link.name, np.asarray(link.anchor), loose=False)


def _add_boxes(body: mujoco.MjsBody, thing: Asset, link: str, origin: np.ndarray, *, loose: bool) -> None:
    for box in thing.part(link):
        body.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=box.half_size,
            pos=np.asarray(box.centre) - origin,
            quat=box.quaternion,
            friction=(thing.friction[0], 0.02, 0.001),
            contype=1 if loose else 2,
            conaffinity=3 if loose else 0,
            mass=0,
        )
