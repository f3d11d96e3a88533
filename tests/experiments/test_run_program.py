"""run_program: refusals before anything runs, and a real run of the shipped program on a few seeds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aspire_mjx.experiments.run_program import main

PROGRAM = Path(__file__).parents[2] / "programs" / "pick_and_place.py"


@pytest.mark.parametrize("text", ["import os\n", "def f(:\n", "robot.env.sim.step()\n", "x = ().__class__\n"])
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
        ([str(PROGRAM), "--suite=no_such"], "unknown suite"),
        ([str(PROGRAM), "--engine=no_such"], "unknown engine"),
        ([str(PROGRAM), "--seeds=5-1"], "falls"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(capsys, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    assert main(["run_program", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_run_prints_rates_and_faults_and_writes_its_directory(capsys, tmp_path):
    out = tmp_path / "run"
    assert main(["run_program", str(PROGRAM), "--seeds=51-54", "--engine=native", f"--out={out}"]) == 0
    shown = capsys.readouterr().out
    assert "benchmark:" in shown and "strict:" in shown and "Faults" in shown
    summary = json.loads((out / "summary.json").read_text())
    assert summary["score"]["trials"] == 4 and summary["engine"] == "native"
    assert [p.read_text() for p in (out / "programs").iterdir()] == [PROGRAM.read_text()]
    assert main(["run_program", str(PROGRAM), "--seeds=51-54", "--engine=native", f"--out={out}", "--resume"]) == 0
    again = json.loads((out / "summary.json").read_text())
    assert again["score"] == summary["score"] and again["faults"] == summary["faults"]
