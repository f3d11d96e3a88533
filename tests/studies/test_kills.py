"""A command that is stopped at random moments: the study at its smallest."""

from __future__ import annotations

import json

import pytest

from experiments.studies.kills import SIGNALS, bits, kills


@pytest.mark.slow
def test_a_stopped_batch_ends_in_the_same_bits():
    command = ("run_program", "reach", "--tasks=0-1", "--seeds=51-54", "--engine=native")
    figures = kills(3, seed=1, commands={"batch": command})["commands"]["batch"]
    assert figures["kills"] == sum(figures["signals"].values()) == 3
    assert set(figures["signals"]) <= {number.name for number in SIGNALS}
    assert figures["equal_runs"] == figures["runs"] >= 1


def test_other_results_are_other_bits(tmp_path):
    summary = {"score": {"passes": 3}, "timing": {"rollout_s": 1.0}, "tasks": [{"timing": 1, "key": "a"}]}
    for name, changed in (("a", {}), ("b", {"timing": 2}), ("c", {"score": {"passes": 4}})):
        (tmp_path / name).mkdir()
        (tmp_path / name / "summary.json").write_text(json.dumps({**summary, **changed}))
    assert bits(tmp_path / "a") == bits(tmp_path / "b") != bits(tmp_path / "c")
    (tmp_path / "b" / "events.jsonl").write_text("{}\n")
    assert bits(tmp_path / "a") != bits(tmp_path / "b")
