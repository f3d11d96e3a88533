"""run_program: refusals before anything runs, and a real run of the shipped program on a few seeds."""

from __future__ import annotations

import errno
import json
import os
import time

import pytest

from aspire_mjx.command import Terminated
from aspire_mjx.experiments import session
from aspire_mjx.experiments.left_out import LeftOut
from aspire_mjx.experiments.run_program import main
from aspire_mjx.traces.store import read_folder
from aspire_mjx.worlds.perturbation import Perturbation, factor_names
from aspire_mjx.worlds.suites import find_task, load_suite
from tests.support.paths import PROGRAMS
from tests.support.same_traces import same_rollouts

PROGRAM = PROGRAMS / "pick_and_place.py"


@pytest.mark.parametrize("text", ["open(1)\n", "def f(:\n", "robot.env.sim.step()\n", "x = ().__class__\n"])
def test_a_refused_program_gives_the_compilers_message_and_exit_code_2(capsys, tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.py").write_text(text)
    assert main(["run_program", "bad.py"]) == 2
    error = capsys.readouterr().err
    assert "bad.py:1: [" in error and "Traceback" not in error
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "file of one program"),
        (["nowhere.py"], "nowhere.py"),
        ([str(PROGRAM), "--task=no_such"], "unknown task"),
        ([str(PROGRAM), "--tasks=no_such"], "unknown task"),
        ([str(PROGRAM), "--tasks=0-1", "--task=1"], "give one"),
        ([str(PROGRAM), "--suite=no_such"], "unknown suite"),
        ([str(PROGRAM), "--bddl=no/such/folder"], "neither a task file nor a folder"),
        ([str(PROGRAM), "--bddl=x", "--suite=libero_10"], "give one"),
        ([str(PROGRAM), "--engine=no_such"], "unknown engine"),
        ([str(PROGRAM), "--seeds=5-1"], "falls"),
        ([str(PROGRAM), "--camera=big"], "'big' is no size of an image"),
        ([str(PROGRAM), "--horizon=0"], "--horizon=0: give a number from 1"),
        ([str(PROGRAM), "--max_memory=-1"], "--max_memory=-1: give a whole number from 1"),
        ([str(PROGRAM), "--perturb=wind:3"], "unknown perturbation factor 'wind'"),
        ([str(PROGRAM), "--perturb=noise:0..3"], "--sweep=latin"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(capsys, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    assert main(["run_program", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_task_file_from_disk_runs_and_an_edit_of_it_is_noticed(capsys, tmp_path):
    task = find_task("libero_object", 6)
    place = "(0.0 0.25 0.0 0.25)"
    objects = " ".join(f"{name} - {category}" for name, category in task.objects)
    regions = " ".join(
        f"({r.name.removeprefix('floor_')} (:target floor) (:ranges (({r.low[0]} {r.low[1]} {r.high[0]} {r.high[1]}))))"
        for r in task.regions
    )
    init = " ".join(f"({' '.join(literal)})" for literal in task.init)
    text = (
        f"(define (problem LIBERO_Floor_Manipulation) (:language {task.language}) (:fixtures floor - floor)"
        f"(:objects {objects}) (:regions {regions} (spare (:target floor) (:ranges ({place}))))"
        f"(:init {init}) (:goal ({' '.join(task.goal[0])})))"
    )
    (tmp_path / "own.bddl").write_text(text)
    command = ["run_program", str(PROGRAM), f"--bddl={tmp_path / 'own.bddl'}", "--seeds=51", "--engine=native"]
    assert main([*command, f"--out={tmp_path / 'run'}"]) == 0
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    (only,) = summary["tasks"]
    assert (only["key"], only["language"]) == ("bddl_own/0", task.language)
    assert summary["score"]["trials"] == 1
    (tmp_path / "own.bddl").write_text(text.replace(place, "(0.0 0.25 0.0 0.26)"))
    capsys.readouterr()
    assert main([*command, f"--out={tmp_path / 'run'}", "--resume"]) == 2
    assert "bddl" in capsys.readouterr().err


def test_a_run_prints_rates_and_faults_and_writes_its_directory(capsys, tmp_path):
    out = tmp_path / "run"
    assert main(["run_program", str(PROGRAM), "--seeds=51-54", "--engine=native", f"--out={out}"]) == 0
    shown = capsys.readouterr().out
    assert "benchmark:" in shown and "strict:" in shown and "first milestone missed" in shown and "[judge: " in shown
    summary = json.loads((out / "summary.json").read_text())
    assert summary["score"]["trials"] == 4 and summary["engine"] == "native"
    assert [p.read_text() for p in (out / "programs").iterdir()] == [PROGRAM.read_text()]
    assert main(["run_program", str(PROGRAM), "--seeds=51-54", "--engine=native", f"--out={out}", "--resume"]) == 0
    again = json.loads((out / "summary.json").read_text())
    assert again["score"] == summary["score"] and again["faults"] == summary["faults"]
    page = (out / "report.html").read_text()
    passes = f"{summary['score']['passes']}/4"
    assert f">{passes}<" in page and "data:image/webp" in page and str(out / "report.html") in shown


def test_several_tasks_give_one_table_with_pooled_rates_and_a_look_that_is_said(capsys, tmp_path):
    (tmp_path / "p.py").write_text("wait(0.1)\nif 'milk' in task_language():\n    x = [1][2]\n")
    command = ["run_program", str(tmp_path / "p.py"), "--tasks=0,6-7", "--seeds=5,51", "--engine=native"]
    assert main([*command, f"--out={tmp_path / 'run'}"]) == 0
    shown = capsys.readouterr().out
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert [each["key"] for each in summary["tasks"]] == [f"libero_object_swap/{k}" for k in (0, 6, 7)]
    assert [each["score"]["trials"] for each in summary["tasks"]] == [2, 2, 2]
    assert (summary["score"]["trials"], summary["asked"]) == (6, 6)
    for each in summary["tasks"]:
        fails = "IndexError" if "milk" in each["language"] else "/OK/"
        assert fails in each["fails_by"] and each["key"] in shown
    assert "0/6 = 0.000" in shown and "held-out seeds 5: p.py looks at 3 tasks" in shown
    assert len((tmp_path / "p.heldout.jsonl").read_text().splitlines()) == 3


def test_a_failed_program_shows_its_line_and_message(capsys, tmp_path):
    (tmp_path / "p.py").write_text("wait(0.1)\nvalues = [1, 2]\n\nprint(values[5])\n")
    command = ["run_program", str(tmp_path / "p.py"), "--seeds=51", "--engine=native", f"--out={tmp_path / 'run'}"]
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert "p.py:4: IndexError: list index out of range" in shown and "line 4: print(values[5])" in shown
    (group,) = json.loads((tmp_path / "run" / "summary.json").read_text())["faults"]["programs"][0]["groups"]
    assert group["signature"] == "seen/-/PROGRAM_ERROR/-/none/IndexError" and group["line"] == 4


def test_budgets_are_flags_and_the_end_of_one_names_its_own(capsys, tmp_path):
    (tmp_path / "p.py").write_text(
        "if 'milk' in task_language():\n    while True:\n        wait(1.0)\n"
        "x = [0] * 10000\nwhile True:\n    x = x + [1]\n"
    )
    for task, flags, said in (
        ("7", ["--horizon=3"], "the episode's 3 s (150 control steps) ran out"),
        ("0", ["--max_instructions=50000"], "budget of 50000 instructions is spent"),
        ("0", ["--max_memory=5"], "with 5 MB of memory (--max_memory raises it)"),
    ):
        out = tmp_path / flags[0]
        command = ["run_program", str(tmp_path / "p.py"), f"--task={task}", "--seeds=51", "--engine=native"]
        assert main([*command, *flags, f"--out={out}"]) == 0
        (group,) = json.loads((out / "summary.json").read_text())["faults"]["programs"][0]["groups"]
        assert said in group["error"] and flags[0].partition("=")[0] in group["error"]
        assert main([*command, f"--out={out}", "--resume"]) == 2  # another budget is another run
        name = flags[0][2:].partition("=")[0]
        assert name in capsys.readouterr().err


def test_a_sweep_shows_which_factor_splits_failures_from_successes(capsys, tmp_path, monkeypatch):
    """A detector that is far off finds nothing; the program does not care for brightness."""
    monkeypatch.chdir(tmp_path)
    chosen = ["run_program", "pick_and_place", "--task=6", "--seeds=81-110"]
    command = [*chosen, "--engine=native", "--sweep=latin", f"--out={tmp_path}"]
    assert main([*command, "--perturb=noise:0..16,light:0.5..2"]) == 0
    shown = capsys.readouterr().out
    (noise,) = [line for line in shown.splitlines() if line.startswith("  factor noise <= ")]
    assert "factor light" not in shown and "(difference +" in noise
    summary = json.loads((tmp_path / "summary.json").read_text())
    (program,) = summary["faults"]["programs"]
    effects = {effect["name"]: effect for effect in program["effects"]}
    assert list(effects)[0] == "noise" and effects["noise"]["p_adjusted"] < 0.04
    assert effects["noise"]["interval_low"] > 0.0
    assert main([*command, "--perturb=noise:0..50,light:0.5..2", "--resume"]) == 2
    assert "perturb ('noise:0..16,light:0.5..2' there" in capsys.readouterr().err


def test_a_world_without_room_is_left_out_and_named(capsys, tmp_path, monkeypatch):
    """At 1.94 times the size there is room for everything with some seeds, and none with others."""
    task, dose = load_suite("libero_object_swap")[0], Perturbation(size=1.94)
    without = LeftOut.of([task], range(81, 91), dict.fromkeys(range(81, 91), dose)).seeds(task)
    full, free = min(without), min(set(range(81, 91)) - without)
    monkeypatch.chdir(tmp_path)
    command = ["run_program", "pick_and_place", f"--perturb={dose}", "--engine=native", f"--out={tmp_path}"]
    assert main([*command, f"--seeds={free},{full}"]) == 0
    shown = capsys.readouterr().out
    assert "left out: 1 of 2 worlds" in shown and f"seed {full} with size:1.94: " in shown and "no free place" in shown
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert (summary["score"]["trials"], summary["asked"]) == (1, 2)
    ((key, *named, why),) = (each.values() for each in summary["left_out"])
    assert (key, *named) == (task.key, full, "size:1.94") and "no free place for" in why
    assert main([*command[:-1], f"--out={tmp_path / 'none'}", f"--seeds={full}"]) == 2
    assert "none of the 1 worlds can be built; the first: " in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def summary_of(out) -> dict:
    """A summary without what differs between equal runs."""
    return {key: value for key, value in json.loads((out / "summary.json").read_text()).items() if key != "timing"}


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), Terminated(), OSError(errno.ENOSPC, "No space left on device")])
def test_a_stopped_batch_keeps_what_is_finished_and_ends_in_the_same_bits(capsys, tmp_path, monkeypatch, stop):
    """Eight worlds, of which one has no room, in parts of three; the second part is stopped."""
    (tmp_path / "p.py").write_text(
        "pose, _ = get_object_pose(task_language().split(' the ')[1].split(' and ')[0])\n"
        "print(pose)\nif pose[1] < 0.0:\n    wait(0.2)\n    x = [1][2]\nwait(0.1)\n"
    )
    command = ["run_program", str(tmp_path / "p.py"), "--tasks=0,6", "--seeds=51-54", "--engine=native"]
    command += ["--perturb=size:1.8..1.94", "--sweep=latin"]
    assert main([*command, f"--out={tmp_path / 'whole'}"]) == 0
    monkeypatch.setattr(session, "_NATIVE_PART", 3)
    run, parts = session.Session.run, []

    def stopped(self, jobs, stage):
        parts.append(stage)
        if len(parts) == 2 and not isinstance(stop, OSError):
            raise stop
        return run(self, jobs, stage)

    replace = os.replace

    def full(source, target):  # the disk is full as the second trace file is written
        if isinstance(stop, OSError) and len(parts) == 2 and str(target).endswith(".msgpack"):
            raise stop
        replace(source, target)

    monkeypatch.setattr(os, "replace", full)
    monkeypatch.setattr(session.Session, "run", stopped)
    cut = [*command, f"--out={tmp_path / 'cut'}"]
    capsys.readouterr()
    assert main(cut) == {KeyboardInterrupt: 130, Terminated: 143, OSError: 2}[type(stop)]
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and f"give the same command with --out={tmp_path / 'cut'} --resume" in said
    assert len(list((tmp_path / "cut" / "traces").iterdir())) == 1
    assert main([*cut, "--resume"]) == 0
    assert parts == [f"run-of-2-tasks, part {number} of 3" for number in (1, 2, 2, 3)]
    assert summary_of(tmp_path / "cut") == summary_of(tmp_path / "whole")
    assert same_rollouts(read_folder(tmp_path / "cut"), read_folder(tmp_path / "whole" / "traces")).all()
    assert f"aspire_mjx.traces {tmp_path / 'cut' / 'traces'} --rollout=N" in capsys.readouterr().out


def test_what_decides_results_is_in_the_identity_of_a_run_and_nothing_else(capsys, tmp_path, monkeypatch):
    """A resume under another release or precision is refused and says which; that of mjx decides nothing on native."""
    command = ["run_program", "reach", "--seeds=51", "--engine=native", f"--out={tmp_path / 'run'}", "--resume"]
    ran: list[str] = []

    def stopped(self, jobs, stage):
        ran.append(stage)
        raise KeyboardInterrupt

    monkeypatch.setattr(session.Session, "run", stopped)
    version, settings = session.version, session.numeric_settings
    assert main(command) == 130
    for package, code in (("jax", 2), ("jaxlib", 2), ("mujoco", 2), ("numpy", 2), ("scipy", 2), ("mujoco-mjx", 130)):
        monkeypatch.setattr(session, "version", lambda name, other=package: "0.0" if name == other else version(name))
        capsys.readouterr()
        assert main(command) == code
        said = capsys.readouterr().err
        assert (f"configuration: versions.{package} ('{version(package)}' there, '0.0' now)." in said) == (code == 2)
    monkeypatch.setattr(session, "version", version)
    monkeypatch.setattr(session, "numeric_settings", lambda: settings() | {"jax_enable_x64": "True"})
    assert main(command) == 2
    assert "configuration: versions.jax_enable_x64 ('absent' there, 'True' now)." in capsys.readouterr().err
    assert ran == ["run", "run"]


def test_a_million_seeds_are_looked_at_as_they_run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = ["run_program", "reach", "--engine=native", f"--out={tmp_path / 'run'}"]
    begun, looked = time.process_time(), []
    assert main([*command, "--seeds=0-899999,899999"]) == 2
    assert "seed 899999 is named twice" in capsys.readouterr().err

    def stopped(self, jobs, stage):
        looked.extend(jobs)
        raise KeyboardInterrupt

    monkeypatch.setattr(session.Session, "run", stopped)
    assert main([*command, "--seeds=101-899999"]) == 130
    assert [job.seed for job in looked] == list(range(101, 357))
    assert time.process_time() - begun < 20  # 4 here; to look at all of the worlds takes an hour


def test_help_lists_the_factors(capsys):
    assert main(["run_program", "--help"]) == 0
    shown = capsys.readouterr().out
    for name in factor_names():
        assert f"    {name} " in shown
