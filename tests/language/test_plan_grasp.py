"""Grasps planned from a depth image and a mask by a program: sound poses, held things, rims of hollow ones."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome
from aspire_mjx.physics.engines import make
from aspire_mjx.plain.runner import run_plain
from aspire_mjx.rollout.plain_robot import PlainRobot
from aspire_mjx.rollout.simulator import Job, Simulator
from aspire_mjx.worlds.suites import load_suite
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.worlds import WorldSpec, make_worlds

_LOOK = """
import numpy as np
seen = get_observation()["agentview"]
found = segment_text_prompt(seen["images"]["rgb"], "NAME")
best = max(found, key=lambda d: d["score"])
poses, scores = plan_grasp(seen["images"]["depth"], seen["intrinsics"], best["mask"])
"""
_PRINT = """
print((seen["pose_mat"] @ poses).tolist())
print(scores.tolist())
empty = plan_grasp(seen["images"]["depth"], seen["intrinsics"], np.zeros(best["mask"].shape, dtype=bool))
print([len(empty[0]), len(empty[1])])
numbered = np.where(best["mask"], 1, 2)
among = plan_grasp(seen["images"]["depth"], seen["intrinsics"], numbered)
scaled = plan_grasp(seen["images"]["depth"], seen["intrinsics"], best["mask"].astype(np.uint8) * 255)
print([int(np.array_equal(again[0], poses)) for again in (among, scaled)])
"""
_PICK = """
grasp, score = select_top_down_grasp(poses, scores, seen["pose_mat"])
position, quaternion = decompose_transform(grasp)
open_gripper()
goto_pose(position, quaternion, z_approach=0.12)
close_gripper()
goto_pose(position + np.array([0, 0, 0.15]), quaternion)
print(float(is_holding()))
"""
_FOOD = {1: "cream cheese", 6: "butter", 8: "chocolate pudding"}  # tasks of libero_object_swap


@pytest.fixture(scope="module")
def floor():
    return Simulator(make("native", template_of("floor")))


@pytest.fixture(scope="module")
def tabletop():
    return Simulator(make("native", template_of("tabletop")))


def _program(name: str, rest: str) -> Program:
    return Program(_LOOK.replace("NAME", name) + rest, "plan_grasp.py")


def _printed(batch, row: int) -> list:
    assert batch.rollouts["outcome"][row] == Outcome.DONE, batch.rollout_text("error")[row]
    return [ast.literal_eval(line) for line in batch.rollout_text("prints")[row].splitlines()]


def test_hands_are_sound_poses_that_point_down_the_best_first(floor):
    jobs = [Job(_program(name, _PRINT), load_suite("libero_object_swap")[index], 51) for index, name in _FOOD.items()]
    batch = floor.run(jobs)
    for row, job in enumerate(jobs):
        poses, scores, empty, same = _printed(batch, row)
        poses, scores = np.array(poses), np.array(scores)
        turns = poses[:, :3, :3]
        np.testing.assert_allclose(turns.transpose(0, 2, 1) @ turns, np.tile(np.eye(3), (len(poses), 1, 1)), atol=1e-4)
        assert (np.linalg.det(turns) > 0).all() and (turns[:, 2, 2] < -0.98).all()
        assert len(poses) == len(scores) and (np.diff(scores) <= 0).all() and 0.4 < scores[0] <= 1 and scores[-1] >= 0
        assert empty == [0, 0] and same == [1, 1]
        world = make_worlds([WorldSpec(job.task, 51)])
        (thing,) = (t for n, t in world.things(world.qpos).items() if n.startswith(job.task.target_category))
        assert np.linalg.norm(poses[0, :2, 3] + world.base[0, :2] - thing.position[0, :2]) < 0.02


def test_what_is_grasped_so_is_held_compiled_and_plain_alike(floor):
    tasks = load_suite("libero_object_swap")
    jobs = [Job(_program(name, _PICK), tasks[index], seed) for index, name in _FOOD.items() for seed in (51, 52, 53)]
    batch = floor.run(jobs)
    assert sum(_printed(batch, row)[0] for row in range(len(jobs))) >= 8
    alone = run_plain(jobs[0].program, PlainRobot(floor, jobs[0].world))
    assert alone.prints == batch.rollout_text("prints")[0]


def test_a_bowl_is_grasped_by_its_wall_and_a_plate_not_at_all(tabletop):
    task = load_suite("libero_goal")[1]
    jobs = [Job(_program(name, _PRINT), task, seed) for name in ("black bowl", "plate") for seed in range(1000, 1006)]
    batch = tabletop.run(jobs)
    for row, job in enumerate(jobs):
        poses, scores, *_ = _printed(batch, row)
        if row >= 6:  # too wide, and its rim is too low for the pads
            assert max(scores) == 0.0
            continue
        world = make_worlds([job.world])
        bowl = world.things(world.qpos)["akita_black_bowl_1"].position[0] - world.base[0]
        aside = np.linalg.norm(np.array(poses[0])[:2, 3] - bowl[:2])
        assert scores[0] > 0.8 and 0.03 < aside < 0.07


def test_a_bowl_is_lifted_by_its_wall(tabletop):
    jobs = [Job(_program("black bowl", _PICK), load_suite("libero_goal")[1], seed) for seed in range(1200, 1206)]
    batch = tabletop.run(jobs)
    assert sum(_printed(batch, row)[0] for row in range(len(jobs))) >= 5


_CHOOSE = """# api: native
import numpy as np
hands = np.tile(np.diag([1.0, -1.0, -1.0, 1.0]), (4, 1, 1))
hands[0, :3, 3] = [1.3, 0.0, 0.1]  # the best, and out of reach
hands[1, :3, 3] = [0.4, -0.2, 0.1]
hands[2, :3, 3] = [0.4, 0.2, 0.1]
hands[3] = np.eye(4)  # upwards
scores = np.array([0.9, 0.6, 0.7, 0.8])
grasp, score = select_top_down_grasp(hands, scores, np.eye(4))
print(grasp[:3, 3].tolist())
print(float(score))
frame = np.eye(4)
frame[0, 3] = 2.0
print(select_top_down_grasp(hands, scores, frame)[0] is None)
print(select_top_down_grasp(hands[:0], scores[:0], frame)[0] is None)
"""


def test_of_grasps_the_best_within_the_arms_reach_is_selected(floor):
    job = Job(Program(_CHOOSE, "choose.py"), load_suite("libero_object_swap")[0], 51)
    batch = floor.run([job])
    assert _printed(batch, 0) == [[0.4, 0.2, 0.1], 0.7, True, True]
    alone = run_plain(job.program, PlainRobot(floor, job.world))
    assert alone.prints == batch.rollout_text("prints")[0]
    asked = batch.call_text("primitive").tolist(), batch.calls["status"].tolist()
    assert asked == (["solve_ik"] * 5, [3, 0, 3, 3, 3])
