"""A run directory belongs to one configuration, and its events are written once."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys

import pytest

from aspire_mjx.command import Terminated
from aspire_mjx.errors import AspireError, RunDirectoryError, RunStopped
from aspire_mjx.experiments.run_directory import LOOK, RunDirectory, next_free
from aspire_mjx.language.program import Program
from aspire_mjx.seeds import HeldoutLedger, parse_seeds
from tests.support.paths import ROOT

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
    RunDirectory(tmp_path / "run", CONFIG)
    for text in ("{", "[]", "\x00", "[" * 100_000):
        (tmp_path / "run" / "config.json").write_text(text)
        with pytest.raises(RunDirectoryError, match="config.json"):
            RunDirectory(tmp_path / "run", CONFIG, resume=True)


def test_resume_with_nothing_there_starts(tmp_path):
    assert RunDirectory(tmp_path / "run", CONFIG, resume=True).path.is_dir()


def test_resumed_events_are_checked_and_not_written_twice(tmp_path, capsys):
    with RunDirectory(tmp_path / "run", CONFIG) as first:
        first.events("task", key="a")
        first.events("round", n=1)
    file = tmp_path / "run" / "events.jsonl"
    file.write_text(file.read_text() + '{"event": "half')  # a crash in the middle of a line
    with RunDirectory(tmp_path / "run", CONFIG, resume=True) as second:
        second.events("task", key="a")
        second.events("round", n=1)
        second.events("round", n=2)
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        {"event": "task", "key": "a"},
        {"event": "round", "n": 1},
        {"event": "round", "n": 2},
    ]
    said = capsys.readouterr().err
    assert said == f'{file}: its last line was cut short (\'{{"event": "half\') and is dropped.\n'
    third = RunDirectory(tmp_path / "run", CONFIG, resume=True)
    with pytest.raises(RunDirectoryError, match="line 1"):
        third.events("task", key="b")


def test_a_log_that_tells_of_more_than_the_run_gives_is_refused(tmp_path):
    with RunDirectory(tmp_path / "run", CONFIG) as first:
        first.events("task", key="a")
    for more in ("garbage\n", '{"event": "task", "key": "b"}\n', "\x00\n"):
        file = tmp_path / "run" / "events.jsonl"
        told = file.read_text()
        file.write_text(told + more)
        with RunDirectory(tmp_path / "run", CONFIG, resume=True) as run:
            run.events("task", key="a")
            with pytest.raises(RunDirectoryError, match="line 2: this run is over"):
                run.write_summary({})
        file.write_text(told)


def _small_run(path, *, resume):
    """A run that looks at two tasks, as the main job does: announces, enters, writes a trace, and sums up."""
    program = Program("wait(1.0)\n")
    with RunDirectory(path, CONFIG, resume=resume) as run:
        run.write_program(program)
        found = {}
        for task, seeds in (("a", "1-5"), ("b", "1-5")):
            look = {"file": f"{task}.msgpack", "purpose": "report", "seeds": {task: seeds}}
            HeldoutLedger(run.ledger).record(task, [program.hash], parse_seeds(seeds))
            run.events(LOOK, **look)
            (run.traces / look["file"]).write_bytes(task.encode() * 20)
            run.events("rate", task=task, rate=0.5)
            found[task] = 0.5
        run.write_summary(found)
    return {
        name: (path / name).read_bytes()
        for name in ("summary.json", "events.jsonl", "heldout.jsonl", "config.json", f"programs/{program.hash}.py")
    }


def _spoil(file, draws):
    """Cuts, flips, lengthens or deletes a file, at a place that is drawn."""
    content, way = bytearray(file.read_bytes()), draws.randrange(5)
    place = draws.randrange(max(len(content), 1))
    if way == 0:
        del content[place:]
    elif way == 1 and content:
        content[place] ^= 1 << draws.randrange(8)
    elif way == 2:
        content += bytes(draws.randrange(256) for _ in range(20))
    elif way == 3:
        content += b'{"event": "x"}\n'
    file.unlink()
    if way < 4:
        file.write_bytes(content)


def test_a_run_directory_that_was_changed_anywhere_ends_in_equal_results_or_a_clear_error(tmp_path, capsys):
    right, ended = _small_run(tmp_path / "right", resume=False), {"equal": 0, "refused": 0}
    draws = random.Random(7)
    for number in range(60):
        path = tmp_path / str(number)
        shutil.copytree(tmp_path / "right", path)
        names = sorted(each for each in path.rglob("*") if each.is_file() and each.name != ".lock")
        file = draws.choice(names)
        _spoil(file, draws)
        capsys.readouterr()
        try:
            again = _small_run(path, resume=True)
        except AspireError as error:
            assert len(str(error)) > 40 and str(path) in str(error)
            ended["refused"] += 1
        else:
            assert again == right, file
            ended["equal"] += 1
    assert min(ended.values()) > 5


def test_numbers_count_up_and_nobody_gets_the_same(tmp_path):
    assert [next_free(tmp_path / "runs", "x").name for _ in range(2)] == ["x-001", "x-002"]
    assert RunDirectory(tmp_path / "runs" / "x-001", CONFIG).path.is_dir()
    (tmp_path / "file").write_text("")
    with pytest.raises(RunDirectoryError, match="--out"):
        next_free(tmp_path / "file", "x")


def test_two_processes_never_work_in_one_run_directory(tmp_path):
    run = tmp_path / "run"
    claim = "import sys; from tests.experiments.test_run_directory import hold; hold(sys.argv[1])"
    command = [sys.executable, "-c", claim, str(run)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None and other.stdout is not None
        assert other.stdout.readline() == "held\n"
        for resume in (False, True):
            with pytest.raises(RunDirectoryError, match=f"in use by process {other.pid} on .*, since .*--out"):
                RunDirectory(run, CONFIG, resume=resume)
        other.kill()  # a lock ends with its process, however that ends
        other.wait()
    with RunDirectory(run, CONFIG, resume=True), pytest.raises(RunDirectoryError, match=f"process {os.getpid()}"):
        RunDirectory(run, CONFIG, resume=True)
    RunDirectory(run, CONFIG, resume=True)


def hold(path: str) -> None:
    """Holds a run directory until standard input ends."""
    with RunDirectory(path, CONFIG):
        print("held", flush=True)
        sys.stdin.read()


@pytest.mark.parametrize(
    ("stopped", "said", "code"),
    [
        (KeyboardInterrupt(), "stopped by Ctrl-C", 130),
        (Terminated(), "stopped by SIGTERM", 143),
        (OSError(28, "No space left on device", "events.jsonl"), "events.jsonl: No space left on device", 2),
        (BrokenPipeError(), "stopped by a closed pipe", 2),
        (MemoryError(), "memory that is used up", 2),
    ],
)
def test_a_run_that_is_stopped_says_how_to_go_on(tmp_path, stopped, said, code):
    with pytest.raises(RunStopped, match=said) as told, RunDirectory(tmp_path / "run", CONFIG):
        raise stopped
    assert told.value.exit_code == code and f"--out={tmp_path / 'run'} --resume" in str(told.value)
    RunDirectory(tmp_path / "run", CONFIG, resume=True)  # it is free


def looked(path, *, purpose: str, seeds: str) -> None:
    """A run that has looked at a task once, as the evaluator tells it."""
    with RunDirectory(path, CONFIG) as run:
        run.events("task", task="t")
        if purpose == "report":
            HeldoutLedger(run.ledger).record("t", ["p"], parse_seeds(seeds))
        run.events(LOOK, purpose=purpose, seeds={"t": seeds}, rollouts=1, file="t-a.msgpack")
        (run.traces / "t-a.msgpack").write_bytes(b"")


@pytest.mark.parametrize("kept", ["", '{"event": "task", "task": "t"}\n', "null\n[1]\n" + "[" * 100_000 + "\n"])
def test_a_resume_notices_an_event_log_that_was_deleted_or_shortened(tmp_path, kept):
    looked(tmp_path / "run", purpose="edit", seeds="51")
    RunDirectory(tmp_path / "run", CONFIG, resume=True)
    log = tmp_path / "run" / "events.jsonl"
    log.write_text(kept) if kept else log.unlink()
    with pytest.raises(RunDirectoryError, match=r"does not tell of 1 of the trace files, such as t-a\.msgpack"):
        RunDirectory(tmp_path / "run", CONFIG, resume=True)


def test_a_resume_notices_a_ledger_that_was_deleted_or_shortened(tmp_path):
    looked(tmp_path / "run", purpose="report", seeds="1-3,66")
    RunDirectory(tmp_path / "run", CONFIG, resume=True)
    ledger = tmp_path / "run" / "heldout.jsonl"
    fewer = ledger.read_text().replace("1-3", "1-2")
    for content in (fewer, fewer.replace('"t"', '"u"'), ""):
        ledger.write_text(content)
        with pytest.raises(RunDirectoryError, match="held-out seeds that this run has seen on t: it was deleted"):
            RunDirectory(tmp_path / "run", CONFIG, resume=True)
    ledger.unlink()
    with pytest.raises(RunDirectoryError, match="it was deleted or shortened"):
        RunDirectory(tmp_path / "run", CONFIG, resume=True)


def test_trace_files_that_are_gone_are_told_and_run_again(tmp_path, capsys):
    looked(tmp_path / "run", purpose="edit", seeds="51")
    (tmp_path / "run" / "traces" / "t-a.msgpack").unlink()
    RunDirectory(tmp_path / "run", CONFIG, resume=True)
    assert capsys.readouterr().err == ""  # the last one may be missing: the run was stopped while it ran
    with RunDirectory(tmp_path / "run", CONFIG, resume=True) as run:
        run.events("task", task="t")
        run.events(LOOK, purpose="edit", seeds={"t": "51"}, rollouts=1, file="t-a.msgpack")
        run.events(LOOK, purpose="edit", seeds={"t": "52"}, rollouts=1, file="t-b.msgpack")
    RunDirectory(tmp_path / "run", CONFIG, resume=True)
    assert "1 trace files of this run are gone, such as t-a.msgpack" in capsys.readouterr().err


@pytest.mark.parametrize("spoil", ["traces", "programs", "skills", "events.jsonl", ".lock"])
def test_a_run_directory_with_a_folder_or_file_in_the_wrong_place_is_refused(tmp_path, spoil):
    path = tmp_path / "run"
    RunDirectory(path, CONFIG)
    if (path / spoil).is_dir():
        (path / spoil).rmdir()
        (path / spoil).write_text("x")
    else:
        (path / spoil).unlink(missing_ok=True)
        (path / spoil).mkdir()
    with pytest.raises(RunDirectoryError, match="--out"):
        RunDirectory(path, CONFIG, resume=True)


@pytest.mark.parametrize("seeds", [["1-3"], {"t": ["1-3"]}, {"t": 3}, {"t": "3-1"}, None, "1"])
def test_an_announcement_that_was_edited_is_none(tmp_path, seeds):
    with RunDirectory(tmp_path / "run", {}):
        pass
    event = {"event": LOOK, "file": "a.msgpack", "seeds": seeds, "purpose": "report"}
    (tmp_path / "run" / "events.jsonl").write_text(json.dumps(event) + "\n")
    (tmp_path / "run" / "traces" / "a.msgpack").write_bytes(b"")
    with pytest.raises(RunDirectoryError, match="does not tell of 1 of the trace files"):
        RunDirectory(tmp_path / "run", {}, resume=True)
