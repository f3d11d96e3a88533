"""Tables for other programs: every row with its meaning, with pandas and without."""

from __future__ import annotations

import csv
import json
import sys

import pytest

from aspire_mjx.errors import TraceError, UnknownNameError
from aspire_mjx.rollout.simulator import Job
from aspire_mjx.traces.columns import TraceBatch, TraceBuilder
from aspire_mjx.traces.schema import CALLS, ROLLOUTS


@pytest.fixture
def traces(toy) -> TraceBatch:
    return toy.ToyRuns()([Job(toy.FIRST, toy.TASK, seed, tunables=(("lift_height", 0.12),)) for seed in (51, 59)], "t")


def test_a_frame_of_rollouts_has_words_for_codes_and_a_column_a_setting(toy, traces):
    frame = traces.to_pandas()
    assert frame["seed"].tolist() == [51, 59] and frame["benchmark"].tolist() == traces.passes().tolist()
    assert set(frame["outcome"]) == {"DONE"} and set(frame["program_hash"]) == {toy.FIRST.hash}
    assert frame["tunable.lift_height"].tolist() == [0.12, 0.12]
    assert set(ROLLOUTS) - {"tunables", "factors", "definition"} <= set(frame.columns)


def test_a_frame_of_calls_joins_the_rollouts_and_has_arguments_by_name(traces):
    frame = traces.to_pandas("calls")
    assert len(frame) == len(traces.calls["rollout"]) and set(CALLS) <= set(frame.columns)
    joined = frame.merge(traces.to_pandas(), on="rollout")
    assert set(joined["seed"]) == {51, 59}
    move = frame[frame["primitive"] == "goto_pose"].iloc[0]
    assert json.loads(move["inputs"])["position"] == pytest.approx([0.5, 0.1, 0.03])
    assert frame["residual_m"].isna().all() and set(frame["status"]) >= {"OK"}


@pytest.mark.parametrize("rows", ["rollouts", "calls"])
def test_a_file_holds_what_the_frame_holds(tmp_path, traces, rows):
    traces.to_csv(tmp_path / "t.csv", rows)
    frame = traces.to_pandas(rows)
    with open(tmp_path / "t.csv", encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert len(read) == len(frame) and list(read[0]) == list(frame.columns)
    assert [row["rollout"] for row in read] == frame["rollout"].astype(str).tolist()


def test_an_empty_batch_is_an_empty_table(tmp_path):
    TraceBuilder().build().to_csv(tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text().startswith("rollout,program,program_hash,task,")
    assert len(TraceBuilder().build().to_pandas("calls")) == 0


def test_what_cannot_be_said_or_written_is_an_error(tmp_path, traces, monkeypatch):
    with pytest.raises(UnknownNameError, match="Known: rollouts, calls"):
        traces.to_csv(tmp_path / "t.csv", "steps")
    with pytest.raises(TraceError, match="cannot be written"):
        traces.to_csv(tmp_path / "absent" / "t.csv")
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(TraceError, match=r"pip install 'aspire-mjx\[pandas\]'"):
        traces.to_pandas()
