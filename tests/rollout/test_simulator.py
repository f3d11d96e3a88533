"""Rollouts: as in plain Python, and bad lanes end alone."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from aspire_mjx.compiler.compile import compile_program
from aspire_mjx.compiler.schedule import Schedule
from aspire_mjx.errors import ProgramRefused
from aspire_mjx.faults.fault import find_faults
from aspire_mjx.language.limits import ProgramLimits
from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome
from aspire_mjx.physics.engines import make
from aspire_mjx.plain.runner import run_plain
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.rollout import refusal, simulator
from aspire_mjx.rollout.plain_robot import PlainRobot
from aspire_mjx.rollout.simulator import Job, Simulator, Simulators, run_jobs
from aspire_mjx.sensing.camera import ImageSize
from aspire_mjx.status import Status
from aspire_mjx.traces.reader import list_text
from aspire_mjx.worlds.perturbation import Perturbation
from aspire_mjx.worlds.suites import find_task, load_suite
from aspire_mjx.worlds.template import template_of
from tests.support.paths import CORPUS, PROGRAMS
from tests.support.same_traces import same_traces

PICK = Program((PROGRAMS / "pick_and_place.py").read_text(encoding="utf-8"), "pick_and_place.py")
LOOK = Program(
    """
import numpy as np
found = get_object_pose("basket")
if steps_left() > 9990:
    wait(0.1 + 0.1 * np.floor(10 * found.score))
goto_pose(found.position + np.array([0.0, 0.0, 0.25]), np.array([0.0, 1.0, 0.0, 0.0]))
close_gripper()
print(f"{get_gripper_width():.4f}")
""",
    "look.py",
)


GUARDED = Program((CORPUS / "guarded_descent.py").read_text(encoding="utf-8"), "guarded.py")


@pytest.fixture(scope="module")
def tasks():
    return load_suite("libero_object_swap")


def _simulator(capacity: int = 32, **options) -> Simulator:
    return Simulator(make("native", template_of("floor"), capacity=capacity), **options)


SHAPES = Program(
    """
obs = get_observation()
for name in ("agentview", "wrist"):
    images = obs[name]["images"]
    print(images["rgb"].shape, images["depth"].shape, obs[name]["intrinsics"][0, 2])
found = segment_text_prompt(obs["agentview"]["images"]["rgb"], "basket")
print(found[0]["mask"].shape, get_object_pose("basket").position)
""",
    "shapes.py",
)


def test_the_size_of_images_is_a_simulators_own_and_moves_poses_little(tasks):
    jobs = [Job(SHAPES, tasks[i], 51 + i, perturbation=Perturbation(noise=0.0)) for i in range(2)]
    small = run_jobs(jobs)
    large = Simulators("native", camera=ImageSize(320, 200)).run(jobs)
    assert (small.meta["camera"], large.meta["camera"]) == ("160x120", "320x200")
    for text in large.rollout_text("prints"):
        lines = text.splitlines()
        assert lines[0] == lines[1] == "(200, 320, 3) (200, 320) 159.5"
        assert lines[2].startswith("(200, 320) [")
    one, other = (b.calls["outputs"][b.call_text("primitive") == "get_object_pose", :3] for b in (small, large))
    np.testing.assert_allclose(one, other, atol=0.006)


def test_larger_images_leave_fewer_lanes():
    assert [_simulator(64, camera=ImageSize(w, h))._lanes() for w, h in ((160, 120), (320, 120), (800, 512))] == [
        64,
        32,
        16,
    ]


def test_plain_python_sees_the_same_world_as_the_compiled_program(tasks):
    simulator = _simulator()
    robot = PlainRobot(simulator, Job(LOOK, tasks[0], 51).world)
    found = robot.call(ROBOT_API["get_object_pose"], {"name": "basket", "return_bbox_extent": 0.0})
    batch = simulator.run([Job(LOOK, tasks[0], 51)])
    seen = batch.calls["outputs"][0]
    np.testing.assert_array_equal(seen[:3], found.position.astype(np.float32))


def test_a_program_runs_in_plain_python_as_it_does_compiled(tasks):
    """Call by call: the same primitives, statuses and prints, in the worlds of three tasks, with latency in some."""
    simulator, late = _simulator(), Perturbation(latency=0.06)
    jobs = [Job(PICK, tasks[i], seed) for i in (0, 4, 7) for seed in (51, 54)]
    jobs += [Job(GUARDED, tasks[i], 51, perturbation=dose) for i in (0, 4) for dose in (Perturbation(), late)]
    batch = simulator.run(jobs)
    prints, primitives = batch.rollout_text("prints"), batch.call_text("primitive")
    for i, job in enumerate(jobs):
        robot = PlainRobot(simulator, job.world)
        end = run_plain(job.program, robot)
        rows = np.flatnonzero(batch.calls["rollout"] == i)
        compiled = [(str(primitives[r]), Status(int(batch.calls["status"][r]))) for r in rows]
        assert robot.calls == compiled
        assert (end.outcome, end.prints) == (Outcome(int(batch.rollouts["outcome"][i])), prints[i])
        if end.outcome == Outcome.DONE:
            assert robot.margin() == pytest.approx(float(batch.rollouts["margin"][i]), abs=1e-6)


def test_an_exception_in_some_lanes_ends_those_alone(tasks):
    lines = ["wait(0.1)", "if tunable('x', 0.0, low=0.0, high=1.0) > 0.5:", "    y = 1 / 0", "wait(0.1)"]
    program = Program("\n".join(lines), "some_fail.py")
    bad = {5, 17, 40}
    jobs = [Job(program, tasks[7], 51 + i % 15, tunables=(("x", float(i in bad)),)) for i in range(64)]
    batch = _simulator(capacity=64).run(jobs)
    failed = np.flatnonzero(batch.rollouts["outcome"] == Outcome.PROGRAM_ERROR)
    assert set(failed.tolist()) == bad
    assert (batch.rollouts["error_line"][failed] == 3).all()
    assert (batch.rollouts["outcome"][[i for i in range(64) if i not in bad]] == Outcome.DONE).all()


def test_an_endless_loop_ends_its_lane_by_the_step_budget_or_the_instruction_budget(tasks):
    waiting = Program("while True:\n    wait(1.0)\n", "waiting.py")
    spinning = Program("x = 0\nwhile True:\n    x = x + 1\n", "spinning.py")
    jobs = [Job(p, tasks[0], 51) for p in (waiting, spinning, LOOK)]
    limits = ProgramLimits(instructions=200_000)
    batch = _simulator(horizon=200, limits=limits).run(jobs)
    assert batch.meta["horizon"] == 200 and batch.meta["max_instructions"] == 200_000
    assert batch.rollouts["outcome"].tolist() == [Outcome.OUT_OF_STEPS, Outcome.OUT_OF_INSTRUCTIONS, Outcome.DONE]
    last = np.flatnonzero(batch.calls["rollout"] == 0)[-1]
    assert batch.calls["status"][last] == Status.OUT_OF_STEPS and batch.rollouts["ticks"][0] == 200


def test_a_non_finite_lane_ends_as_diverged_and_names_itself(tasks):
    simulator = _simulator()
    jobs = [Job(LOOK, tasks[0], seed) for seed in (51, 52, 53)]
    good = simulator.run(jobs)
    settled = simulator._settled[jobs[1].world]
    simulator._settled[jobs[1].world] = dataclasses.replace(settled, qvel=np.full_like(settled.qvel, np.nan))
    batch = simulator.run(jobs)
    assert batch.rollouts["outcome"].tolist() == [Outcome.DONE, Outcome.DIVERGED, Outcome.DONE]
    error = batch.rollout_text("error")[1]
    assert "rollout 1" in error and "wait" in error and " s" in error
    assert not batch.passes()[1]
    assert same_traces(good.select([0, 2]), batch.select([0, 2]))


def test_a_bad_program_costs_its_own_lanes_alone(tasks):
    """Refused, or with a tunable that it does not declare; in lanes that are used again."""
    bad = Program("x = 1\nimport os\nos.remove\nopen('x')\n", "bad.py")
    jobs = [Job(LOOK, tasks[0], 51), Job(bad, tasks[0], 51), Job(LOOK, tasks[0], 52)]
    jobs += [Job(LOOK, tasks[0], 52, tunables=(("lift", 0.2),)), Job(bad, tasks[0], 52), Job(LOOK, tasks[0], 53)]
    batch = _simulator(capacity=2).run(jobs)
    good = [0, 2, 5]
    assert same_traces(batch.select(good), _simulator().run([jobs[i] for i in good]))
    refused = np.flatnonzero(batch.rollouts["outcome"] == Outcome.REFUSED)
    assert refused.tolist() == [1, 3, 4] and not batch.passes()[refused].any()
    assert np.isneginf(batch.rollouts["margin"][refused]).all() and not np.isin(batch.calls["rollout"], refused).any()
    errors = batch.rollout_text("error")
    with pytest.raises(ProgramRefused) as caught:
        compile_program(bad)
    (first, *_), *others = caught.value.findings
    assert others and all(f"line {line}: [{rule}] {message}" in errors[1] for line, rule, message in others)
    assert batch.rollouts["error_line"][[1, 3]].tolist() == [first, 0] and "'lift'" in errors[3]
    assert {fault.signature.kind for fault in find_faults(batch, refused)} == {"refused"}
    assert errors[1] in list_text(batch, np.arange(6))


def test_a_program_that_breaks_the_compiler_costs_its_own_lanes_alone(tasks, monkeypatch):
    def compile_or_break(program: Program) -> Schedule:
        if program.name == "breaks.py":
            raise RecursionError("too deep")
        return compile_program(program)

    monkeypatch.setattr(refusal, "compile_program", compile_or_break)
    jobs = [Job(LOOK, tasks[0], 51), Job(Program("pass\n", "breaks.py"), tasks[0], 51)]
    batch = _simulator().run(jobs)
    assert batch.rollouts["outcome"].tolist() == [Outcome.DONE, Outcome.ENGINE_FAULT]
    assert "RecursionError: too deep" in batch.rollout_text("error")[1]


def test_no_jobs_give_an_empty_batch():
    assert len(_simulator().run([])) == 0


def test_perturbations_reach_the_world_and_the_record(tasks):
    job = Job(LOOK, tasks[0], 51)
    exact = dataclasses.replace(job, perturbation=Perturbation(noise=0.0))
    batch = _simulator().run([job, exact])
    assert batch.factors(1)["noise"] == 0.0 and batch.factors(0)["noise"] == 1.0
    assert not np.array_equal(batch.calls["outputs"][0], batch.calls["outputs"][len(batch.calls["outputs"]) // 2])


def test_jobs_of_several_templates_run_group_by_group_and_come_back_in_order(tasks):
    """Two workspaces, and a distractor more: each rollout as it is alone."""
    program = Program("moved = goto_home_joint_position()\nprint(moved.status, steps_left())\n", "wait.py")
    table = find_task("libero_goal", 0)
    jobs = [
        Job(program, tasks[0], 51),
        Job(program, table, 51),
        Job(program, tasks[0], 52, perturbation=Perturbation(distractors=1)),
        Job(program, table, 52),
        Job(program, tasks[0], 53),
    ]
    seen: list[tuple[int, int]] = []
    simulators = Simulators("native", capacity=4)
    batch = simulators.run(jobs, progress=lambda done, total: seen.append((done, total)))
    assert [(batch.rollout_text("task")[i], int(batch.rollouts["seed"][i])) for i in range(5)] == [
        (job.task.key, job.seed) for job in jobs
    ]
    for i, job in enumerate(jobs):
        assert same_traces(batch.select([i]), simulators.run([job]))
    assert seen[-1] == (5, 5) and sorted(seen) == seen
    assert batch.meta["template"] == ["floor-4", "tabletop-4", "floor-4+1"]
    timing = batch.meta["timing"]
    assert timing["sim_steps"] > 0 and 0.0 < timing["occupancy"] <= 1.0 and timing["compile_s"] > 0.0
    assert same_traces(run_jobs(jobs[:2], engine="native"), batch.select([0, 1]))
    assert len(run_jobs([], engine="native")) == 0


def test_only_the_programs_used_last_stay_compiled(tasks, monkeypatch):
    monkeypatch.setattr(simulator, "_KEPT_PROGRAMS", 2)
    compiled: list[str] = []

    def counted(program: Program):
        compiled.append(program.text)
        return refusal.schedule_or_refusal(program)

    monkeypatch.setattr(simulator, "schedule_or_refusal", counted)
    one = _simulator(1)
    for text in ("a", "b", "a", "c", "a", "b"):
        one._schedule(Job(Program(f"{text} = 1\n", "p.py"), tasks[0], 51))
    assert compiled == ["a = 1\n", "b = 1\n", "c = 1\n", "b = 1\n"]
