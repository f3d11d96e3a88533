"""Dosed factors: reading, refusing, recording, and that the measured change is the one that was asked for."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import pytest

from aspire_mjx.errors import UnknownNameError, WorldError
from aspire_mjx.geometry import angle_between
from aspire_mjx.worlds.panda import HOME
from aspire_mjx.worlds.perturbation import Perturbation, describe, factor_names
from aspire_mjx.worlds.suites import find_task, load_suite, suite_names
from aspire_mjx.worlds.tasks import Task
from aspire_mjx.worlds.template import CONTACT_GEOMS
from aspire_mjx.worlds.workspaces import FAMILIES
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds

_SEED = 52


def _pair(task: Task, **doses: float) -> tuple[Worlds, Worlds]:
    return tuple(make_worlds([WorldSpec(task, _SEED, p)]) for p in (Perturbation(), Perturbation(**doses)))  # pyright: ignore


def _task(suite: str = "libero_goal", name: str | int = 0) -> Task:
    return find_task(suite, name)


#: A task of each workspace.
TASKS = {
    "floor": ("libero_object", 0),
    "tabletop": ("libero_goal", 0),
    "kitchen": ("libero_10", 3),
    "living_room": ("libero_10", 0),
    "study": ("libero_10", 5),
}


@pytest.fixture(params=TASKS)
def task(request) -> Task:
    return find_task(*TASKS[request.param])


def test_parse_reads_factors_and_leaves_the_rest_nominal():
    assert Perturbation.parse(" mass:2, friction:0.5 ") == Perturbation(mass=2.0, friction=0.5)
    assert Perturbation.parse("") == Perturbation()
    assert Perturbation(noise=0.0).factors()["noise"] == 0.0
    assert str(Perturbation(mass=2.0, noise=0.0)) == "mass:2,noise:0" and str(Perturbation()) == ""
    assert all(name in describe() for name in factor_names())


@pytest.mark.parametrize(
    ("text", "error", "match"),
    [
        ("weight:2", UnknownNameError, "mass"),
        ("mass:heavy", WorldError, "not a number"),
        ("mass", WorldError, "not a number"),
        ("mass:0", WorldError, "outside 0.01 to 100"),
        ("position:-1", WorldError, "outside"),
        ("position:0.51", WorldError, "outside 0 to 0.5"),
        ("noise:nan", WorldError, "outside"),
        ("mass:2,mass:3", WorldError, "twice"),
        ("distractors:1.5", WorldError, "multiple of 1"),
        ("latency:0.05", WorldError, "multiple of 0.02"),
    ],
)
def test_bad_factors_are_refused_with_the_reason(text, error, match):
    with pytest.raises(error, match=match):
        Perturbation.parse(text)


@pytest.mark.parametrize("suite", ["libero_object", "libero_goal"])
def test_a_dose_of_nothing_changes_nothing_bit_for_bit(suite):
    task = _task(suite)
    nominal = make_worlds([WorldSpec(task, _SEED)])
    for name, value in Perturbation().factors().items():
        again = make_worlds([WorldSpec(task, _SEED, Perturbation(**{name: value}))])
        assert np.array_equal(nominal.qpos, again.qpos)
        assert [spec.view for spec in nominal.specs] == [spec.view for spec in again.specs]
        for leaf, array in nominal.leaves().items():
            assert np.array_equal(array, again.leaves([leaf])[leaf]), (name, leaf)


def test_objects_move_by_the_dose_each_in_its_own_direction(task):
    before, after = _pair(task, position=0.03)
    start, moved = before.things(before.qpos), after.things(after.qpos)
    offsets = []
    for name, thing in start.items():
        offset = (moved[name].position - thing.position)[0]
        if thing.asset.fixture:
            assert np.array_equal(offset, np.zeros(3))
        else:
            assert np.hypot(*offset[:2]) == pytest.approx(0.03, abs=1e-9) and abs(offset[2]) < 1e-9
            offsets.append(offset[:2])
    assert len({tuple(np.round(o, 4)) for o in offsets}) == len(offsets) == len(task.objects)


def test_objects_turn_by_the_dose(task):
    before, after = _pair(task, yaw=0.4)
    start, moved = before.things(before.qpos), after.things(after.qpos)
    for name, thing in start.items():
        turned = float(angle_between(thing.quaternion, moved[name].quaternion)[0])
        assert turned == pytest.approx(0.0 if thing.asset.fixture else 0.4, abs=1e-9)


def test_size_and_mass_are_factors_of_the_objects_alone(task):
    before, after = _pair(task, size=1.2, mass=3.0)
    compared = []
    for slot, thing in enumerate(before.template.things):
        if not (before.leaves(["geom_rgba"])["geom_rgba"][0, thing.geoms, 3] > 0).any():
            continue
        movable = slot < before.template.movables
        compared.append(movable)
        old, new = (w.leaves(["geom_size", "body_mass"]) for w in (before, after))
        shown = thing.geoms[before.leaves(["geom_rgba"])["geom_rgba"][0, thing.geoms, 3] > 0]
        scale, weight = (1.2, 3.0) if movable else (1.0, 1.0)
        np.testing.assert_allclose(new["geom_size"][0, shown], scale * old["geom_size"][0, shown])
        np.testing.assert_allclose(new["body_mass"][0, thing.body], weight * old["body_mass"][0, thing.body])
    assert compared == [True] * len(task.objects) + [False] * len(task.fixtures)


@pytest.mark.parametrize("workspace", FAMILIES)
def test_every_contact_has_the_dosed_friction(workspace):
    """MuJoCo takes the larger figure of two geoms: what only one of them has less of changes nothing."""
    task = next(task for suite in suite_names() for task in load_suite(suite) if task.workspace == workspace)
    felt = {}
    for dose in (1.0, 0.05):
        worlds = make_worlds([WorldSpec(task, _SEED, Perturbation(friction=dose))])
        model = worlds.models[0]
        data = mujoco.MjData(model)
        data.qpos[:] = worlds.qpos[0]
        for thing in worlds.template.slot_qpos[:2]:  # one in the hand, one pushed into the surface
            data.qpos[thing : thing + 3] = (*data.qpos[thing : thing + 2], worlds.template.support)
        mujoco.mj_forward(model, data)
        data.qpos[worlds.template.slot_qpos[0] :][:3] = data.site("fingertip").xpos
        data.qpos[worlds.template.finger_qpos] = 0.005
        mujoco.mj_forward(model, data)
        pairs = [tuple(sorted(contact.geom)) for contact in data.contact]
        felt[dose] = dict(zip(pairs, data.contact.friction, strict=True))
    assert felt[1.0].keys() == felt[0.05].keys()
    pads = {worlds.models[0].geom(name).id for name in CONTACT_GEOMS[:2]}
    assert any(pads & set(pair) for pair in felt[1.0]) and any(
        -1 in worlds.template.geom_slot[list(p)] for p in felt[1.0]
    )
    for pair, nominal in felt[1.0].items():
        np.testing.assert_allclose(felt[0.05][pair], 0.05 * nominal, rtol=1e-12)


def test_colour_mixes_in_a_share_of_another_one(task):
    before, after = _pair(task, colour=0.25)
    old, new = (w.leaves(["geom_rgba"])["geom_rgba"][0] for w in (before, after))
    for thing in before.template.things:
        shown = thing.geoms[old[thing.geoms, 3] > 0]
        mixed = (new[shown, :3] - 0.75 * old[shown, :3]) / 0.25  # MuJoCo keeps colours in single precision
        if len(shown):
            np.testing.assert_allclose(mixed, np.broadcast_to(mixed[0], mixed.shape), atol=1e-5)
            assert (mixed > -1e-5).all() and (mixed < 1 + 1e-5).all()


def test_distractors_stand_on_the_table_and_nothing_else_moves(task):
    before, after = _pair(task, distractors=2)
    start, more = before.things(before.qpos), after.things(after.qpos)
    assert set(more) - set(start) == {"distractor_1", "distractor_2"}
    for name in ("distractor_1", "distractor_2"):
        assert more[name].position[0, 2] == pytest.approx(
            before.template.support + 0.001 + more[name].asset.origin_height, abs=1e-9
        )
    for name, thing in start.items():
        np.testing.assert_array_equal(thing.position, more[name].position)


def test_fixtures_move_and_turn_by_the_dose(task):
    if not task.fixtures:
        for dose in ("fixture", "fixture_yaw"):
            with pytest.raises(WorldError, match="has no fixtures"):
                _pair(task, **{dose: 0.03})
        return
    before, after = _pair(task, fixture=0.03, fixture_yaw=0.2)
    start, moved = before.things(before.qpos), after.things(after.qpos)
    fixtures = [name for name, thing in start.items() if thing.asset.fixture]
    assert fixtures == [name for name, _ in task.fixtures]
    for name in fixtures:
        assert np.linalg.norm(moved[name].position - start[name].position) == pytest.approx(0.03, abs=1e-9)
        assert float(angle_between(start[name].quaternion, moved[name].quaternion)[0]) == pytest.approx(0.2, abs=1e-9)


def test_the_camera_moves_turns_and_widens_by_the_dose(task):
    before, after = _pair(task, camera=0.05, camera_turn=0.1, fov=1.2)
    (old,), (new,) = [spec.view for spec in before.specs], [spec.view for spec in after.specs]
    assert math.dist(old.position, new.position) == pytest.approx(0.05, abs=1e-9)
    assert float(angle_between(np.array(old.quaternion), np.array(new.quaternion))) == pytest.approx(0.1, abs=1e-6)
    assert new.fovy == pytest.approx(1.2 * old.fovy)


def test_the_table_rises_with_all_that_stands_on_it(task):
    if task.workspace == "floor":
        with pytest.raises(WorldError, match="happens on the floor"):
            _pair(task, table=0.01)
        return
    before, after = _pair(task, table=0.04)
    geom = before.template.table_geom
    old, new = (w.leaves(["geom_pos"])["geom_pos"][0, geom, 2] for w in (before, after))
    assert new - old == pytest.approx(0.04)
    start, moved = before.things(before.qpos), after.things(after.qpos)
    for name, thing in start.items():
        assert (moved[name].position - thing.position)[0] == pytest.approx((0.0, 0.0, 0.04), abs=1e-9)


def test_the_robot_stands_elsewhere_by_the_dose(task):
    before, after = _pair(task, base=0.05)
    offset = (after.base - before.base)[0]
    assert np.hypot(*offset[:2]) == pytest.approx(0.05) and offset[2] == 0.0
    body = after.models[0].body("robot_base").id
    np.testing.assert_allclose(after.models[0].body_pos[body], after.base[0])


def test_gains_of_the_arm_are_scaled_and_those_of_the_fingers_are_not(task):
    before, after = _pair(task, gain=1.5)
    old, new = before.models[0].actuator_gainprm[:, 0], after.models[0].actuator_gainprm[:, 0]
    np.testing.assert_allclose(new / old, [1.5] * 7 + [1.0] * 2)
    stiff, damp = after.models[0].actuator_biasprm[:7, 1:3].T
    np.testing.assert_allclose(stiff, 1.5 * before.models[0].actuator_biasprm[:7, 1])
    np.testing.assert_allclose(damp, 1.5 * before.models[0].actuator_biasprm[:7, 2])


def test_joints_start_off_home_by_the_dose(task):
    before, after = _pair(task, joints=0.05)
    arm = before.template.arm_qpos
    np.testing.assert_array_equal(before.qpos[0, arm], HOME)
    np.testing.assert_allclose(np.abs(after.qpos[0, arm] - HOME), 0.05)


def test_a_perturbed_model_still_steps():
    doses = {"size": 0.8, "mass": 5.0, "friction": 0.2, "base": 0.05, "gain": 2.0, "fixture": 0.02, "table": -0.02}
    worlds = make_worlds([WorldSpec(load_suite("libero_10")[3], _SEED, Perturbation(**doses))])
    data = mujoco.MjData(worlds.models[0])
    data.qpos[:] = worlds.qpos[0]
    for _ in range(100):
        mujoco.mj_step(worlds.models[0], data)
    assert np.isfinite(data.qpos).all()
