"""The strict verdict's own conditions: every literal's object, every part of the hand, and what fell over."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.geometry import from_axis_angle, multiply, rotate
from aspire_mjx.language.program import Program
from aspire_mjx.physics.engines import make
from aspire_mjx.planning.kinematics import hand_pose
from aspire_mjx.rollout.let_go import left_alone, nothing_fell, robot_boxes
from aspire_mjx.rollout.simulator import Job, Simulator
from aspire_mjx.traces.columns import VERDICTS
from aspire_mjx.worlds.goal_state import goal_qpos
from aspire_mjx.worlds.overlap import Boxes, nearest_gap
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.predicates import joints_of
from aspire_mjx.worlds.suites import find_task
from aspire_mjx.worlds.worlds import Worlds, WorldSpec, make_worlds
from tests.support.picks import QUICK_PICK


class Scene:
    """A task's goal, set by hand, with the robot at home; things can be moved."""

    def __init__(self, suite: str, index: int) -> None:
        self.task = find_task(suite, index)
        self.worlds: Worlds = make_worlds([WorldSpec(self.task, 0)])
        self.qpos = goal_qpos(self.worlds, self.worlds.qpos[0])
        template = self.worlds.template
        own, _ = hand_pose(self.qpos[None, template.arm_qpos])
        self.fingertip = own[0] + self.worlds.base[0]
        self._slots = {occupant.name: occupant.slot for occupant in self.worlds.specs[0].occupants}

    def put(self, name: str, place: np.ndarray, *, turn: float = 0.0) -> None:
        """A thing's origin at ``place [3]`` m, turned about x by ``turn`` rad."""
        address = self.worlds.template.slot_qpos[self._slots[name]]
        self.qpos[address : address + 3] = place
        lean = from_axis_angle(np.array([1.0, 0.0, 0.0]), np.asarray(turn))
        self.qpos[address + 3 : address + 7] = multiply(lean, self.qpos[address + 3 : address + 7])

    def place_of(self, name: str) -> np.ndarray:
        return self.worlds.things(self.qpos[None])[name].position[0]

    def fingers(self, width: float) -> None:
        """The fingers ``width`` m apart."""
        self.qpos[self.worlds.template.finger_qpos] = width / 2

    def left_alone(self) -> bool:
        robot = robot_boxes(self.worlds, self.qpos[None])
        return bool(left_alone(self.task, self.worlds.things(self.qpos[None]), robot)[0])

    def nothing_fell(self) -> bool:
        return bool(nothing_fell(self.task, self.worlds.things(self.qpos[None]))[0])


def test_every_object_that_the_goal_moves_counts_and_no_other_does():
    """libero_10/7 asks for the soup and the cheese; both, not only the first, must be let go."""
    scene = Scene("libero_10", 7)
    moved = [literal[1] for literal in scene.task.goal]
    assert len(moved) == 2 and scene.left_alone()
    for name, _ in scene.task.objects:
        scene = Scene("libero_10", 7)
        scene.put(name, scene.fingertip)
        scene.fingers(0.03)
        assert scene.left_alone() == (name not in moved) or name == "basket_1", name


@pytest.mark.parametrize("part", [0, 1, 2])
def test_every_part_of_the_hand_counts_however_lightly_it_touches(part):
    """The pads and the hand's box, one at a time: each a twentieth of a millimetre into the butter."""
    scene = Scene("libero_object", 6)
    ((_, name, _),) = scene.task.goal
    boxes = robot_boxes(scene.worlds, scene.qpos[None])
    way = boxes.rotation[0, part, :, 1] * (1.0 if part != 1 else -1.0)  # sideways, out of the hand
    thing = scene.worlds.things(scene.qpos[None])[name]
    start = boxes.centre[0, part] - thing.boxes.centre[0, 0] + thing.position[0]
    low, high = 0.0, 0.3  # m along that way: inside, beyond
    for _ in range(30):
        middle = (low + high) / 2
        scene.put(name, start + middle * way)
        own = scene.worlds.things(scene.qpos[None])[name].boxes
        low, high = (middle, high) if nearest_gap(own, boxes)[0] < 0.0 else (low, middle)
    for offset, free in ((-5e-5, False), (5e-5, True)):
        scene.put(name, start + (high + offset) * way)
        assert scene.left_alone() is free


def test_a_drawer_must_be_let_go_and_the_rest_of_its_cabinet_may_be_touched():
    """libero_goal/0 opens the middle drawer: all of the hand at a handle of each part in turn."""
    scene = Scene("libero_goal", 0)
    things = scene.worlds.things(scene.qpos[None])
    cabinet = things["wooden_cabinet_1"]
    size = np.full((1, 4, 3), 1e-4)
    free = {}
    for link in ("", *(link.name for link in cabinet.asset.links)):
        place = np.repeat(cabinet.boxes_of([link]).centre[:, -1:], 4, axis=1)
        hand = Boxes(place, np.tile(np.eye(3), (1, 4, 1, 1)), size)
        free[link] = bool(left_alone(scene.task, things, hand)[0])
    asked = joints_of(scene.task, scene.task.goal[0][1], things)[1]
    assert len(free) == 4 and [link for link, fine in free.items() if not fine] == asked


def test_what_something_was_put_on_may_be_touched_but_not_held():
    """Cream cheese on a bowl that is still in the hand is not put there; a finger at the bowl is no matter."""
    scene = Scene("libero_goal", 6)
    ((_, cheese, bowl),) = scene.task.goal
    rim = scene.worlds.things(scene.qpos[None])[bowl]
    at = rim.position[0] + rotate(rim.quaternion, np.asarray(rim.asset.grasps[0].centre))[0]
    scene.put(cheese, np.array([1.5, 1.5, 1.0]))
    scene.put(bowl, rim.position[0] + scene.fingertip - at)
    scene.fingers(0.001)
    assert not scene.left_alone()
    scene.fingers(0.08)
    assert scene.left_alone()


def test_what_has_a_right_way_up_must_stand_where_it_was_put_on_something():
    scene = Scene("libero_goal", 2)  # the bottle on the cabinet
    (_, bottle, _) = scene.task.goal[0]
    assert scene.nothing_fell()
    scene.put(bottle, scene.place_of(bottle), turn=np.pi / 2)
    assert not scene.nothing_fell()


@pytest.mark.parametrize("index, name", [(9, "wine_bottle_1"), (6, "cream_cheese_1")], ids=["a rack", "a pack"])
def test_bottles_lie_on_racks_and_packs_lie_as_they_come(index, name):
    scene = Scene("libero_goal", index)
    assert scene.task.goal[0][1] == name
    scene.put(name, scene.place_of(name), turn=np.pi / 2)
    assert scene.nothing_fell()


HELD = Program(QUICK_PICK.text.replace("open_gripper()", "goto_pose(basket + up(0.04), quaternion)"), "held.py")


def test_an_object_in_the_basket_and_in_the_hand_passes_for_the_benchmark_alone():
    task = find_task("libero_object", 6)
    jobs = [Job(p, task, seed, perturbation=Perturbation(noise=0.0)) for p in (HELD, QUICK_PICK) for seed in range(4)]
    batch = Simulator(make("native", jobs[0].world.template, capacity=8)).run(jobs)
    held, put = (tuple(batch.passes(verdict)[rows].any() for verdict in VERDICTS) for rows in (slice(4), slice(4, 8)))
    assert held == (True, False) and put == (True, True)
