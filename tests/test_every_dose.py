"""Every factor in every workspace: its dose moves what it names, the more the higher it is."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import mujoco
import numpy as np
import pytest

from aspire_mjx.errors import WorldError
from aspire_mjx.geometry import angle_between
from aspire_mjx.language.program import Program
from aspire_mjx.physics.engines import make
from aspire_mjx.primitives.lanes import Lanes
from aspire_mjx.primitives.memory import fresh_memories
from aspire_mjx.primitives.perception import CameraRig
from aspire_mjx.rollout.simulator import Job, Simulator
from aspire_mjx.worlds.panda import HOME
from aspire_mjx.worlds.perturbation import Perturbation, factor_names
from aspire_mjx.worlds.poses import ThingPose
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.workspaces import FAMILIES
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds

_SEED, _LANES = 51, 8
_REACH = Program(f"move_to_joints({[HOME[0] + 0.4, *HOME[1:]]})")
_SLOT = 0  # of a thing that every world has

Observable = Callable[[Sequence[WorldSpec]], np.ndarray]  #: of worlds that differ in one dose, one number each


@functools.cache
def _task(workspace: str) -> Task:
    """The first task of a workspace, with fixtures where any has some."""
    every = [task for suite in suite_names() for task in load_suite(suite) if task.workspace == workspace]
    return next((task for task in every if task.fixtures), every[0])


@functools.cache
def _simulator(workspace: str) -> Simulator:
    return Simulator(make("native", template_of(workspace), capacity=_LANES))


def _each(measure: Callable[[Worlds], float]) -> Observable:
    """An observable of one world at a time, as worlds of several templates are no batch."""
    return lambda specs: np.array([measure(make_worlds([spec])) for spec in specs])


def _moved(start: Callable[[ThingPose], np.ndarray], *, fixtures: bool) -> Observable:
    """How far things, or fixtures, start from where the first world's do, on average."""

    def of(specs: Sequence[WorldSpec]) -> np.ndarray:
        worlds = make_worlds(specs)
        chosen = [thing for thing in worlds.things(worlds.qpos).values() if bool(thing.asset.fixture) == fixtures]
        return np.mean([start(thing) for thing in chosen], axis=0)

    return of


def _shift(thing: ThingPose) -> np.ndarray:
    return np.linalg.norm(thing.position - thing.position[0], axis=1)  # m


def _turn(thing: ThingPose) -> np.ndarray:
    return angle_between(thing.quaternion, thing.quaternion[:1])  # rad


def _lanes(specs: Sequence[WorldSpec]) -> Lanes:
    worlds, n = make_worlds(specs), len(specs)
    return Lanes(worlds, worlds.qpos, worlds.rest, np.full(n, 100), np.zeros(n, int), fresh_memories(n))


def _of_model(leaf: Callable[[mujoco.MjModel, Worlds], float]) -> Observable:
    return _each(lambda worlds: leaf(worlds.models[0], worlds))


def _weight(model: mujoco.MjModel, worlds: Worlds) -> float:
    """The force that gravity puts on a thing, N."""
    return float(model.body_mass[worlds.template.things[_SLOT].body] * -model.opt.gravity[2])


def _width(model: mujoco.MjModel, worlds: Worlds) -> float:
    return float(model.geom_rbound[worlds.template.things[_SLOT].geoms[0]])


def _slippery(model: mujoco.MjModel, worlds: Worlds) -> float:
    """The least sliding friction of a contact of things with what they stand on, pushed 2 mm into it."""
    data = mujoco.MjData(model)
    data.qpos[:] = worlds.qpos[0]
    data.qpos[worlds.template.slot_qpos + 2] -= 0.002
    mujoco.mj_forward(model, data)
    return float(data.contact.friction[:, 0].min())


def _pull(model: mujoco.MjModel, worlds: Worlds) -> float:
    """Torque of the first servo that is asked for 0.01 rad more, N m."""
    data = mujoco.MjData(model)
    data.qpos[:] = worlds.qpos[0]
    data.ctrl[:] = worlds.rest[0]
    data.ctrl[0] += 0.01
    mujoco.mj_forward(model, data)
    return float(data.actuator_force[0])


def _height(specs: Sequence[WorldSpec]) -> np.ndarray:
    """Mean height of what is loose, m."""
    worlds = make_worlds(specs)
    loose = [thing for thing in worlds.things(worlds.qpos).values() if not thing.asset.fixture]
    return np.mean([thing.position[:, 2] for thing in loose], axis=0)


def _tint(specs: Sequence[WorldSpec]) -> np.ndarray:
    """How far the picture is from the first world's, grey levels."""
    pictures = CameraRig().colour(_lanes(specs)).astype(float)
    return np.abs(pictures - pictures[0]).mean(axis=(1, 2, 3))


def _brightness(specs: Sequence[WorldSpec]) -> np.ndarray:
    return CameraRig().colour(_lanes(specs)).mean(axis=(1, 2, 3))


def _depth_error(specs: Sequence[WorldSpec]) -> np.ndarray:
    exact, *noisy = CameraRig().depth(_lanes(specs)).depth
    return np.array([0.0, *(np.nanmedian(np.abs(depth - exact)) for depth in noisy)])


def _camera_shift(specs: Sequence[WorldSpec]) -> np.ndarray:
    return np.array([np.linalg.norm(np.subtract(spec.view.position, specs[0].view.position)) for spec in specs])


def _camera_turn(specs: Sequence[WorldSpec]) -> np.ndarray:
    turns = np.array([spec.view.quaternion for spec in specs])
    return angle_between(turns, turns[:1])


def _field_of_view(specs: Sequence[WorldSpec]) -> np.ndarray:
    return np.array([spec.view.fovy for spec in specs])


def _base(specs: Sequence[WorldSpec]) -> np.ndarray:
    worlds = make_worlds(specs)
    return np.linalg.norm(worlds.base - worlds.template.base, axis=1)


def _start(specs: Sequence[WorldSpec]) -> np.ndarray:
    """How far the arm is from home when the program starts, rad: the joint that has come nearest to it."""
    worlds, state = _simulator(specs[0].task.workspace).settled(specs)
    return np.median(np.abs(state.qpos[:, worlds.template.arm_qpos] - HOME), axis=1)


def _lag(specs: Sequence[WorldSpec]) -> np.ndarray:
    """How far the arm is from its target when a motion is over, m."""
    jobs = [Job(_REACH, spec.task, spec.seed, perturbation=spec.perturbation) for spec in specs]
    return _simulator(specs[0].task.workspace).run(jobs).calls["residual_m"]


#: Factor to its doses and what they raise.
DOSES: dict[str, tuple[tuple[float, ...], Observable]] = {
    "position": ((0.0, 0.01, 0.02, 0.04), _moved(_shift, fixtures=False)),
    "yaw": ((0.0, 0.2, 0.8, 3.1), _moved(_turn, fixtures=False)),
    "size": ((0.5, 0.8, 1.0, 1.1), _of_model(_width)),
    "mass": ((0.01, 0.3, 1.0, 100.0), _of_model(_weight)),
    "friction": ((0.01, 0.3, 1.0, 5.0), _of_model(_slippery)),
    "colour": ((0.0, 0.2, 0.5, 1.0), _tint),
    "distractors": ((0.0, 1.0, 2.0), _each(lambda worlds: len(worlds.things(worlds.qpos)))),
    "fixture": ((0.0, 0.02, 0.04, 0.06), _moved(_shift, fixtures=True)),
    "fixture_yaw": ((0.0, 0.05, 0.1, 0.2), _moved(_turn, fixtures=True)),
    "camera": ((0.0, 0.1, 0.3, 0.5), _camera_shift),
    "camera_turn": ((0.0, 0.1, 0.3, 0.5), _camera_turn),
    "fov": ((0.25, 0.5, 1.0, 2.5), _field_of_view),
    "light": ((0.0, 0.3, 1.0, 10.0), _brightness),
    "table": ((-0.3, -0.1, 0.0, 0.2), _height),
    "base": ((0.0, 0.05, 0.1, 0.2), _base),
    "gain": ((0.02, 0.3, 1.0, 5.0), _of_model(_pull)),
    "joints": ((0.0, 0.1, 0.3), _start),
    "latency": ((0.0, 0.2, 0.4, 0.8), _lag),
    "noise": ((0.0, 1.0, 10.0, 100.0), _depth_error),
}


def test_every_factor_has_an_observable():
    assert set(DOSES) == set(factor_names())


@pytest.mark.parametrize("factor", DOSES)
@pytest.mark.parametrize("workspace", FAMILIES)
def test_the_dose_moves_what_it_names_the_more_the_higher_it_is(workspace, factor):
    task, (doses, observed) = _task(workspace), DOSES[factor]
    specs = [WorldSpec(task, _SEED, Perturbation(**{factor: dose})) for dose in doses]
    if (factor.startswith("fixture") and not task.fixtures) or (factor == "table" and workspace == "floor"):
        with pytest.raises(WorldError, match="no fixtures|happens on the floor"):
            make_worlds(specs)
        return
    found = observed(specs)
    assert (np.diff(found) > 1e-4 * np.abs(found).max()).all(), dict(zip(doses, found.tolist(), strict=True))
