"""Looks at held-out seeds: entered beside the program, said on the terminal, once a text."""

from __future__ import annotations

import json

import pytest

from aspire_mjx.errors import RunDirectoryError
from aspire_mjx.experiments.heldout_looks import enter_looks, ledger_of
from aspire_mjx.language.program import Program
from aspire_mjx.worlds.suites import load_suite

TASKS = load_suite("libero_object_swap")[:2]
ONE, OTHER = (Program(f"wait({k})\n", "mine.py") for k in (1, 2))


@pytest.fixture
def mine(tmp_path):
    """A program's file."""
    (tmp_path / "mine.py").write_text(ONE.text)
    return tmp_path / "mine.py"


def entries(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_look_is_entered_beside_the_program_and_said(mine, capsys):
    enter_looks(str(mine), ONE, TASKS, [3, 51, 66, 1, 2])
    ledger = mine.with_name("mine.heldout.jsonl")
    expected = [{"task": task.key, "program": ONE.hash, "seeds": "1-3"} for task in TASKS]
    assert entries(ledger) == expected
    said = capsys.readouterr().out
    assert "held-out seeds 1-3: mine.py looks at 2 tasks" in said and str(ledger) in said and "other texts" not in said
    enter_looks(str(mine), ONE, TASKS, [1, 2])
    assert entries(ledger) == expected


def test_another_text_that_saw_the_seeds_is_named(mine, capsys):
    enter_looks(str(mine), ONE, TASKS[:1], range(1, 4))
    capsys.readouterr()
    enter_looks(str(mine), OTHER, TASKS[:1], range(4, 7))
    assert "other texts" not in capsys.readouterr().out
    enter_looks(str(mine), OTHER, TASKS[:1], [3, 4])
    assert f"1 other texts in this ledger saw some of them before ({ONE.hash})" in capsys.readouterr().out


def test_debug_and_validation_seeds_are_no_look(mine, capsys):
    enter_looks(str(mine), ONE, TASKS, range(51, 81))
    assert capsys.readouterr().out == "" and not ledger_of(str(mine)).exists()


def test_a_shipped_programs_ledger_lies_with_the_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    enter_looks("reach", Program.shipped("reach"), TASKS, [1])
    assert len(entries(tmp_path / "runs" / "reach.heldout.jsonl")) == 2


def test_a_folder_that_cannot_be_written_is_said(mine, monkeypatch, capsys):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    enter_looks(str(mine), ONE, TASKS, [1])
    assert "NOT entered" in (said := capsys.readouterr().out) and "Permission denied" in said


@pytest.mark.parametrize("line", ["{", '{"task": "t/0"}', '{"task": "t/0", "program": "x", "seeds": "9-1"}', "7"])
def test_a_damaged_ledger_names_its_line(mine, line):
    ledger_of(str(mine)).write_text(line + "\n")
    with pytest.raises(RunDirectoryError, match="line 1: not an entry"):
        enter_looks(str(mine), ONE, TASKS, [1])
