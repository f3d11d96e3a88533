"""Every suite runs: the first draft in a world of each, and the whole job where nothing can be carried."""

from __future__ import annotations

import json

import numpy as np
import pytest

from aspire_mjx.experiments.libero_pro import main
from aspire_mjx.faults.report import analyse
from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome
from aspire_mjx.rollout.simulator import Job, run_jobs
from aspire_mjx.worlds.suites import find_task, suite_names
from tests.support.paths import PROGRAMS

PROGRAM = Program.read(PROGRAMS / "pick_and_place.py")


def test_the_first_draft_runs_in_a_world_of_every_suite():
    """Another task of each suite, so that all workspaces and many goals are among them."""
    tasks = [find_task(name, i % 10) for i, name in enumerate(suite_names())]
    tasks += [find_task("libero_90", index) for index in (18, 40, 60, 76, 86)]
    batch = run_jobs([Job(PROGRAM, task, 51) for task in tasks], engine="native")
    assert batch.rollout_text("task").tolist() == [task.key for task in tasks]
    outcomes = [Outcome(int(code)) for code in batch.rollouts["outcome"]]
    assert set(outcomes) <= {Outcome.DONE, Outcome.PROGRAM_ERROR} and Outcome.DONE in outcomes
    assert np.isfinite(batch.rollouts["margin"]).all()
    errors = [text for text in batch.rollout_text("error") if text]
    assert errors and all("PerceptionError" in text or "no object and its place" in text for text in errors)
    report = analyse(batch)
    assert len(report.faults) == len(tasks) - int(batch.passes().sum())
    assert {fault.signature.role for fault in report.faults} & {"target", "container"}


@pytest.mark.parametrize("suite", ["libero_goal", "libero_10_env"])
def test_the_whole_job_ends_with_an_honest_summary(capsys, tmp_path, suite):
    arguments = ["--tasks=0-1", "--candidates=2", "--rounds=1", "--engine=native", f"--out={tmp_path / suite}"]
    seeds = ["--debug_seeds=51", "--validation_seeds=66", "--heldout_seeds=1"]
    assert main(["libero_pro", f"--suite={suite}", *arguments, *seeds]) == 0
    assert "Held-out success over 2 tasks" in capsys.readouterr().out
    summary = json.loads((tmp_path / suite / "summary.json").read_text())
    assert [task["heldout"]["trials"] for task in summary["tasks"]] == [1, 1]
    assert summary["tasks"][0]["heldout"]["passes"] == 0  # a drawer to open, two objects to carry: not in one carry
