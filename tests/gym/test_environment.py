"""One task for policies: gymnasium's own check, verdicts, seeds' roles, and the same bits in any batch."""

from __future__ import annotations

import importlib
import json
import sys
import warnings

import numpy as np
import pytest

from aspire_mjx import geometry
from aspire_mjx.errors import AspireError, SeedRoleError, UnknownNameError
from aspire_mjx.language.program import Program
from aspire_mjx.rollout.simulator import Job, run_jobs
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.status import Status
from aspire_mjx.worlds.suites import find_task

pytest.importorskip("gymnasium")

from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode

from aspire_mjx.gym.environment import TaskEnv, TaskVectorEnv

TASK = find_task("libero_object_swap", 3)
SMALL = ImageSize(64, 48)
LOOK = Program(
    "found = sample_grasp_pose('bbq sauce')\nplace = get_object_pose('basket')\n"
    "print(*found.position, *found.quaternion_wxyz, *place.position)\n",
    "look.py",
)


def small(lanes: int = 1, **settings) -> TaskVectorEnv:
    return TaskVectorEnv(TASK, lanes, camera=SMALL, engine="native", **settings)


def random_actions(steps: int, lanes: int) -> np.ndarray:
    return np.random.default_rng(5).uniform(-1, 1, (steps, lanes, 7))


def test_gymnasium_has_nothing_to_say_against_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # it resets to seeds 123 and 456
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        check_env(TaskEnv(TASK, camera=SMALL, engine="native", purpose="report"))
    assert all("render modes due to the environment not having a spec" in str(each.message) for each in said)


def test_environments_in_step_are_those_alone_bit_for_bit():
    actions, together = random_actions(5, 3), small(3)
    first, _ = together.reset(seed=[51, 60, 55])
    seen = [first, *(together.step(each)[0] for each in actions)]
    assert all(each in together.observation_space for each in seen)
    for lane, seed in enumerate((51, 60, 55)):
        alone = TaskEnv(TASK, camera=SMALL, engine="native")
        again = [alone.reset(seed=seed)[0], *(alone.step(each[lane])[0] for each in actions)]
        for one, all_of_them in zip(again, seen, strict=True):
            assert one in alone.observation_space
            assert all(np.array_equal(value, all_of_them[name][lane]) for name, value in one.items())


def test_an_observation_is_what_a_program_could_see():
    seen, _ = TaskEnv(TASK, engine="native").reset(seed=52)
    program = Program("seen = camera_images()\nprint(seen.agentview_rgb.sum(), seen.wrist_rgb.sum(), *seen.joints)\n")
    traces = run_jobs([Job(program, TASK, 52)], engine="native")
    told = [float(number) for number in str(traces.rollout_text("prints")[0]).split()]
    assert [seen[name].sum() for name in ("agentview_rgb", "wrist_rgb")] == told[:2]
    assert np.allclose(seen["joints"], told[2:], atol=1e-6)
    felt = {"joints", "position", "quaternion_wxyz", "width"}
    assert set(seen) == {"agentview_rgb", "wrist_rgb", "language"} | felt and seen["language"] == TASK.language


def test_a_policy_that_picks_and_places_is_rewarded_and_both_verdicts_are_told():
    seeds = [51, 52, 53]
    looks = run_jobs([Job(LOOK, TASK, seed) for seed in seeds], engine="native").rollout_text("prints")
    found = np.array([[float(number) for number in str(text).split()] for text in looks])
    thing, turned, basket, up = found[:, :3], found[:, 3:7], found[:, 7:], np.array([0.0, 0.0, 0.2])
    envs = small(3, autoreset_mode=AutoresetMode.DISABLED)
    seen, _ = envs.reset(seed=seeds)
    rewards, strict, ended = np.zeros(3), np.zeros(3, bool), np.zeros(3, bool)
    for goal, grip, steps in (
        (thing + up, -1, 40),
        (thing, -1, 30),
        (thing, 1, 15),
        (thing + up, 1, 25),
        (basket + up, 1, 50),
        (basket + up, -1, 15),
    ):
        for _ in range(steps):
            hand = geometry.conjugate(seen["quaternion_wxyz"].astype(float))
            turn = geometry.to_rotation_vector(geometry.multiply(turned, hand))
            move = np.concatenate([(goal - seen["position"]) / 0.05, turn / 0.5, np.full((3, 1), grip)], axis=1)
            seen, reward, ended, cut, info = envs.step(np.clip(move, -1, 1))
            assert not cut.any() and np.array_equal(info["success"], reward == 1)
            rewards += reward
            strict |= info["strict"] & info["_strict"]
    assert np.array_equal(rewards > 0, ended) and rewards.max() == 1.0 and strict.any()
    over = int(np.flatnonzero(ended)[0])
    before = seen["joints"][over]
    seen, reward, ended, _, _ = envs.step(np.ones((3, 7)))  # what is over stays over, and where it is
    assert ended[over] and reward[over] == 0 and np.array_equal(seen["joints"][over], before)
    seen, info = envs.reset(seed=[60, 60, 60], options={"reset_mask": np.arange(3) == over})
    assert info["seed"][over] == 60 and info["seconds"][over] == 0.0 and (np.delete(info["seconds"], over) > 0).all()
    assert not envs.step(np.zeros((3, 7)))[2][over]


def test_episodes_are_cut_and_the_next_begins_by_itself_on_a_debug_seed():
    envs = small(2, max_steps=3)
    envs.reset(seed=51)
    steps = [envs.step(np.zeros((2, 7))) for _ in range(5)]
    assert [step[3].tolist() for step in steps] == [[cut, cut] for cut in (False, False, True, False, False)]
    assert not any(step[2].any() or step[1].any() for step in steps)
    assert [step[4]["seconds"][0] for step in steps] == pytest.approx([0.04, 0.1, 0.14, 0.0, 0.04])
    assert all(51 <= seed <= 65 for seed in steps[3][4]["seed"])


def test_against_the_floor_the_arm_is_blocked_and_the_clock_goes_on():
    envs = small()
    envs.reset(seed=51)
    told = [envs.step(np.array([[0, 0, -1, 0, 0, 0, 1.0]]))[4] for _ in range(60)]
    statuses = {Status(int(info["status"][0])) for info in told}
    assert Status.BLOCKED in statuses and told[-1]["seconds"][0] == pytest.approx(3.0)


def test_held_out_seeds_are_refused_in_training_and_entered_in_a_report(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SeedRoleError, match="seed 1 is a held-out seed"):
        TaskEnv(TASK, camera=SMALL, engine="native").reset(seed=1)
    assert not (tmp_path / "runs").exists()
    env = TaskEnv(TASK, camera=SMALL, engine="native", purpose="report", policy="mine-3")
    for seed in (1, 51, 1):
        env.reset(seed=seed)
    (entry,) = (tmp_path / "runs" / "policies.heldout.jsonl").read_text().splitlines()
    assert json.loads(entry) == {"task": TASK.key, "program": "mine-3", "seeds": "1"}
    assert capsys.readouterr().out.count("held-out seeds 1: mine-3 looks") == 1


def test_seeds_that_nobody_gave_are_drawn_alike_after_the_same_seed():
    env = TaskEnv(TASK, camera=SMALL, engine="native")
    drawn = []
    for _ in range(2):
        env.reset(seed=53)
        drawn.append([env.reset()[1]["seed"] for _ in range(3)])
    assert drawn[0] == drawn[1] and all(51 <= seed <= 65 for seed in drawn[0])


def test_pictures_are_for_people():
    env = TaskEnv(TASK, camera=SMALL, engine="native")
    env.reset(seed=51)
    assert env.render().shape == (360, 480, 3) and len(small(2).metadata["render_modes"]) == 1


@pytest.mark.parametrize(
    ("what", "error", "message"),
    [
        (lambda: small().step(np.zeros((1, 7))), AspireError, "no episode yet; call reset"),
        (lambda: small(2).reset(seed=[51]), AspireError, "1 seeds for 2 environments"),
        (lambda: small().reset(seed=[-1]), AspireError, "reset: seed is -1; give a whole number"),
        (lambda: TaskEnv(TASK, engine="native").reset(seed=True), AspireError, "reset: seed is True"),
        (lambda: small(2).reset(options={"reset_mask": [1, 0]}), AspireError, "give 2 booleans"),
        (lambda: small(0), AspireError, "0 environments; give at least one"),
        (lambda: small(max_steps=0), AspireError, "max_steps is 0"),
        (lambda: small(purpose="train"), UnknownNameError, "purpose 'train'.*edit"),
        (lambda: small(autoreset_mode=AutoresetMode.SAME_STEP), AspireError, "NEXT_STEP or .DISABLED"),
        (lambda: TaskEnv(TASK, render_mode="human"), AspireError, "render_mode is 'human'"),
    ],
)
def test_what_does_not_fit_is_said(what, error, message):
    with pytest.raises(error, match=message):
        what()


def test_without_gymnasium_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "gymnasium", None)
    monkeypatch.delitem(sys.modules, "aspire_mjx.gym.environment")
    with pytest.raises(AspireError, match=r"pip install 'aspire-mjx\[gym\]'"):
        importlib.import_module("aspire_mjx.gym.environment")
