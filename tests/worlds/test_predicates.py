"""Predicates against an independent scalar reading of their definitions, with MuJoCo's own contacts."""

from __future__ import annotations

import mujoco
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from aspire_mjx.errors import UnknownNameError, WorldError
from aspire_mjx.worlds.goal_state import goal_qpos
from aspire_mjx.worlds.predicates import goal_margin, literal_margin
from aspire_mjx.worlds.suites import load_suite, suite_names
from aspire_mjx.worlds.tables import table
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds

_SITE_HEIGHT = {"tabletop": 0.895, "kitchen": 0.875, "living_room": 0.41, "floor": 0.02, "study": 0.867}
_ORIGIN = {"study": (-0.2, 0.0)}
_LIMITS = {
    ("Open", "cabinet"): lambda q: q < -0.14,
    ("Open", "microwave"): lambda q: q < -1.3,
    ("Close", "cabinet"): lambda q: q > 0.0,
    ("Close", "microwave"): lambda q: q > -0.005,
    ("Turnon", "stove"): lambda q: q >= 0.5,
    ("Turnoff", "stove"): lambda q: q < 0.0,
}


class Reference:
    """One state of one world, read with MuJoCo and scalar arithmetic."""

    def __init__(self, worlds: Worlds, qpos: np.ndarray) -> None:
        (self.spec,), self.model = worlds.specs, worlds.models[0]
        self.data = mujoco.MjData(self.model)
        self.data.qpos[:] = qpos
        mujoco.mj_forward(self.model, self.data)
        self.slot = {o.name: worlds.template.things[o.slot] for o in self.spec.occupants}
        self.asset = {o.name: o.asset for o in self.spec.occupants}

    def touching(self, a: str, b: str) -> bool:
        geoms = [set(self.slot[name].geoms.tolist()) for name in (a, b)]
        pairs = [set(pair) for pair in self.data.contact.geom[: self.data.ncon].tolist()]
        return any(pair & geoms[0] and pair & geoms[1] for pair in pairs)

    def holds(self, literal: tuple[str, ...]) -> bool:
        predicate, *names = literal
        if len(names) == 1:
            return self._joint(predicate, names[0])
        held, holder = names
        point = self.data.xpos[self.slot[held].body]
        if holder in self.slot:
            below = self.data.xpos[self.slot[holder].body]
            beside = np.linalg.norm(point[:2] - below[:2])
            return bool(below[2] <= point[2] and self.touching(held, holder) and beside < 0.03)
        for region in self.spec.task.regions:
            if region.name == holder:
                return self._on_surface(point, region)
        owner = max((name for name in self.slot if holder.startswith(name + "_")), key=len)
        return self._on_or_in_site(predicate, held, owner, holder.removeprefix(owner + "_"), point)

    def _on_surface(self, point, region) -> bool:
        x, y = _ORIGIN.get(self.spec.task.workspace, (0.0, 0.0))
        centre = ((region.low[0] + region.high[0]) / 2 + x, (region.low[1] + region.high[1]) / 2 + y)
        up = point[2] - _SITE_HEIGHT[self.spec.task.workspace]
        inside = [abs(point[i] - centre[i]) < (region.high[i] - region.low[i]) / 2 for i in (0, 1)]
        return bool(0.007 - 0.005 < up < 0.007 + 0.10 and all(inside))

    def _on_or_in_site(self, predicate: str, held: str, owner: str, site: str, point) -> bool:
        region = next(r for r in self.asset[owner].regions if r.name == site)
        thing = self.slot[owner]
        body = self.model.body(f"{thing.name}/{region.link}").id if region.link else thing.body
        anchor = next((np.array(k.anchor) for k in self.asset[owner].links if k.name == region.link), np.zeros(3))
        matrix = self.data.xmat[body].reshape(3, 3)
        centre = self.data.xpos[body] + matrix @ (np.array(region.centre) - anchor)
        turn = matrix @ Rotation.from_quat(np.roll(region.quaternion, -1)).as_matrix()
        half = np.array(region.half_size)
        if predicate == "In":
            total = np.abs(turn @ half)
            low, high = centre - total - [0, 0, 0.01], centre + total
            return bool((low < point).all() and (point < high).all())
        d = turn @ (point - centre)
        inside = half[2] - 0.005 < d[2] < half[2] + 0.10 and abs(d[0]) < half[0] and abs(d[1]) < half[1]
        return bool(inside and self.touching(owner, held))

    def _joint(self, predicate: str, name: str) -> bool:
        owner = name if name in self.slot else max((n for n in self.slot if name.startswith(n + "_")), key=len)
        links = self.slot[owner].links
        if name != owner:
            region = next(r for r in self.asset[owner].regions if r.name == name.removeprefix(owner + "_"))
            links = (region.link,) if region.link else links
        rule = _LIMITS[predicate, self.asset[owner].fixture]
        addresses = [self.slot[owner].link_qpos[self.slot[owner].links.index(link)] for link in links]
        values = [rule(self.data.qpos[a]) for a in addresses]
        return any(values) if predicate in ("Open", "Turnon") else all(values)


def _states(worlds: Worlds, count: int, random: np.random.Generator) -> np.ndarray:
    """The start, the goal, and states around the goal."""
    goal = goal_qpos(worlds, worlds.qpos[0])
    states = np.repeat(goal[None], count, axis=0)
    states[0] = worlds.qpos[0]
    size = random.choice([0.0005, 0.005, 0.03], (count, 1))
    for address in worlds.template.slot_qpos:
        states[2:, address : address + 3] += random.normal(size=(count - 2, 3)) * size[2:]
    for thing in worlds.template.things:
        for address in thing.link_qpos:
            states[2:, address] += random.normal(size=count - 2) * 3 * size[2:, 0]
    return states


@pytest.mark.parametrize("suite", ["libero_spatial", "libero_object", "libero_goal", "libero_10", "libero_90"])
def test_goals_agree_with_an_independent_reading(suite):
    random, agreed, held = np.random.default_rng(1), [], []
    for task in load_suite(suite)[:: 3 if suite == "libero_90" else 1]:
        worlds = make_worlds([WorldSpec(task, 51)])
        states = _states(worlds, 40, random)
        things = worlds.take(np.zeros(len(states), int)).things(states)
        for literal in task.goal:
            expected = [Reference(worlds, state).holds(literal) for state in states]
            agreed += list((literal_margin(task, literal, things) > 0) == expected)
            held += expected
    assert np.mean(agreed) >= 0.995
    assert 0.1 < np.mean(held) < 0.9


def test_every_goal_holds_when_set_by_hand_and_breaks_with_any_of_its_literals():
    for suite in suite_names():
        for task in load_suite(suite):
            worlds = make_worlds([WorldSpec(task, 51)])
            start, goal = worlds.qpos[0], goal_qpos(worlds, worlds.qpos[0])
            assert goal_margin(task, worlds.things(goal[None]))[0] > 0, task.key
            assert goal_margin(task, worlds.things(start[None]))[0] <= 0, task.key
            for literal in task.goal:
                broken = goal.copy()
                slot = next(o.slot for o in worlds.specs[0].occupants if literal[1].startswith(o.name))
                if len(literal) == 3:
                    broken[worlds.template.slot_qpos[slot] + 2] += 0.5
                else:
                    broken[worlds.template.things[slot].link_qpos] = -0.01 if literal[0] != "Turnoff" else 0.2
                assert goal_margin(task, worlds.things(broken[None]))[0] < 0, (task.key, literal)


def test_in_agrees_with_the_table_on_random_states_of_a_turned_basket():
    worlds, random, count = make_worlds([WorldSpec(load_suite("libero_object")[0], 51)]), np.random.default_rng(3), 2000
    qpos = np.repeat(worlds.qpos, count, axis=0)
    basket, held = worlds.template.slot_qpos[:2]
    quaternion = random.normal(size=(count, 4))
    quaternion /= np.linalg.norm(quaternion, axis=1, keepdims=True)
    qpos[:, basket : basket + 3] = random.uniform(-0.1, 0.1, (count, 3))
    qpos[:, basket + 3 : basket + 7] = quaternion
    qpos[:, held : held + 3] = qpos[:, basket : basket + 3] + random.uniform(-0.15, 0.2, (count, 3))
    name = worlds.specs[0].occupants[1].name
    things = worlds.take(np.zeros(count, int)).things(qpos)
    margin = literal_margin(worlds.specs[0].task, ("In", name, "basket_1_contain_region"), things)
    raw = table("assets")["basket"]["regions"][0]
    # Our frame of the basket is upstream's root frame turned as the basket is placed.
    placed = Rotation.from_quat(np.roll(table("assets")["basket"]["init_quat_wxyz_seed0"], -1))
    for i in range(count):
        matrix = (Rotation.from_quat(np.roll(quaternion[i], -1)) * placed).as_matrix()
        centre = qpos[i, basket : basket + 3] + matrix @ np.array(raw["pos_in_root"])
        total = np.abs(matrix @ np.reshape(raw["mat_in_root"], (3, 3)) @ np.array(raw["half_size"]))
        point = qpos[i, held : held + 3]
        slack = min((point - centre + total + [0, 0, 0.01]).min(), (centre + total - point).min())
        assert margin[i] == pytest.approx(slack, abs=2e-4)
    assert 0.02 < np.mean(margin > 0) < 0.8


def test_up_is_a_height():
    task = load_suite("libero_goal")[0]
    worlds = make_worlds([WorldSpec(task, 51)])
    assert literal_margin(task, ("Up", "plate_1"), worlds.things(worlds.qpos))[0] == pytest.approx(-0.1, abs=0.02)


@pytest.mark.parametrize(
    ("literal", "error", "match"),
    [
        (("Near", "plate_1", "flat_stove_1"), UnknownNameError, "Turnon"),
        (("On", "spoon_1", "plate_1"), WorldError, "'spoon_1' names no object.*plate_1"),
        (("In", "plate_1", "plate_1_contain_region"), WorldError, "no region.*wooden_cabinet_1_top_region"),
        (("Open", "plate_1"), WorldError, "no moving parts"),
        (("Open", "flat_stove_1"), WorldError, "cannot do this; these can: cabinet, microwave"),
    ],
)
def test_literals_that_make_no_sense_are_refused(literal, error, match):
    task = load_suite("libero_goal")[0]
    worlds = make_worlds([WorldSpec(task, 51)])
    with pytest.raises(error, match=match):
        literal_margin(task, literal, worlds.things(worlds.qpos))
