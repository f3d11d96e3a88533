"""The reader: a person sees which call failed and why; filters and bad requests are clear."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from aspire_mjx.errors import UnknownNameError
from aspire_mjx.language.program import Program
from aspire_mjx.machine.output import Outcome
from aspire_mjx.traces import reader, store
from aspire_mjx.traces.__main__ import main

GOLDEN = Path(__file__).with_name("golden_rollout.txt")


@pytest.fixture
def file(handmade, tmp_path):
    """Rollout 0 passes, 1 misses the grasp, 2 is blocked by the basket, 3 stops with an error (another task)."""
    handmade.add(handmade.draft_calls(), passed=True)
    calls = handmade.draft_calls(close="EMPTY_GRASP")
    calls[4] |= {"width": 0.0004, "peak_force": 3.2, "contact_a": "left_finger", "contact_b": "floor"}
    calls[3] |= {"path": "pick:12>goto:4", "peak_torque": 4.5, "message": "touched early"}
    handmade.add(
        handmade.judged(calls),
        label="B",
        tunables={"grasp_depth": 0.015},
        factors={"mass": 0.41, "yaw": 1.0},
        prints="looking\nat 0.5\n",
    )
    calls = handmade.draft_calls(carry="BLOCKED")
    calls[6] |= {"contact_a": "hand", "contact_b": "basket", "peak_force": 40.0}
    handmade.add(handmade.judged(calls, held=(4, 5, 6)), strict=False)
    handmade.add(
        [],
        program=Program("x = 1 / 0\n", name="broken"),
        task="libero_object_swap/3",
        language="pick up the milk",
        outcome=Outcome.PROGRAM_ERROR,
        error="ZeroDivisionError: division by zero",
        error_line=1,
    )
    path = tmp_path / "a.msgpack"
    store.write_traces(path, handmade.build(engine="native", device="cpu"))
    return path


def shown(capsys, *arguments) -> str:
    assert main(["traces", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_failed_rollout_reads_as_the_golden_text(file, capsys):
    text = shown(capsys, file, "--rollout", 1)
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_a_call_alone_reads_as_it_does_in_its_rollout(file):
    batch, golden = store.read_traces(file), GOLDEN.read_text(encoding="utf-8")
    lines = reader.call_text(batch, batch.calls_of(1).start + 3)
    assert "goto_pose" in lines[0] and "\n".join(lines) in golden


def test_only_the_blamed_call_is_marked(file, capsys):
    lines = shown(capsys, file, "--rollout", 2).splitlines()
    marked = [line for line in lines if ">>>" in line]
    assert len(marked) == 1 and "goto_pose" in marked[0] and "BLOCKED: the arm stopped short" in marked[0]
    assert "contact hand / basket" in lines[lines.index(marked[0]) + 2]
    assert lines[-2] == "fault  holds/goto_pose/BLOCKED/container/target"


def test_passed_rollout_has_no_blame(file, capsys):
    text = shown(capsys, file, "--rollout", 0)
    assert ">>>" not in text and "why" not in text and text.startswith("rollout 0: PASS\n")


def test_program_error_without_calls(file, capsys):
    text = shown(capsys, file, "--rollout", 3)
    assert "called no primitive" in text and "error at line 1: x = 1 / 0\n  ZeroDivisionError" in text


def test_summary_counts_tasks_and_programs(file, capsys):
    text = shown(capsys, file)
    assert text.splitlines()[0] == "4 rollouts, 27 calls  engine=native  device=cpu"
    rows = [line.split() for line in text.splitlines()[2:]]
    assert [(r[0], r[1]) for r in rows[:3]] == [
        ("libero_object/0", "draft"),
        ("libero_object/0", "draft"),
        ("libero_object_swap/3", "broken"),
    ]
    assert rows[-1][:4] == ["all", "4", "0.25", "0.05-0.70"] and "PROGRAM_ERROR" in rows[-1]


def test_summary_draws_the_seeds_that_tasks_share_as_wholes(handmade, tmp_path, capsys):
    for task in range(5):
        for seed in range(20):
            handmade.add([], task=f"libero_object/{task}", seed=seed, passed=seed >= 8)
    path = tmp_path / "several.msgpack"
    store.write_traces(path, handmade.build())
    rows = [line.split() for line in shown(capsys, path).splitlines()[2:]]
    alone, pooled = ([float(end) for end in row[k].split("-")] for row, k in ((rows[0], -4), (rows[-1], 3)))
    assert rows[-1][:3] == ["all", "100", "0.60"]
    assert pooled == pytest.approx(alone, abs=0.05)  # five tasks that do the same on each seed tell as much as one


def numbers(text: str) -> list[int]:
    return [int(line.split()[0]) for line in text.splitlines()[1:]]


def test_filters(file, capsys):
    assert numbers(shown(capsys, file, "--failed")) == [1, 2, 3]
    assert numbers(shown(capsys, file, "--status", "blocked")) == [2]
    assert numbers(shown(capsys, file, "--task", "MILK")) == [3]
    assert numbers(shown(capsys, file, "--task", "libero_object/0", "--failed")) == [1, 2]
    assert numbers(shown(capsys, file, "--status", "NOT_FOUND")) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rollout", "17"], "rollouts 0 to 3"),
        (["--rollout", "-1"], "--rollout=-1: give a whole number"),
        (["--status", "EMPTY"], "EMPTY_GRASP"),
        (["--task", "drawer"], "libero_object_swap/3"),
    ],
)
def test_bad_requests(file, capsys, arguments, said):
    assert main(["traces", str(file), *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and said in captured.err and captured.err.startswith("error: ")


def test_a_folder_is_one_batch_in_the_order_of_its_names(handmade, tmp_path, capsys):
    assert main(["traces", str(tmp_path)]) == 2
    assert "holds no trace files" in capsys.readouterr().err
    for seed in (51, 52, 53):
        handmade.add([], seed=seed)
    batch = handmade.build()
    for name, rows in (("a-1.msgpack", [2]), ("a-2.msgpack", [0, 1])):
        store.write_traces(tmp_path / "traces" / name, batch.select(rows))
    for folder in (tmp_path, tmp_path / "traces"):
        assert main(["traces", str(folder), "--rollout=1"]) == 0
        assert "seed      51" in capsys.readouterr().out


def test_bad_file(tmp_path, capsys):
    path = tmp_path / "b.msgpack"
    path.write_bytes(b"not a trace")
    assert main(["traces", str(path)]) == 2 and "b.msgpack" in capsys.readouterr().err


def test_choose_needs_a_known_status(handmade):
    handmade.add([])
    with pytest.raises(UnknownNameError, match="BLOCKED"):
        reader.choose(handmade.build(), status="blokced")


def test_empty_file_has_a_summary(tmp_path, capsys, handmade):
    path = tmp_path / "none.msgpack"
    store.write_traces(path, handmade.build())
    assert shown(capsys, path).startswith("0 rollouts, 0 calls")


def test_unknown_primitive_and_line_are_still_shown(handmade):
    handmade.add([handmade.call("wait", line=99)], passed=True)
    batch = handmade.build()
    strings = tuple("teleport" if s == "wait" else s for s in batch.strings)
    batch = type(batch)(batch.programs, batch.calls, batch.rollouts, strings, {})
    text = reader.rollout_text(batch, 0)
    assert "teleport() -> OK" in text and "line 99: (no such line)" in text


def test_command_is_clean_when_piped_to_a_reader_that_stops(file):
    command = [sys.executable, "-m", "aspire_mjx.traces", str(file), "--rollout", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == "" and "\x1b" not in done.stdout
    stopped = subprocess.run(
        ["sh", "-c", '"$@" | head -n 1', "sh", *command], capture_output=True, text=True, check=True
    )
    assert stopped.stderr == "" and stopped.stdout.startswith("rollout 1: FAIL")


def test_reader_does_not_change_the_batch(file):
    batch = store.read_traces(file)
    before = {name: column.copy() for name, column in batch.calls.items()}
    reader.rollout_text(batch, 1)
    reader.list_text(batch, np.arange(4))
    assert all(np.array_equal(before[n], batch.calls[n], equal_nan=before[n].dtype.kind == "f") for n in before)
