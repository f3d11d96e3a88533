"""The studies at a small size: what they measure is what they say."""

from __future__ import annotations

import numpy as np
import pytest

from aspire_mjx.errors import AspireError
from aspire_mjx.experiments.benchmark import conditions
from aspire_mjx.physics.engines import make
from aspire_mjx.primitives.robot_api import ROBOT_API
from aspire_mjx.worlds.template import template_of
from aspire_mjx.worlds.workspaces import FAMILIES
from experiments.studies.__main__ import main
from experiments.studies.endings import counts, jobs_of
from experiments.studies.gpu_check import agreement, conformance, repeat
from experiments.studies.machine import TableWorld, machine
from experiments.studies.verdicts import run, scripted
from experiments.studies.worlds import worlds


def test_the_table_answers_a_lane_as_it_answers_it_among_others():
    together, alone = TableWorld(5), TableWorld(5)
    for name in ("get_object_pose", "task_language", "goto_pose", "get_object_pose"):
        primitive = ROBOT_API[name]
        batch = together.answer(primitive, np.array([4, 1, 3]), {})
        one = alone.answer(primitive, np.array([3]), {})
        assert batch.status[2] == one.status[0]
        assert all(np.array_equal(batch.fields[field][2], one.fields[field][0]) for field in batch.fields)


def test_the_machine_is_measured_beside_plain_python():
    figures = machine(["programs/reach.py"], [8, 32])
    (row,) = figures["programs"].values()
    assert row["vectorised"] and len(row["ms_per_wave"]) == 2 and min(row["ms_per_wave"]) > 0
    assert row["speedup"] == pytest.approx(row["plain_s"] / row["machine_s"], rel=0.1)
    with pytest.raises(AspireError, match="no such file"):
        machine(["programs/none*.py"], [8])


def test_the_checks_of_the_accelerator_hold_for_the_native_engine():
    engine = make("native", template_of("floor"), capacity=4)
    assert all(conformance(engine).values())
    figures, batch = repeat(engine, 6)
    assert figures["passed"] and figures["equal_traces"] == 6
    assert agreement(batch)["equal_verdicts"] == 6


def test_parity_needs_a_checkout(capsys, tmp_path):
    assert main(["studies", "--cases=parity"]) == 2
    assert "--libero_root=PATH" in capsys.readouterr().err
    assert main(["studies", "--cases=parity", f"--libero_root={tmp_path}"]) == 2
    assert "Give the root of a LIBERO checkout" in capsys.readouterr().err


def test_endings_reach_their_goals_in_every_workspace_and_are_counted():
    jobs = jobs_of(["libero_object", "libero_goal", "libero_10"], 1)
    assert {job.task.workspace for job in jobs} == set(FAMILIES) and len({job.label for job in jobs}) >= 4
    verdicts = np.array([[1, 1]] * 6 + [[0, 1]] * 2 + [[0, 0]] * 4, bool)
    assert counts(verdicts) == {"table": [6, 2, 4], "kappa": pytest.approx(2 / 3, abs=1e-3)}


@pytest.mark.slow
def test_every_template_is_measured_beside_the_original_scenes():
    figures = worlds("native", 0, 4, lane_ticks=1600)
    assert list(figures["templates"]) == list(FAMILIES)
    for row in figures["templates"].values():
        assert row["build_s"] < 5 and row["resets"] == 4 and row["steps_per_s_one_core"] > 1000
        assert 4 < row["contacts_mean"] <= row["contacts_p95"] < 60
    assert all(len(row["steps_per_s"]) == 10 for row in figures["beside_original"].values())
    assert conditions("native", ["study"])["scenes"]["study"].startswith(
        "Panda, 5 movable things, caddy, shelf; 56 geoms"
    )


def test_scripted_rollouts_are_a_mix_that_repeats():
    jobs = scripted(40)
    assert jobs == scripted(60)[:40] and {job.label for job in jobs} == {"pick", "push", "pull", "turn"}
    assert {job.task.suite for job in jobs} == {"libero_object", "libero_spatial", "libero_goal"}
    assert all(job.seed >= 1000 for job in jobs)


@pytest.mark.parametrize(("script", "number"), [("push", 3), ("pull", 3), ("turn", 3)])
def test_scripts_reach_their_goals_or_fall_short(script, number):
    jobs = [job for job in scripted(72) if job.label == script]
    short, right = sorted(jobs, key=lambda job: dict(job.tunables)["amount"])[:number], jobs
    assert not run("native", short, 0).passes().any()
    assert 0.2 < run("native", right, 0).passes().mean() < 0.8
