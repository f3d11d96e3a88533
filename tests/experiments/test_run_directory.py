"""A run directory belongs to one configuration, and its events are written once."""

from __future__ import annotations

import json

import pytest

from aspire_mjx.errors import RunDirectoryError
from aspire_mjx.experiments.run_directory import RunDirectory, next_free
from aspire_mjx.language.program import Program

CONFIG = {"suite": "s", "seed": 0}


def test_a_new_run_makes_its_folders(tmp_path):
    run = RunDirectory(tmp_path / "a" / "b", CONFIG)
    assert run.programs.is_dir() and run.traces.is_dir() and run.skills.is_dir()
    assert json.loads((run.path / "config.json").read_text())["suite"] == "s"
    program = Program("wait(1.0)\n")
    run.write_program(program)
    assert (run.programs / f"{program.hash}.py").read_text() == program.text
    run.write_summary({"a": 1})
    assert json.loads(run.summary.read_text()) == {"a": 1}


def test_the_same_run_needs_resume(tmp_path):
    RunDirectory(tmp_path / "run", CONFIG)
    with pytest.raises(RunDirectoryError, match="--resume"):
        RunDirectory(tmp_path / "run", CONFIG)
    RunDirectory(tmp_path / "run", CONFIG, resume=True)


def test_another_configuration_is_refused_and_named(tmp_path):
    RunDirectory(tmp_path / "run", CONFIG)
    for resume in (False, True):
        with pytest.raises(RunDirectoryError, match=r"seed \(0 there, 1 now\).*--out"):
            RunDirectory(tmp_path / "run", {**CONFIG, "seed": 1}, resume=resume)


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(RunDirectoryError, match="not a run directory"):
        RunDirectory(tmp_path, CONFIG)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_damaged_configuration_is_named(tmp_path):
    run = RunDirectory(tmp_path / "run", CONFIG)
    (run.path / "config.json").write_text("{")
    with pytest.raises(RunDirectoryError, match="config.json"):
        RunDirectory(run.path, CONFIG, resume=True)


def test_resume_with_nothing_there_starts(tmp_path):
    assert RunDirectory(tmp_path / "run", CONFIG, resume=True).path.is_dir()


def test_resumed_events_are_checked_and_not_written_twice(tmp_path):
    first = RunDirectory(tmp_path / "run", CONFIG)
    first.events("task", key="a")
    first.events("round", n=1)
    file = tmp_path / "run" / "events.jsonl"
    file.write_text(file.read_text() + '{"event": "half')  # a crash in the middle of a line
    second = RunDirectory(tmp_path / "run", CONFIG, resume=True)
    second.events("task", key="a")
    second.events("round", n=1)
    second.events("round", n=2)
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        {"event": "task", "key": "a"},
        {"event": "round", "n": 1},
        {"event": "round", "n": 2},
    ]
    third = RunDirectory(tmp_path / "run", CONFIG, resume=True)
    with pytest.raises(RunDirectoryError, match="line 1"):
        third.events("task", key="b")


def test_numbers_count_up(tmp_path):
    assert next_free(tmp_path, "x").name == "x-001"
    (tmp_path / "x-001").mkdir()
    assert next_free(tmp_path, "x").name == "x-002"
