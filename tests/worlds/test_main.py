"""``python -m aspire_mjx.worlds``: what it prints, and its exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aspire_mjx.worlds.__main__ import main
from aspire_mjx.worlds.suites import find_task, load_suite, suite_names
from aspire_mjx.worlds.task_text import task_line, task_page

FILES = Path(__file__).parent / "bddl"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["worlds", *arguments])
    shown, error = capsys.readouterr()
    return code, shown, error


def test_list_prints_one_line_a_task(capsys):
    code, shown, error = run(capsys, "list", "libero_90")
    assert code == 0 and not error
    assert shown.splitlines() == [task_line(task) for task in load_suite("libero_90")]


def test_list_alone_names_the_suites(capsys):
    code, shown, _ = run(capsys, "list")
    assert code == 0 and [line.split()[0] for line in shown.splitlines()] == list(suite_names())
    assert "libero_90  90 tasks\n" in shown


def test_show_prints_a_task_or_a_whole_suite(capsys):
    task = find_task("libero_goal", 3)
    for name in ("libero_goal/3", f"libero_goal/{task.name}"):
        assert run(capsys, "show", name) == (0, task_page(task) + "\n", "")
    code, shown, _ = run(capsys, "show", "libero_goal")
    assert code == 0 and task_page(task) in shown and shown.count("\ngoal\n") == 10


def test_task_files_stand_in_for_a_suite(capsys):
    code, shown, error = run(capsys, "list", f"--bddl={FILES}")
    assert code == 0 and not error and [line.split()[1] for line in shown.splitlines()] == ["butter", "drawer"]
    assert run(capsys, "show", f"--bddl={FILES}", "drawer")[1].startswith("bddl_bddl/1  drawer\n")
    assert run(capsys, "show", f"--bddl={FILES / 'butter.bddl'}")[1].startswith("bddl_butter/0  butter\n")


def test_a_file_that_is_left_out_is_reported_beside_the_list(capsys, tmp_path):
    (tmp_path / "bad.bddl").write_text("(define (problem x))")
    (tmp_path / "good.bddl").write_text((FILES / "butter.bddl").read_text())
    code, shown, error = run(capsys, "list", f"--bddl={tmp_path}")
    assert code == 0 and shown.startswith(" 1  good  ") and "bad.bddl:1: section :language is missing" in error


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "unknown command ''. Known: list, show"),
        (["lst"], "Did you mean 'list'?"),
        (["list", "libero_gaol"], "Did you mean 'libero_goal'?"),
        (["list", "libero_goal", "libero_10"], "give one SUITE or SUITE/TASK"),
        (["show"], "give a SUITE or SUITE/TASK"),
        (["show", "libero_goal/77"], "unknown task of suite libero_goal '77'"),
        (["list", "--bddl=/no/such/place"], "neither a task file nor a folder"),
        (["show", f"--bddl={FILES}", "spoon"], "0:butter, 1:drawer"),
        (["list", "--bdl=x"], "Unknown command line flag 'bdl'"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(capsys, arguments, said):
    code, shown, error = run(capsys, *arguments)
    assert code == 2 and not shown and said in error and "Traceback" not in error


def test_it_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "aspire_mjx.worlds", "list", "libero_spatial"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 10 and not done.stderr
