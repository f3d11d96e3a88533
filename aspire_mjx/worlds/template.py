"""The world template: one MuJoCo model structure shared by every task, seed and perturbation of a suite family.

Structure (bodies, joints, geom types, contact filter, solver settings) is fixed, so one XLA compilation serves all.
What differs between worlds is numbers in the model's arrays (see :data:`LEAVES`) and the initial state.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np

from aspire_mjx.errors import WorldError
from aspire_mjx.worlds import assets, panda
from aspire_mjx.worlds.perturbation import Perturbation

TIMESTEP = 0.005  #: s, one physics step
TICK = 0.02  #: s, one control tick
SUBSTEPS = round(TICK / TIMESTEP)
HORIZON = 2500  #: control ticks in an episode (50 s, as upstream's 1000 steps of 50 ms)
FOOD_SLOTS = 6
_FIRST_FOOD = ("cream_cheese", "tomato_sauce", "ketchup", "orange_juice", "milk", "butter")
#: Robot geoms that touch and whose contacts are sensed, in sensor order.
TOUCH_GEOMS = ("finger_left_pad", "finger_right_pad", "hand_box", "wrist_box")
BASE = (-0.6, 0.0, 0.0)  #: m, robot base in the world frame (the floor workspace)

#: Model arrays that may differ between two worlds of one template.
LEAVES = (
    "geom_size",
    "geom_pos",
    "geom_rbound",
    "geom_aabb",
    "geom_friction",
    "geom_rgba",
    "body_mass",
    "body_subtreemass",
    "body_inertia",
    "body_invweight0",
    "dof_invweight0",
)


@dataclass(frozen=True)
class Template:
    """Index of the compiled structure.

    Attributes:
      name: identifies the structure; part of cache keys.
      model: a representative model (any task's numbers).
      arm_qpos, arm_dof: addresses of the 7 arm joints.  finger_qpos: of the 2 fingers.
      slot_body: body id of each object slot; slot 0 is the basket.
      slot_qpos: address of each slot's 7 free-joint numbers.
      geom_slot: [G] slot of each geom, -1 for robot and floor.
    """

    name: str
    model: mujoco.MjModel
    arm_qpos: np.ndarray
    arm_dof: np.ndarray
    finger_qpos: np.ndarray
    slot_body: np.ndarray
    slot_qpos: np.ndarray
    geom_slot: np.ndarray


def slot_names() -> tuple[str, ...]:
    """Body names of the object slots: the basket, then the food items."""
    return ("basket", *(f"food{i}" for i in range(FOOD_SLOTS)))


@functools.cache
def libero_object_template() -> Template:
    """The template of ``libero_object`` and its perturbed suites: a Panda on the floor, a basket, six food items."""
    first = ("basket", *_FIRST_FOOD)
    model = build_model(first, Perturbation())

    def ids(kind: mujoco.mjtObj, names: Sequence[str]) -> np.ndarray:
        return np.array([mujoco.mj_name2id(model, kind, name) for name in names])

    joint, body = mujoco.mjtObj.mjOBJ_JOINT, mujoco.mjtObj.mjOBJ_BODY
    arm = ids(joint, panda.ARM_JOINTS)
    slot_body = ids(body, slot_names())
    slot_of_body = {int(b): slot for slot, b in enumerate(slot_body)}
    return Template(
        name="libero_object-1",
        model=model,
        arm_qpos=model.jnt_qposadr[arm],
        arm_dof=model.jnt_dofadr[arm],
        finger_qpos=model.jnt_qposadr[ids(joint, panda.FINGER_JOINTS)],
        slot_body=slot_body,
        slot_qpos=model.jnt_qposadr[model.body_jntadr[slot_body]],
        geom_slot=np.array([slot_of_body.get(int(b), -1) for b in model.geom_bodyid]),
    )


@functools.lru_cache(maxsize=4096)
def build_model(slots: tuple[str, ...], perturbation: Perturbation) -> mujoco.MjModel:
    """Compiles the model of a world: ``slots`` names the category in each slot, basket first.

    Raises:
      WorldError: a number of objects other than the template's.
    """
    if len(slots) != 1 + FOOD_SLOTS or slots[0] != "basket":
        raise WorldError(f"the libero_object template holds a basket and {FOOD_SLOTS} food items, got {slots}")
    spec = mujoco.MjSpec()
    spec.compiler.degree = False
    _set_physics(spec)
    spec.worldbody.add_geom(
        name="floor",
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=(2, 2, 0.1),
        rgba=(0.55, 0.50, 0.45, 1),
        friction=(1.0, 0.005, 0.0001),
        contype=panda.BITS.robot,
        conaffinity=panda.BITS.floor,
    )
    panda.add_panda(spec, BASE)
    for name, category in zip(slot_names(), slots, strict=True):
        _add_object(spec, name, assets.asset(category), perturbation)
    _add_sensors(spec)
    return spec.compile()


def _set_physics(spec: mujoco.MjSpec) -> None:
    option = spec.option
    option.timestep = TIMESTEP
    option.integrator = mujoco.mjtIntegrator.mjINT_EULER
    option.solver = mujoco.mjtSolver.mjSOL_NEWTON
    option.iterations, option.ls_iterations = 10, 10
    option.cone = mujoco.mjtCone.mjCONE_PYRAMIDAL
    option.impratio = 10
    # Without warm starts a state is all there is to know: chunked runs equal whole runs bit for bit.
    option.disableflags = int(
        mujoco.mjtDisableBit.mjDSBL_EULERDAMP
        | mujoco.mjtDisableBit.mjDSBL_WARMSTART
        | mujoco.mjtDisableBit.mjDSBL_AUTORESET  # a diverged lane must show, not start afresh
    )
    spec.default.geom.solref = (0.01, 1.0)
    spec.default.geom.condim = 3  # the finger pads have 4: torsional friction where it matters
    # MJX keeps contact slots of fixed number; see docs/architecture.md for how these were chosen.
    spec.add_numeric(name="max_contact_points", data=[40.0], size=1)
    spec.add_numeric(name="max_geom_pairs", data=[20.0], size=1)


def _add_object(spec: mujoco.MjSpec, name: str, asset: assets.Asset, perturbation: Perturbation) -> None:
    body = spec.worldbody.add_body(name=name)
    body.add_freejoint(name=name)
    mass = asset.mass * perturbation.mass
    # Inertia of a solid box of the bounding size: the real items are full.
    x, y, z = asset.size
    body.mass, body.inertia, body.explicitinertial = (
        mass,
        [mass / 12 * (y * y + z * z), mass / 12 * (x * x + z * z), mass / 12 * (x * x + y * y)],
        True,
    )
    slide, spin, roll = asset.friction
    for i, part in enumerate(asset.boxes):
        body.add_geom(
            name=f"{name}_{i}",
            type=mujoco.mjtGeom.mjGEOM_BOX,
            pos=part.centre,
            size=part.half_size,
            rgba=(*part.rgb, 1),
            friction=(slide * perturbation.friction, min(spin, 0.02), min(roll, 0.001)),
            contype=panda.BITS.robot | panda.BITS.object | panda.BITS.floor,
            conaffinity=panda.BITS.object,
            mass=0,
        )


def _add_sensors(spec: mujoco.MjSpec) -> None:
    """Strongest contact of each touching robot geom (found, force, position), and the arm's joint torques."""
    found, force, position = 1 << 0, 1 << 1, 1 << 4
    strongest, one = 2, 1
    for geom in TOUCH_GEOMS:
        spec.add_sensor(
            name=f"touch_{geom}",
            type=mujoco.mjtSensor.mjSENS_CONTACT,
            objtype=mujoco.mjtObj.mjOBJ_GEOM,
            objname=geom,
            intprm=(found | force | position, strongest, one),
        )
    for joint in panda.ARM_JOINTS:
        spec.add_sensor(
            name=f"torque_{joint}",
            type=mujoco.mjtSensor.mjSENS_ACTUATORFRC,
            objtype=mujoco.mjtObj.mjOBJ_ACTUATOR,
            objname=joint,
        )
