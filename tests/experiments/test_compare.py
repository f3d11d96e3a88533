"""compare: two programs on the same worlds, from the command line."""

from __future__ import annotations

import json

import pytest

from aspire_mjx.experiments import session
from aspire_mjx.experiments.compare import main


@pytest.fixture
def programs(tmp_path):
    """Files of two programs that fail, each in its own way."""
    for name in ("before", "after"):
        (tmp_path / f"{name}.py").write_text(f"print({name!r})\nwait(0.1)\n")
    return [str(tmp_path / f"{name}.py") for name in ("before", "after")]


def test_two_programs_on_several_tasks(programs, capsys, tmp_path):
    out = tmp_path / "run"
    command = ["compare", *programs, "--tasks=0-1", "--seeds=4,51", "--engine=native", f"--out={out}"]
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert (
        "after.py passes 0, before.py 0 of 4 worlds (benchmark)" in shown and "p = 1" in shown and "(strict)" in shown
    )
    summary = json.loads((out / "summary.json").read_text())
    assert [each["trials"] for each in summary["benchmark"]["tasks"]] == [2, 2] and summary["asked"] == 4
    assert summary["strict"]["pooled"]["trials"] == 4 and len(list((out / "programs").iterdir())) == 2
    assert all((tmp_path / f"{name}.heldout.jsonl").exists() for name in ("before", "after"))
    assert main(command) == 2 and "already holds this run" in capsys.readouterr().err
    assert main([*command, "--resume"]) == 0
    assert json.loads((out / "summary.json").read_text())["benchmark"] == summary["benchmark"]


def test_parts_change_nothing(programs, tmp_path, monkeypatch):
    summaries = []
    for size in (256, 3):
        monkeypatch.setattr(session, "_NATIVE_PART", size)
        out = tmp_path / str(size)
        command = ["compare", *programs, "--tasks=0-1", "--seeds=51-52", "--engine=native", f"--out={out}"]
        assert main(command) == 0
        summaries.append(json.loads((out / "summary.json").read_text()))
    assert [len(list((tmp_path / size / "traces").iterdir())) for size in ("256", "3")] == [2, 4]
    assert all(summaries[0][name] == summaries[1][name] for name in ("benchmark", "strict", "asked", "left_out"))


def test_what_cannot_be_compared_is_one_message(programs, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for arguments, said in ((programs[:1], "give two programs"), ([programs[0]] * 2, "have the same text")):
        assert main(["compare", *arguments]) == 2
        assert said in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()
