"""``python -m aspire_mjx.worlds``: what it prints, and its exit codes."""

from __future__ import annotations

import re
import subprocess
import sys

import mujoco
import pytest
from matplotlib.image import imread

from aspire_mjx.worlds.__main__ import main
from aspire_mjx.worlds.suites import find_task, load_suite, suite_names
from aspire_mjx.worlds.task_text import task_line, task_page
from tests.support.paths import TASK_FILES as FILES


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


def test_show_says_where_a_world_starts_and_writes_it_for_the_viewer(capsys, tmp_path):
    file = tmp_path / "world.xml"
    code, shown, error = run(capsys, "show", "libero_10/3", "--seed=7", "--perturb=mass:2", f"--out={file}")
    assert code == 0 and not error and shown.startswith(task_page(find_task("libero_10", 3)))
    assert "\nstart      placements drawn again: 0\n" in shown
    assert "world      seed 7, perturbation mass:2\n" in shown and f"Wrote {file}" in shown
    assert re.search(
        r"akita_black_bowl_1  \(akita_black_bowl, slot vessel0\)  at \(-?0\.\d{3}, -?0\.\d{3}, 0\.\d{3}\) m", shown
    )
    bottom = re.search(r"white_cabinet_1 .* bottom_level (-?[\d.]+)", shown)
    assert bottom is not None and float(bottom[1]) < -0.1  # the drawer stands open
    model = mujoco.MjModel.from_xml_path(str(file))
    assert model.nkey == 1 and model.key("start").id == 0
    assert f"{model.ngeom} geoms, {model.nv} degrees of freedom" in shown


def test_render_draws_a_task_or_a_suite_at_the_start_or_at_the_goal(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "render", "libero_object/3") == (0, "Wrote libero_object-3.png\n", "")
    assert run(capsys, "render", "libero_object/3", "--goal", "--out=goal.png") == (0, "Wrote goal.png\n", "")
    assert run(capsys, "render", "libero_object", "--seed=2", "--perturb=distractors:1")[0] == 0
    start, goal, suite = (imread(name) for name in ("libero_object-3.png", "goal.png", "libero_object.png"))
    assert start.shape == goal.shape and (start != goal).any()
    assert suite.shape[1] == 5 * start.shape[1] and suite.shape[0] == 2 * start.shape[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "unknown command ''. Known: list, show, render"),
        (["lst"], "Did you mean 'list'?"),
        (["list", "libero_gaol"], "Did you mean 'libero_goal'?"),
        (["list", "libero_goal", "libero_10"], "give one SUITE or SUITE/TASK"),
        (["show"], "give a SUITE or SUITE/TASK"),
        (["show", "libero_goal/77"], "unknown task of suite libero_goal '77'"),
        (["list", "--bddl=/no/such/place"], "neither a task file nor a folder"),
        (["show", f"--bddl={FILES}", "spoon"], "0:butter, 1:drawer"),
        (["list", "--seed=1"], "--seed is no flag of list"),
        (["show", "libero_goal/3", "--goal"], "--goal is no flag of show"),
        (["show", "libero_goal", "--seed=1"], "about one world: give SUITE/TASK"),
        (["show", "libero_goal/3", "--out=world.txt"], "written as .xml"),
        (["show", "libero_goal/3", "--perturb=wind:1"], "unknown perturbation factor 'wind'"),
        (["show", "libero_object/3", "--perturb=table:0.05"], "happens on the floor"),
        (["render"], "give a SUITE or SUITE/TASK"),
        (["render", "libero_goal/3", "--out=no/such/folder/a.png"], "no/such/folder is not a folder"),
        (["render", "libero_goal/3", "--seed=-1"], "seed"),
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
