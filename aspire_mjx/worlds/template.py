"""The world template: one MuJoCo model structure shared by every task, seed and perturbation of a scene family.

Structure (bodies, joints, geom types, contact filter, solver settings) is fixed, so one XLA compilation serves all.
What differs between worlds is numbers in the model's arrays (see :data:`LEAVES`) and the initial state.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import mujoco
import numpy as np

from aspire_mjx.worlds import panda
from aspire_mjx.worlds.assets import Asset, asset, bounds
from aspire_mjx.worlds.episode import TICK
from aspire_mjx.worlds.releases import require_tested
from aspire_mjx.worlds.workspaces import TemplateFamily, family, workspace

TIMESTEP = 0.005  #: s, one physics step
#: Robot geoms that touch and whose contacts are sensed, in sensor order.
CONTACT_GEOMS = ("finger_left_pad", "finger_right_pad", "hand_box", "wrist_box")

#: Model arrays that may differ between two worlds of one template.
LEAVES = (
    "geom_size",
    "geom_pos",
    "geom_quat",
    "geom_rbound",
    "geom_aabb",
    "geom_friction",
    "geom_rgba",
    "body_pos",
    "body_quat",
    "body_ipos",
    "body_mass",
    "body_subtreemass",
    "body_inertia",
    "body_invweight0",
    "body_gravcomp",
    "dof_invweight0",
    "actuator_gainprm",
    "actuator_biasprm",
)

_BACKGROUND = -1  # slot of the robot's, table's and floor's geoms
_SEED_SIZE = 0.01  # m, half sides of boxes whose numbers a world fills in
# The compiler takes short cuts for geoms in the middle of their bodies, which worlds may not keep to.
_SEED_OFFSET, _SEED_TURN = (0.001, 0.002, 0.003), (0.8, 0.6, 0.0, 0.0)
#: The category whose links and boxes every fixture of a kind has.
_MODEL_OF = {
    "cabinet": "wooden_cabinet",
    "stove": "flat_stove",
    "microwave": "microwave",
    "wine_rack": "wine_rack",
    "shelf": "wooden_two_layer_shelf",
    "caddy": "desk_caddy",
}
# Time constant, s, and damping ratio of floors and tables. A contact has the mean of two geoms' figures, here 20 ms:
# at 10 ms, two steps, what lands on an edge bounces, and cartons and pots that fall 10 cm topple where LIBERO's stay.
_SOFT = (0.03, 1.0)


@dataclass(frozen=True, eq=False)
class Thing:
    """One slot of the template: a movable object, or a fixture with its links.

    Attributes:
      name: the slot's name.
      body: id of its root body.
      geoms: ids of its boxes, those of the root first, then of each link in order.
      links: names of its moving parts.
      link_qpos: their joint addresses.
    """

    name: str
    body: int
    geoms: np.ndarray
    links: tuple[str, ...]
    link_qpos: np.ndarray


@dataclass(frozen=True, eq=False)
class Template:
    """Index of the compiled structure.

    Attributes:
      name: identifies the structure; part of cache keys.
      family: what it holds.
      model: the structure with nothing in its slots.
      arm_qpos: addresses of the 7 arm joints' positions.
      arm_dof: addresses of their velocities.
      finger_qpos: of the 2 fingers.
      things: the slots, movables first, then fixtures.
      slot_qpos: address of each movable's 7 free-joint numbers.
      geom_slot: ``[G]`` slot of each geom, -1 for robot, table and floor.
      base: ``[3]`` m, the robot's base in the world frame.
      support: nominal height of the surface that things stand on, m, world frame.
      table_geom: the table's geom, -1 where the robot stands among the things on the floor.
      original: the geometry is upstream's, of one task, and only the engine ``native`` runs it.
    """

    name: str
    family: TemplateFamily
    model: mujoco.MjModel
    arm_qpos: np.ndarray
    arm_dof: np.ndarray
    finger_qpos: np.ndarray
    things: tuple[Thing, ...]
    slot_qpos: np.ndarray
    geom_slot: np.ndarray
    base: np.ndarray
    support: float
    table_geom: int
    original: bool = False

    @property
    def substeps(self) -> int:
        """Physics steps in a control tick."""
        return round(TICK / self.model.opt.timestep)

    @functools.cached_property
    def table_geoms(self) -> np.ndarray:
        """The table's geoms: what is seen of it, and the plane that things stand on."""
        names = [self.model.geom(geom).name for geom in range(self.model.ngeom)]
        return np.flatnonzero([name in ("table", "table_top") for name in names])

    @property
    def movables(self) -> int:
        """Number of slots for movable objects; the slots beyond are fixtures."""
        return len(self.family.slots)

    def surface_height(self, leaves):
        """Where the surface is in worlds with these ``geom_pos`` and ``geom_size``, ``[...]`` m; numpy or jax."""
        if self.table_geom < 0:
            return self.support
        return leaves["geom_pos"][..., self.table_geom, 2] + leaves["geom_size"][..., self.table_geom, 2]


def template_of(workspace_name: str, *, spare: int = 0) -> Template:
    """The template of a workspace: a Panda, a surface, slots for its objects and its fixtures.

    Args:
      workspace_name: of the workspace.
      spare: slots more, for objects that tasks do not mention.

    Raises:
      UnknownNameError: no such workspace.
    """
    return _template_of(workspace_name, spare)


@functools.cache
def _template_of(workspace_name: str, spare: int) -> Template:
    scene = family(workspace_name, spare=spare)
    name = f"{scene.workspace}-4" + (f"+{spare}" if spare else "")
    return indexed(structure(scene).compile(), scene, name=name)


def indexed(model: mujoco.MjModel, scene: TemplateFamily, *, name: str, original: bool = False) -> Template:
    """The index of a compiled structure whose bodies have the names of the scene's slots and fixtures.

    Raises:
        EngineError: a release of MuJoCo whose compiler may derive other numbers than ``furnish`` puts into a model.
    """
    require_tested("mujoco", user=f"template {name!r}")
    things = tuple(_thing(model, name) for name in (*(slot.name for slot in scene.slots), *scene.fixtures))
    place = workspace(scene.workspace)
    joint = [model.joint(name).id for name in panda.ARM_JOINTS]
    fingers = [model.joint(name).id for name in panda.FINGER_JOINTS]
    geom_slot = np.full(model.ngeom, _BACKGROUND)
    for slot, thing in enumerate(things):
        geom_slot[thing.geoms] = slot
    movable = [thing.body for thing in things[: len(scene.slots)]]
    return Template(
        name=name,
        family=scene,
        model=model,
        arm_qpos=model.jnt_qposadr[joint],
        arm_dof=model.jnt_dofadr[joint],
        finger_qpos=model.jnt_qposadr[fingers],
        things=things,
        slot_qpos=model.jnt_qposadr[model.body_jntadr[movable]],
        geom_slot=geom_slot,
        base=np.asarray(place.robot_base),
        support=place.support,
        table_geom=model.geom("table").id if place.table else -1,
        original=original,
    )


def _thing(model: mujoco.MjModel, name: str) -> Thing:
    body = model.body(name).id
    parts = [body]
    for other in range(body + 1, model.nbody):  # parents come before their children
        if model.body_parentid[other] in parts:
            parts.append(other)
    links = [part for part in parts[1:] if model.body_jntnum[part]]
    return Thing(
        name=name,
        body=body,
        geoms=np.concatenate([np.flatnonzero(model.geom_bodyid == part) for part in parts]),
        links=tuple(model.joint(model.body_jntadr[link]).name.removeprefix(f"{name}/") for link in links),
        link_qpos=np.array([model.jnt_qposadr[model.body_jntadr[link]] for link in links], int),
    )


def structure(scene: TemplateFamily) -> mujoco.MjSpec:
    """What a family's template is compiled from."""
    spec = mujoco.MjSpec()
    spec.compiler.degree = False
    _set_physics(spec, scene)
    add_surface(spec, scene.workspace)
    if workspace(scene.workspace).table is not None:
        _level(spec)
    place = workspace(scene.workspace)
    panda.add_panda(spec, place.robot_base)
    for slot in scene.slots:
        body = spec.worldbody.add_body(name=slot.name)
        body.add_freejoint(name=slot.name)
        panda.set_inertial(body, 0.1, _SEED_OFFSET, (1e-4, 1e-4, 1e-4))
        body.simple = 0  # things need not have their centre of mass at their origin
        _add_boxes(body, slot.name, slot.boxes, loose=True)
    for kind in scene.fixtures:
        _add_fixture(spec, kind, asset(_MODEL_OF[kind]))
    add_sensors(spec)
    return spec


def _set_physics(spec: mujoco.MjSpec, scene: TemplateFamily) -> None:
    option = spec.option
    option.timestep = TIMESTEP
    option.integrator = mujoco.mjtIntegrator.mjINT_EULER
    option.solver = mujoco.mjtSolver.mjSOL_NEWTON
    option.iterations = option.ls_iterations = 10
    option.cone = mujoco.mjtCone.mjCONE_PYRAMIDAL
    option.impratio = 10
    # Without warm starts a state is all there is to know: chunked runs equal whole runs bit for bit.
    option.disableflags = int(
        mujoco.mjtDisableBit.mjDSBL_EULERDAMP
        | mujoco.mjtDisableBit.mjDSBL_WARMSTART
        | mujoco.mjtDisableBit.mjDSBL_AUTORESET  # a diverged lane must show, not start afresh
    )
    option.enableflags |= int(mujoco.mjtEnableBit.mjENBL_SLEEP)  # C MuJoCo: things at rest cost nothing
    option.sleep_tolerance = 1e-4  # m/s; MuJoCo's own is 1e-3
    spec.default.geom.solref = (0.01, 1.0)
    spec.default.geom.condim = 3  # the finger pads have 4: torsional friction where it matters
    # MJX keeps contact slots of fixed number; see docs/architecture.md for how these were chosen.
    spec.add_numeric(name="max_contact_points", data=[float(scene.contacts)], size=1)
    spec.add_numeric(name="max_geom_pairs", data=[float(scene.pairs)], size=1)


def add_surface(spec: mujoco.MjSpec, name: str) -> None:
    """Adds the floor, and the table and the robot's foot where the workspace has them."""
    bits = {"contype": panda.BITS.robot, "conaffinity": panda.BITS.floor}
    plane = mujoco.mjtGeom.mjGEOM_PLANE
    place = workspace(name)
    rgba, felt = (*place.surface_rgb, 1), {"friction": (1.0, 0.005, 0.0001), "solref": _SOFT}
    if place.table is None:
        spec.worldbody.add_geom(name="floor", type=plane, size=(2, 2, 0.1), rgba=rgba, **felt, **bits)
        return
    grey = (0.45, 0.44, 0.43, 1)
    spec.worldbody.add_geom(name="floor", type=plane, size=(3, 3, 0.1), rgba=grey, **felt, **bits)
    half = np.asarray(place.table) / 2
    spec.worldbody.add_geom(
        name="table",
        type=mujoco.mjtGeom.mjGEOM_BOX,
        pos=(place.origin[0], place.origin[1], place.support - half[2]),
        size=half,
        rgba=rgba,
        **felt,
        **bits,
    )
    foot = place.robot_base[2] / 2
    spec.worldbody.add_geom(
        name="robot_mount",
        type=mujoco.mjtGeom.mjGEOM_BOX,
        pos=(place.robot_base[0] - 0.05, place.robot_base[1], foot),
        size=(0.12, 0.12, foot),
        rgba=(0.30, 0.30, 0.32, 1),
        contype=0,
        conaffinity=0,
    )


def _level(spec: mujoco.MjSpec) -> None:
    """Things stand on an unseen plane at the height of the table, which is only seen, and stay up beyond its edge.

    MJX culls pairs of boxes by their bounding spheres: the table's would come before all others (docs/architecture.md).
    """
    table, floor = spec.geom("table"), spec.geom("floor")
    spec.worldbody.add_geom(
        name="table_top",
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        pos=(table.pos[0], table.pos[1], table.pos[2] + table.size[2]),
        size=(0, 0, 0.1),
        rgba=(0, 0, 0, 0),
        friction=table.friction,
        solref=table.solref,
        contype=table.contype,
        conaffinity=table.conaffinity,
    )
    for geom in (table, floor):
        geom.contype = geom.conaffinity = 0


def _add_boxes(body: mujoco.MjsBody, name: str, count: int, *, loose: bool) -> None:
    """Boxes of a thing; loose ones meet each other, those of fixtures meet loose things and the robot only."""
    for i in range(count):
        body.add_geom(
            name=f"{name}_{i}",
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=(_SEED_SIZE, _SEED_SIZE, _SEED_SIZE),
            pos=_SEED_OFFSET,
            quat=_SEED_TURN,
            contype=panda.BITS.robot | panda.BITS.object | panda.BITS.floor if loose else panda.BITS.robot,
            conaffinity=panda.BITS.object if loose else panda.BITS.floor,
            mass=0,
        )


def _add_fixture(spec: mujoco.MjSpec, kind: str, model: Asset) -> None:
    root = spec.worldbody.add_body(name=kind)
    _add_boxes(root, kind, len(model.part("")), loose=False)
    for link in model.links:
        body = root.add_body(name=f"{kind}/{link.name}", pos=link.anchor)
        boxes = model.part(link.name)
        low, high = bounds(boxes)
        x, y, z = high - low
        share = link.mass / 12
        inertia = (share * (y * y + z * z), share * (x * x + z * z), share * (x * x + y * y))
        middle = (low + high) / 2 - np.asarray(link.anchor)
        panda.set_inertial(body, link.mass, middle.tolist(), inertia)
        slides = link.kind == "slide"
        body.add_joint(
            name=f"{kind}/{link.name}",
            type=mujoco.mjtJoint.mjJNT_SLIDE if slides else mujoco.mjtJoint.mjJNT_HINGE,
            axis=link.axis,
            range=link.range,
            limited=True,
            damping=(link.damping, 0.0, 0.0),
            armature=link.armature,
        )
        _add_boxes(body, f"{kind}/{link.name}", len(boxes), loose=False)


def add_sensors(spec: mujoco.MjSpec) -> None:
    """Strongest contact of each touching robot geom (found, force, position), and the arm's joint torques."""
    found, force, position = 1 << 0, 1 << 1, 1 << 4
    strongest, one = 2, 1
    for geom in CONTACT_GEOMS:
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
